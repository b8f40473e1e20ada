"""A case that met what FEEL meant before goes on meaning it: its events name the semantics under which they ran."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine import semantics
from engine.cases.base import seen_at
from storage import cases as rows
from tests.house import ROOT, House, build_house

FOLDER = ROOT / "tests" / "data" / "letter"
OFFICER, PLACE = "changan", "130102"
TODAY = {"midnight": "00:00:00", "months": "-P2M", "between": "P1Y", "boxed": None}
BEFORE = {"midnight": None, "months": "-P3M", "between": "P11M", "boxed": "else"}


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def variables(house: House, case_id: str) -> dict[str, Any]:
    with house.application.database.read() as connection:
        row = rows.get(connection, int(case_id))
        (task,) = rows.tasks_of(connection, int(case_id))
        assert row is not None
        found = seen_at(connection, row, task)
    return {name: found[name] for name in TODAY}


def started(house: House) -> str:
    return house.start(OFFICER, "letter", PLACE, {"note": "24:00:00"}).case_id


def test_a_case_means_what_the_letter_says(house: House) -> None:
    case_id = started(house)
    assert variables(house, case_id) == TODAY
    assert house.proof(case_id) == []


def test_a_case_of_before_is_rebuilt_as_it_ran_and_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantics, "CURRENT", semantics.UNNAMED)
    case_id = started(house)
    assert variables(house, case_id) == BEFORE
    monkeypatch.undo()
    assert house.proof(case_id) == []
    house.complete(OFFICER, case_id, "done")
    assert house.proof(case_id) == []
