"""Pages and what they call: a misspelt call fails the type check, and what stands in for the engine is shaped like it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from mypy import api

from engine.application import Application
from engine.cases import Cases
from engine.desks.clock import ClockDesk
from engine.desks.organisations import OrganisationDesk
from engine.desks.registers import RegisterDesk
from engine.files.store import FileStore
from engine.publishing.catalog import Catalog
from storage.database import Database
from tests.house import ROOT, TestClock
from tests.web.fake_registers import FakeRegisters
from tests.web.fakes import PARTS, FakeCases, FakeOrganisations, fake_application

CALLS = """
from web.common.context import actor, application
from web.workshop.trying import session_of
application().cases.reading.{name}(actor(), "1")
session_of("1").ask({{"act": "back", "{word}": 1}})
"""


def found_by_mypy(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, word: str) -> str:
    """What the type check says of a page that calls so, and asks a trial so; it knows the rest of the program from its cache."""
    page = folder / f"{name}.py"  # not one file twice: within a second and of one length it would be taken for the same
    page.write_text(CALLS.format(name=name, word=word), encoding="utf-8")
    monkeypatch.chdir(ROOT)
    said, failed, _ = api.run([str(page)])
    assert not failed, failed
    return said


def test_a_misspelt_call_of_a_page_fails_the_type_check(tmp_path, monkeypatch):
    said = found_by_mypy(tmp_path, monkeypatch, "cas", "too")
    assert 'cas.py:4: error: "CaseReading" has no attribute "cas"' in said
    assert "cas.py:5: error: " in said
    assert "no issues found" in found_by_mypy(tmp_path, monkeypatch, "case", "to")


Shape = tuple[tuple[tuple[str, Any], ...], Any]


def shape(method: Callable[..., Any]) -> Shape:
    """The names and kinds of its parameters, and what it says that it returns."""
    told = inspect.signature(method)
    return tuple((one.name, one.kind) for one in told.parameters.values()), told.return_annotation


def methods(of: type) -> dict[str, Callable[..., Any]]:
    return {name: method for name, method in inspect.getmembers(of, inspect.isfunction) if name[0] != "_"}


def unlike(fake: type, *real: type) -> Iterator[str]:
    """The methods of ``fake`` that none of what it stands for has in that shape."""
    known = {(name, shape(method)) for one in real for name, method in methods(one).items()}
    yield from (name for name, method in methods(fake).items() if (name, shape(method)) not in known)


@pytest.fixture
def cases(tmp_path):
    database = Database("sqlite://")
    yield Cases(database, Catalog(database), TestClock(), FileStore(tmp_path))
    database.close()


def test_a_fake_answers_nothing_that_the_engine_does_not_and_in_the_same_shape(cases):
    parts = vars(cases)
    assert set(PARTS) - parts.keys() == set()
    assert list(unlike(FakeCases, *(type(parts[name]) for name in PARTS))) == []
    assert list(unlike(FakeRegisters, RegisterDesk)) == []
    assert list(unlike(FakeOrganisations, OrganisationDesk)) == []


def test_the_fake_installation_has_no_part_that_an_installation_lacks():
    fake = fake_application()
    known = {field.name for field in fields(Application)} | {name for name in vars(Application) if name[0] != "_"}
    assert set(vars(fake)) - known == set()
    assert set(vars(fake.clock)) <= {"now"}
    assert set(vars(fake.clock_desk)) <= methods(ClockDesk).keys()


class Desk:
    def page(self, actor: str, key: str) -> int:
        raise NotImplementedError


class Misspelt:
    def pgae(self, actor: str, key: str) -> int:
        return 1


class OtherParameter:
    def page(self, actor: str, name: str) -> int:
        return 1


class OtherAnswer:
    def page(self, actor: str, key: str) -> str:
        return ""


@pytest.mark.parametrize("fake", [Misspelt, OtherParameter, OtherAnswer])
def test_a_fake_of_another_shape_would_be_seen(fake):
    assert len(list(unlike(fake, Desk))) == 1
    assert list(unlike(Desk, Desk)) == []
