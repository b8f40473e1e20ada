"""A register says which processes write it, and records of whose organisations: asked at publishing and at each write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.directory import organisations
from engine.errors import DefinitionInvalid, NotAllowed
from engine.operations.registry import ask
from engine.publishing.folder import FolderFiles
from tests.house import ROOT, House, build_house

FOLDER = ROOT / "tests" / "data" / "registers"
READER = "_registers/reader.schema.json"
COUNTY, CITY, OTHER = "130102", "130100", "130200"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def with_writers(writers: Any) -> dict[str, bytes]:
    """The folder with this said of the register of readers."""
    files = {name: bytes(data) for name, data in FolderFiles(FOLDER).items()}
    schema = orjson.loads(files[READER])
    schema["gangwei"]["writers"] = writers
    return files | {READER: orjson.dumps(schema)}


def enrol(house: House, case: str, owner: str, process: str = "enrol") -> Any:
    """Enter a reader of one organisation from a case of another one."""
    changes = [{"action": "create", "data": {"office": owner, "called": "张三"}}]
    with house.application.database.write() as connection:
        place = organisations.get(connection, case)
        scene = house.application.cases.parts.scene(connection, place, 1, house.clock.now())
        return ask(replace(scene, process=process), "register.apply", {"register": "reader", "changes": changes})


@pytest.mark.parametrize(
    ("reach", "fits"), [("own", {COUNTY: False, CITY: True, OTHER: False}), ("subtree", {COUNTY: True, CITY: True, OTHER: False}),
                        ("any", {COUNTY: True, CITY: True, OTHER: True})],
)  # fmt: skip
def test_a_process_writes_so_far_as_the_register_says(house: House, reach: str, fits: dict[str, bool]) -> None:
    house.publish(with_writers({"enrol": reach}))
    for owner, fit in fits.items():
        if fit:
            assert len(enrol(house, CITY, owner)["result"]) == 1, owner
        else:
            with pytest.raises(NotAllowed):
                enrol(house, CITY, owner)


def test_who_is_not_named_writes_nothing_and_without_names_a_process_writes_below_its_own(house: House) -> None:
    assert len(enrol(house, CITY, COUNTY, "whoever")["result"]) == 1
    with pytest.raises(NotAllowed):
        enrol(house, COUNTY, CITY, "whoever")
    house.publish(with_writers({"enrol": "any"}))
    for process in ("", "lend", "whoever"):
        with pytest.raises(NotAllowed):
            enrol(house, CITY, CITY, process)


def test_neither_a_register_nor_a_process_is_published_that_does_not_fit_the_other(house: House) -> None:
    changed = with_writers({"lend": "any"})
    with pytest.raises(DefinitionInvalid, match="writers"):  # ``enrol`` is in force and writes it
        house.publish(
            {
                READER: changed[READER],
                **{name: data for name, data in changed.items() if name.startswith("_registers/")},
            }
        )
    with pytest.raises(DefinitionInvalid, match="writers"):
        house.publish(changed)
    house.publish(with_writers({"enrol": "subtree"}))


@pytest.mark.parametrize("writers", [{"enrol": "all"}, {"enrol": True}, ["enrol"]])
def test_a_reach_that_is_none_is_refused(house: House, writers: Any) -> None:
    with pytest.raises(DefinitionInvalid, match="reader"):
        house.publish(with_writers(writers))
