"""Registers as they stood on a day, and what is derived from them: on foreign registers, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from engine.checks.around import Surroundings
from engine.definition import check
from engine.directory import organisations
from engine.errors import BadInput, NotFound
from engine.operations.registers import end_of
from engine.operations.registry import ask
from engine.views import RegisterFilters
from tests.engine.operations.test_writing import FOLDER, OFFICER, PLACE, enrolled, lent, wished
from tests.house import House, build_house
from tests.postgres import Server

SCHEMAS = FOLDER / "_registers"


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    """A reader from 23 November, a book lent on the 25th and back on the 27th."""
    made = build_house(tmp_path, FOLDER, server=server)
    enrolled(made)
    made.at(11, 25)
    lent(made)
    made.at(11, 27)
    made.complete(OFFICER, wished(made, action="back", record="JY001", seen="lent"), "yes")
    yield made
    made.application.database.close()


def _asked(house: House, name: str, **parameters: Any) -> Any:
    cases = house.application.cases
    with house.application.database.read() as connection:
        place = organisations.get(connection, PLACE)
        return ask(cases.parts.scene(connection, place, 1, house.clock.now()), name, parameters)


def test_a_record_and_a_list_are_told_as_they_stood_with_what_was_derived_then(house: House) -> None:
    days = ["2026-11-22", "2026-11-24", "2026-11-26", "2026-11-27", "2026-11-25T00:30"]
    loans = [_asked(house, "register.get", register="loan", number="JY001", at=day) for day in days]
    assert [loan and loan["standing"] for loan in loans] == [None, None, "lent", "back", None]
    readers = [_asked(house, "register.list", register="reader", organisation=PLACE, at=day) for day in days]
    assert [[one["borrows"] for one in found] for found in readers] == [[], [0], [1], [0], [0]]
    assert _asked(house, "register.get", register="reader", number="DZ001")["borrows"] == 0
    assert loans[2]["lent_to"] == "张三"
    assert _asked(house, "register.list", register="reader", organisation=PLACE, equals={"borrows": 1}) == []
    found = _asked(house, "register.list", register="reader", organisation=PLACE, at=days[2], equals={"borrows": 1})
    assert [one["label"] for one in found] == ["DZ001 张三 1"]
    with pytest.raises(BadInput):
        _asked(house, "register.list", register="reader", organisation=PLACE, at="")


def test_the_desk_shows_a_day_searches_it_and_leads_both_ways(house: House) -> None:
    desk, actor = house.application.registers, house.actor(OFFICER)
    for day, totals in ((end_of(date(2026, 11, 24)), (1, 0)), (end_of(date(2026, 11, 26)), (1, 1)), (None, (1, 1))):
        found = [desk.search(actor, name, RegisterFilters(at=day)).total for name in ("reader", "loan")]
        assert tuple(found) == totals
    page = desk.search(actor, "reader", RegisterFilters(at=end_of(date(2026, 11, 26)), q="dz001"))
    assert [row.values["borrows"] for row in page.rows] == [1]
    assert desk.search(actor, "reader", RegisterFilters(at=end_of(date(2026, 11, 22)))).rows == ()
    reader = desk.record(actor, "reader", "DZ001")
    assert [(one.register, one.numbers, one.total) for one in reader.referring] == [("loan", ("JY001",), 1)]
    loan = desk.record(actor, "loan", "JY001", end_of(date(2026, 11, 26)))
    assert loan.shown is not None and loan.shown.version == 1 and loan.values["lent_to"] == "张三"
    assert loan.reachable == {("reader", "DZ001")}
    assert desk.record(actor, "loan", "JY001", end_of(date(2026, 11, 20))).shown is None


def test_who_may_not_see_a_record_as_it_was_or_as_it_is_does_not_see_it_as_it_stood(house: House) -> None:
    desk, actor, then = house.application.registers, house.actor(OFFICER), end_of(date(2026, 11, 26))
    for hidden in (1, 2):  # the version of then, the version of now
        with house.application.database.write() as connection:
            own = connection.execute(text("SELECT organisation_path FROM records WHERE register = 'reader'")).scalar()
            moved = text("UPDATE records SET organisation_path = :path WHERE register = 'loan' AND version = :version")
            connection.execute(moved, {"path": own, "version": 3 - hidden})
            connection.execute(moved, {"path": "/elsewhere/", "version": hidden})
        page = desk.search(actor, "loan", RegisterFilters(at=then))
        assert (page.rows, page.total) == ((), 0)
        with pytest.raises(NotFound):
            desk.record(actor, "loan", "JY001", then)
        assert desk.record(actor, "reader", "DZ001", then).referring == ()


def test_a_record_as_it_stood_tells_nothing_of_what_came_after(house: House) -> None:
    desk, actor = house.application.registers, house.actor(OFFICER)
    (then,) = desk.record(actor, "loan", "JY001", end_of(date(2026, 11, 26))).versions
    assert (then.version, then.valid_to) == (1, None) and then.values["standing"] == "lent"
    assert [one.version for one in desk.record(actor, "loan", "JY001").versions] == [2, 1]
    assert desk.record(actor, "loan", "JY001", end_of(date(2026, 11, 20))).versions == ()


def _sharing(there: str) -> dict[str, bytes]:
    """The registers, where a loan belongs to readers by a value that both hold, not by number alone."""
    files = {path.name: orjson.loads(path.read_bytes()) for path in SCHEMAS.iterdir()}
    files["loan.schema.json"]["properties"]["book"]["gangwei"] = {"same_as": there}
    del files["loan.schema.json"]["properties"]["reader"]["gangwei"]["refers"]
    for word in ("derived", "person"):
        del files["loan.schema.json"]["gangwei"][word]
    return {name: orjson.dumps(one) for name, one in files.items()}


def test_records_that_share_a_value_belong_together_whatever_their_numbers(house: House) -> None:
    enrolled(house)  # DZ002, with the same name
    enrolled(house, called="李四")
    lent(house, book="张三")
    house.publish({f"_registers/{name}": data for name, data in _sharing("reader.called").items()})
    readers = _asked(house, "register.list", register="reader", organisation=PLACE)
    assert {one["number"]: one["borrows"] for one in readers} == {"DZ001": 1, "DZ002": 1, "DZ003": 0}
    assert _asked(house, "register.get", register="reader", number="DZ001", at="2026-11-26")["borrows"] == 0


@pytest.mark.parametrize("there", ["reader.nowhere", "nothing.called", "reader"])
def test_a_value_shared_with_what_is_not_there_is_named_at_the_check(there: str) -> None:
    found = check("_registers", _sharing(there), Surroundings((), (), {}))
    told = [problem.text("en") for problem in found if problem.severity == "error"]
    assert any("same_as" in one for one in told), told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"value": "=loan_record.book"}, "loan_record"),
        ({"value": "=count(nothing_records)"}, "nothing_records"),
        ({"value": "=1 +"}, "borrows"),
        ({"value": "=allowance(a: 1)"}, "allowance"),
        ({"search": ["borrows"]}, "unique"),
        ({"name": "called"}, "called"),
    ],
)
def test_what_cannot_be_derived_is_named_at_the_check(words: dict[str, Any], told: str) -> None:
    files = {path.name: path.read_bytes() for path in SCHEMAS.iterdir()}
    schema = orjson.loads(files["reader.schema.json"])
    own = schema["gangwei"]
    own["derived"]["borrows"] |= {key: text for key, text in words.items() if key == "value"}
    own |= {key: text for key, text in words.items() if key == "search"}
    if "name" in words:
        own["derived"] = {words["name"]: own["derived"]["borrows"]}
        own["list"] = ["called"]
    found = check("_registers", files | {"reader.schema.json": orjson.dumps(schema)}, Surroundings((), (), {}))
    assert any(told in problem.text("en") for problem in found if problem.severity == "error"), found
    plain = check("_registers", files, Surroundings((), (), {}))
    assert [problem for problem in plain if problem.severity == "error"] == []
