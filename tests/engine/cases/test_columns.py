"""Columns that a process declares: kept when they change, sorted and filtered by, filled in for what was there before."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cases.columns import key_of, number_key
from engine.views import CaseFilters, InboxFilters
from engine.views.columns import ColumnAsked
from storage import case_columns as rows
from tests.engine.cases.test_acts import APPROVAL, REQUEST
from tests.house import House, build_house, replaced
from tests.postgres import Server

COLUMNS = (
    '<gw:column id="amount" name="金额" nameEn="Amount" type="number"'
    ' value="=if first.outcome = &quot;agree&quot; then request.amount + 1000000 else request.amount"/>'
    '<gw:column id="kind" name="类别" type="choice" choices="甲|乙" value="=if request.kind = &quot;a&quot; then &quot;甲&quot; else &quot;乙&quot;"/>'
    '<gw:column id="subject" name="事由" type="text" value="=request.subject"/>'
    '<gw:column id="large" name="大额" type="boolean" value="=request.amount &gt; 1000"/>'
    '<gw:column id="day" name="日期" type="date" value="=request.subject"/>'
)
AMOUNTS = (9, 1200, 30, 250000, 0.5, 1200)


def with_columns(columns: str = COLUMNS) -> dict[str, str]:
    return replaced(APPROVAL, ("<gw:case ", f"{columns}<gw:case "))


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    made = build_house(tmp_path, APPROVAL, server=server)
    made.publish(with_columns())
    for number, amount in enumerate(AMOUNTS):
        made.start("changan", "approval", "130102", {**REQUEST, "amount": amount, "kind": "ab"[number % 2]})
    yield made
    made.application.database.close()


def inbox(house: House, sort: str = "due", *asked: ColumnAsked, login: str = "shijiazhuang", **more: Any) -> list[str]:
    """The amounts on a person's list, page by page."""
    found: list[str] = []
    after = ""
    while True:
        wanted = InboxFilters(key="approval", sort=sort, columns=asked, after=after, limit=2, **more)
        page = house.application.cases.inbox.page(house.actor(login), "todo", wanted)
        found += [row.columns[0] for row in page.rows]
        if page.next is None:
            assert len(found) == page.total
            return found
        after = page.next


def cases(house: House, sort: str = "-opened", *asked: ColumnAsked) -> list[str]:
    visible, actor = house.application.cases.visible, house.actor("province")
    wanted = CaseFilters(key="approval", sort=sort, columns=asked)
    page = visible.page(actor, wanted)
    assert [row.id for row in visible.every(actor, wanted)] == [row.id for row in page.rows]
    assert page.total == len(page.rows) == visible.count(actor, wanted, 99)
    return [row.columns[0] for row in page.rows]


def test_lists_are_in_the_order_of_a_column_and_filtered_by_it(house: House) -> None:
    ordered = ["0.5", "9", "30", "1200", "1200", "250000"]
    assert inbox(house, "c.amount") == ordered and inbox(house, "-c.amount") == ordered[::-1]
    assert cases(house, "c.amount") == ordered and cases(house, "-c.amount") == ordered[::-1]
    assert inbox(house, "due", ColumnAsked("amount", low="10", high="1200")) == ["1200", "30", "1200"]
    assert inbox(house, "c.amount", ColumnAsked("kind", "乙")) == ["1200", "1200", "250000"]
    assert cases(house, "c.amount", ColumnAsked("large", "true"), ColumnAsked("kind", "甲")) == []
    assert sorted(cases(house, "c.subject", ColumnAsked("subject", "桌椅"), ColumnAsked("amount", high="9"))) == [
        "0.5",
        "9",
    ]
    assert inbox(house, "c.gone", ColumnAsked("gone", "x")) == inbox(house)


@pytest.mark.parametrize("few", [0, 300])
def test_a_filter_finds_the_same_however_many_it_leaves(
    house: House, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "FEW", few)
    assert inbox(house, "-c.amount", ColumnAsked("kind", "甲")) == ["30", "9", "0.5"]
    assert cases(house, "c.amount", ColumnAsked("kind", "乙"), ColumnAsked("amount", low="1201")) == ["250000"]


def test_what_is_no_value_of_its_type_is_none_and_keeps_no_case_from_going_on(house: House) -> None:
    page = house.application.cases.inbox.page(house.actor("shijiazhuang"), "todo", InboxFilters(key="approval"))
    assert page.rows[0].columns == ("9", "甲", "购置桌椅", "false", "")
    assert [one.type for one in page.columns] == ["number", "choice", "text", "boolean", "date"] and not page.filling
    without = house.application.cases.inbox.page(house.actor("shijiazhuang"))
    assert without.columns == () and without.rows[0].columns == ()


def test_a_value_follows_the_case_and_its_open_tasks_through_every_act(house: House) -> None:
    house.complete("shijiazhuang", "2", "agree")
    assert inbox(house, "c.amount") == ["0.5", "9", "30", "1200", "250000"]
    assert inbox(house, "c.amount", login="province") == ["1001200"] and "1001200" in cases(house)
    house.clock.move(minutes=1)
    house.application.taking_back.take_back(house.actor("shijiazhuang"), "2", "点错了")
    assert "1001200" not in cases(house) and inbox(house, "c.amount", login="province") == []
    assert inbox(house, "c.amount") == ["0.5", "9", "30", "1200", "1200", "250000"]
    task = house.task_of("shijiazhuang", "1")
    receiver = house.actor("shijiazhuang2").user_id
    house.application.cases.verbs.involve(house.actor("shijiazhuang"), task, "forward", [receiver], "")
    assert inbox(house, "c.amount", login="shijiazhuang2") == ["0.5", "9", "30", "1200", "1200", "250000"]
    assert inbox(house, "c.amount") == ["0.5", "30", "1200", "1200", "250000"]
    house.complete("shijiazhuang", "3", "agree")
    assert inbox(house, "c.amount") == ["0.5", "1200", "1200", "250000"]
    assert [house.proof(case_id) for case_id in ("1", "2", "3")] == [[], [], []]


def test_older_cases_get_the_columns_of_a_new_version_and_lose_those_of_an_old_one(house: House) -> None:
    changed = COLUMNS.split("<gw:column")[1]
    house.publish(with_columns("<gw:column" + changed.replace("request.amount", "2 * request.amount")))
    inbox_of = house.application.cases.inbox
    assert inbox_of.page(house.actor("shijiazhuang"), "todo", InboxFilters(key="approval")).filling
    while house.application.worker.run_due():
        pass
    page = inbox_of.page(house.actor("shijiazhuang"), "todo", InboxFilters(key="approval"))
    assert not page.filling and len(page.columns) == 1
    doubled = ["1", "18", "60", "2400", "2400", "500000"]
    assert inbox(house, "c.amount") == doubled == cases(house, "c.amount")
    house.complete("shijiazhuang", "2", "agree")  # it runs by its own version for life, and is listed by the new one
    assert inbox(house, "c.amount", login="province") == ["1002400"]
    house.publish(with_columns(""))
    while house.application.worker.run_due():
        pass
    with house.application.database.read() as connection:
        assert rows.of_case(connection, 2) == {}
    house.complete("province", "2", "agree")
    assert house.proof("2") == []


def test_the_next_task_follows_in_the_order_of_a_column(house: House) -> None:
    asked = InboxFilters(key="approval", sort="-c.amount")
    first = house.application.cases.inbox.page(house.actor("shijiazhuang"), "todo", asked).rows
    following = house.application.cases.inbox.next_like(house.actor("shijiazhuang"), first[0].task_id or "", asked)
    assert following == first[1].task_id


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.integers(-(10**12), 10**12).map(Decimal)


@settings(max_examples=300, deadline=None)
@given(NUMBERS, NUMBERS)
def test_numbers_sort_by_their_keys(one: Decimal, other: Decimal) -> None:
    keys = number_key(one), number_key(other)
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (one < other, one == other)


def test_what_is_typed_sorts_as_what_is_stored() -> None:
    assert key_of("number", "１２.50") == number_key(Decimal("12.5")) and key_of("number", "x") == ""
    assert key_of("date", "2026-02-30") == "" and key_of("date", "2026-02-03") == "2026-02-03"
    assert key_of("text", " ＡＢc ") == "abc" and key_of("number", "NaN") == key_of("number", "Infinity") == ""
