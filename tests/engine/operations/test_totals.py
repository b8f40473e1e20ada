"""Totals of registers and families: exact, by groups, as of a day, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from engine.directory import organisations
from engine.errors import BadInput
from engine.feel.environment import Environment
from engine.feel.jsonform import from_json
from engine.feel.operators import equal
from engine.operations.registry import ask
from storage import records as record_rows
from storage.tables import records
from tests.engine.operations.test_writing import FOLDER, OFFICER, PLACE, READER
from tests.house import House, build_house
from tests.postgres import Server

OWED = ["0.10", "0.20", "0.3", "100", "-0.05", None, "12345678901234567890.01"]


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    """Readers with what each owes, by turns called 甲 and 乙, each since the first day of another month."""
    made = build_house(tmp_path, FOLDER, server=server)
    made.start(OFFICER, "enrol", PLACE, READER)
    with made.application.database.write() as connection:
        (row,) = record_rows.in_force(connection, "reader")
        connection.execute(update(records).values(valid_to=row["valid_from"]))
        for index, owed in enumerate(OWED):
            data = {"called": "甲乙"[index % 2], "owes": owed and Decimal(owed), "since": f"2026-0{index + 1}-01"}
            own = {**row, "number": f"DZ1{index:02}", "data": {**row["data"], **data}}
            connection.execute(insert(records), own)
    yield made
    made.application.database.close()


def _asked(house: House, name: str, **parameters: Any) -> Any:
    cases = house.application.cases
    with house.application.database.read() as connection:
        place = organisations.get(connection, PLACE)
        return ask(cases.parts.scene(connection, place, 1, house.clock.now()), name, parameters)


def _totals(house: House, **parameters: Any) -> Any:
    return _asked(house, "register.aggregate", register="reader", organisation=PLACE, **parameters)


VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, 2, 1.5, Decimal("0.1000000000000000000000000000000001"), 0.1, 12345678901234567890,
    12345678901234567891, "1", "true", "null", "", "甲", [], [1], [True], ["1"], {"a": 1}, {"a": None}, {},
)  # fmt: skip
"""Of every kind, and such as a database takes for each other."""


def test_lists_and_figures_find_what_feel_calls_equal(house: House) -> None:
    with house.application.database.write() as connection:
        rows = record_rows.in_force(connection, "reader")
        numbers = sorted(row["number"] for row in rows)
        connection.execute(update(records).where(records.c.number == numbers[0]).values(register="gone"))
        model = {**rows[0]}
        for index, value in enumerate([*VALUES, "not there"]):
            data = {"called": "甲"} | ({} if value == "not there" else {"owes": value})
            connection.execute(insert(records), {**model, "number": f"EQ{index:02}", "data": data})
    stands = {f"EQ{index:02}": value for index, value in enumerate([*VALUES, None])}
    environment = Environment(house.clock.now())
    for asked in VALUES:
        meant = from_json(1 if asked == "1" else asked)  # the field holds numbers, and processes in force write texts
        expected = [name for name, value in stands.items() if equal(from_json(value), meant, environment)]
        listed = _asked(house, "register.list", register="reader", organisation=PLACE, equals={"owes": asked})
        assert [one["number"] for one in listed if one["number"] in stands] == expected, asked
        counted = _totals(house, equals={"owes": [asked]}, by="called")
        assert sum(one["count"] for one in counted) == len(listed), asked
        grouped = _asked(
            house, "register.count", register="reader", organisation=PLACE, by="called", equals={"owes": asked}
        )
        assert sum(grouped.values()) == len(listed), asked


def test_sums_are_exact_and_by_groups_with_filters_ranges_and_days(house: House) -> None:
    with localcontext(prec=50):
        total = sum(Decimal(one) for one in OWED if one)
    assert total == Decimal("12345678901234567990.56")
    whole = _totals(house, of="owes")
    assert whole == {"count": 7, "sum": total, "min": -0.05, "max": Decimal(OWED[-1] or 0)}
    assert _totals(house) == {"count": 7, "sum": None, "min": None, "max": None}
    some = _totals(house, of="owes", by="called", between={"since": [None, "2026-05-01"]})
    assert some == [
        {"group": {"called": "乙"}, "count": 2, "sum": 100.2, "min": 0.2, "max": 100},
        {"group": {"called": "甲"}, "count": 3, "sum": 0.35, "min": -0.05, "max": 0.3},
    ]
    assert _totals(house, of="owes", between={"owes": [0.2, 100]})["count"] == 3
    assert _totals(house, of="owes", equals={"called": ["甲", "丙"]})["count"] == 4
    assert _totals(house, of="since") == {"count": 7, "sum": None, "min": "2026-01-01", "max": "2026-07-01"}
    assert _totals(house, at="2026-11-01") == {"count": 0, "sum": None, "min": None, "max": None}
    assert _totals(house, of="owes", equals={"called": "丁"}) == {"count": 0, "sum": 0, "min": None, "max": None}
    assert _totals(house, by=["called", "since"])[0]["group"] == {"called": "乙", "since": "2026-02-01"}
    for wrong in (
        {"of": "nothing"},
        {"by": "nothing"},
        {"between": {"owes": 1}},
        {"between": {"owes": ["x", None]}},
        {"by": [1]},
        {"at": ""},
    ):
        with pytest.raises(BadInput):
            _totals(house, **wrong)


def test_what_is_true_or_null_or_written_otherwise_is_the_same_on_every_database(house: House) -> None:
    held = [(True, Decimal("1.00")), (False, 1), (True, Decimal(OWED[-1] or 0)), (None, "1")]
    with house.application.database.write() as connection:
        row = record_rows.in_force(connection, "reader")[0]
        for index, (gone, owes) in enumerate(held):
            data = {**row["data"], "called": "丙", "gone": gone, "owes": owes}
            connection.execute(insert(records), {**row, "number": f"DZ2{index:02}", "data": data})
    groups = _totals(house, by="owes", equals={"called": "丙"})
    assert [(one["group"]["owes"], one["count"]) for one in groups] == [("1", 3), (OWED[-1], 1)]
    groups = _totals(house, by="gone", equals={"called": "丙"})
    assert [(one["group"]["gone"], one["count"]) for one in groups] == [("false", 1), ("true", 2), (None, 1)]
    asked: list[tuple[Any, int]] = [(True, 2), (False, 1), ([False, None], 2), (None, 1), ([], 0)]
    for said, count in asked:
        assert _totals(house, equals={"called": "丙", "gone": said})["count"] == count
    total = _totals(house, of="owes", equals={"called": "丙"})
    assert total == {"count": 4, "sum": Decimal("12345678901234567892.01"), "min": 1, "max": Decimal(OWED[-1] or 0)}
