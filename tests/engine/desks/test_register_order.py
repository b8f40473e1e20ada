"""In which order the records of a register stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.views import RegisterFilters
from storage import records
from tests.applications import filled_application
from tests.house import House, build_house
from tests.postgres import Server

YEARS = (2025, 987, None, 10_500, -3, 1_000.5)


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, server=server)
    case_id = int(made.start("changan", "post_approval", "130102", filled_application()).case_id)
    with made.application.database.write() as connection:
        for number, year in enumerate(YEARS):
            data: dict[str, Any] = {"organisation": "130102", "worker_name": f"社工{number}"}
            data |= {} if year is None else {"evaluation_year": year}
            row: records.NewRecord = {
                "register": "evaluation", "number": f"P{number}", "data": data, "search": "", "valid_to": None,
                "organisation_path": "/130000/130100/130102/", "valid_from": made.clock.now(), "case_id": case_id,
                "event_seq": 1,
            }  # fmt: skip
            records.add_version(connection, row)
    yield made
    made.application.database.close()


def years(house: House, sort: str, **asked: Any) -> list[Any]:
    page = house.application.registers.search(
        house.actor("province"), "evaluation", RegisterFilters(sort=sort, **asked)
    )
    return [row.values.get("evaluation_year") for row in page.rows]


def test_numbers_stand_in_their_order_and_what_is_empty_stands_last(house: House) -> None:
    assert years(house, "evaluation_year") == [-3, 987, 1_000.5, 2025, 10_500, None]
    assert years(house, "-evaluation_year") == [10_500, 2025, 1_000.5, 987, -3, None]
    first = RegisterFilters(sort="evaluation_year", limit=2)
    after = house.application.registers.search(house.actor("province"), "evaluation", first).next
    assert years(house, "evaluation_year", after=after, limit=2) == [1_000.5, 2025]


def test_words_stand_in_the_order_of_their_letters(house: House) -> None:
    page = house.application.registers.search(
        house.actor("province"), "evaluation", RegisterFilters(sort="-worker_name", limit=2)
    )
    assert [row.values["worker_name"] for row in page.rows] == ["社工5", "社工4"]
