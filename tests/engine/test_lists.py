"""Every list, with every filter and order: its number is that of its rows over all pages, and each row comes once.

Also when rows come and go between two pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from engine.views import InboxFilters, RegisterFilters
from engine.views.deadlines import RunningFilters
from storage.messages import messages
from storage.tables import cases, records, tasks
from tests.applications import filled_application
from tests.house import House, build_house
from tests.many import fill, index

COUNT, LIMIT = 60, 7
READER = "province"


@dataclass(frozen=True)
class Read:
    """All rows of a list by their ids, and how many it says there are."""

    ids: list[str]
    total: int


Turn = Callable[[int], None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: Any) -> Any:
    made = build_house(tmp_path_factory.mktemp("lists"))
    case_id = made.start("changan", "post_approval", "130102", filled_application()).case_id
    fill(made.application.database, int(case_id), COUNT)
    reader = made.actor(READER).user_id
    with made.application.database.write() as connection:
        copies = list(connection.execute(select(cases.c.id).where(cases.c.id > int(case_id))).scalars())
        for number, one in enumerate(copies):
            at = made.clock.now().replace(day=1 + number % 20)
            own = tasks.c.case_id == one
            if number % 3 == 0:
                connection.execute(update(tasks).where(own).values(candidate="province_approver@130000"))
            elif number % 3 == 1:
                done = {"status": "completed", "completed_by": reader, "completed_at": at}
                connection.execute(update(tasks).where(own).values(**done))
            else:
                connection.execute(update(cases).where(cases.c.id == one).values(starter_id=reader))
            if number % 2:
                row = {
                    "user_id": reader,
                    "kind": "copied",
                    "title": "已告知",
                    "text": "",
                    "case_id": one,
                    "opens": True,
                }
                row |= {"title_en": "", "text_en": "", "number": None}
                connection.execute(insert(messages), [row | {"sent_at": at}, row | {"sent_at": made.clock.now()}])
            record = {
                "number": f"R-{number:03}",
                "version": 1,
                "search": f"r-{number:03} 李某{number}",
                "valid_to": None,
            }
            record |= {"register": "post", "case_id": int(case_id), "event_seq": 1, "valid_from": at}
            data = {"organisation": "130102", "grade": "一级岗" if number % 4 else "二级岗", "seats": number % 5}
            data = {name: value for name, value in data.items() if number % 7 or name == "organisation"}
            connection.execute(insert(records), record | {"organisation_path": "/130000/130100/130102/", "data": data})
        index(connection)
    yield made
    made.application.database.close()


def read(asked: Any, page_of: Callable[[Any], Any], id_of: Callable[[Any], str], between: Turn) -> Read:
    """All pages of a list, one after the other; ``between`` two of them, rows may come and go."""
    found: list[str] = []
    asked, turn = replace(asked, limit=LIMIT), 0
    while True:
        page = page_of(asked)
        found += map(id_of, page.rows)
        if page.next is None:
            return Read(found, page.total)
        between(turn)
        asked, turn = replace(asked, after=page.next), turn + 1


def inbox(house: House, view: str, filters: InboxFilters, between: Turn) -> Read:
    desk = house.application.cases.inbox
    return read(
        filters, lambda asked: desk.page(house.actor_once(READER), view, asked), lambda row: row.number, between
    )


def running(house: House, filters: RunningFilters, between: Turn) -> Read:
    desk = house.application.cases.ledgers
    return read(filters, lambda asked: desk.running(house.actor_once(READER), asked), lambda row: row.task_id, between)


def register(house: House, filters: RegisterFilters, between: Turn) -> Read:
    desk = house.application.registers
    return read(
        filters, lambda asked: desk.search(house.actor_once(READER), "post", asked), lambda row: row.number, between
    )


def nothing(_turn: int) -> None:
    """No row comes or goes."""


DAYS = {"arrived_from": date(2026, 11, 3), "arrived_to": date(2026, 11, 9)}
FILTERS = [
    {}, {"q": "石家庄"}, {"q": "BENCH"}, {"q": "没有这样的词"}, {"key": "post_approval"}, {"place": "130100"},
    {"state": "running"}, DAYS, {"q": "bench", "place": "130100", **DAYS}, {"q": "岗 位 一 级 市 总 工 会"},
]  # fmt: skip


@pytest.mark.parametrize("view", ["todo", "done", "mine", "copied"])
@pytest.mark.parametrize("asked", FILTERS, ids=str)
def test_an_inbox_counts_what_it_lists(house: House, view: str, asked: dict[str, Any]) -> None:
    for sort in ("due", "arrived", "-arrived", "number") if view == "todo" else ("due",):
        found = inbox(house, view, InboxFilters(**asked, sort=sort), nothing)
        assert len(found.ids) == len(set(found.ids)) == found.total
    if not asked:
        page = house.application.cases.inbox.page(house.actor_once(READER), view)
        assert page.counts[view] == found.total > LIMIT


@pytest.mark.parametrize("due", ["late", "soon", "suspended", "later"])
def test_an_inbox_counts_what_is_due_as_it_lists_it(house: House, due: str) -> None:
    found = inbox(house, "todo", InboxFilters(due=due), nothing)
    assert len(found.ids) == len(set(found.ids)) == found.total


def test_dates_narrow_what_one_was_told_by_when_it_was_told(house: House) -> None:
    everything = inbox(house, "copied", InboxFilters(), nothing)
    now = house.clock.now().date()
    assert inbox(house, "copied", InboxFilters(arrived_from=now), nothing) == everything
    assert inbox(house, "copied", InboxFilters(arrived_to=date(2026, 1, 1)), nothing) == Read([], 0)


@pytest.mark.parametrize("standing", ["", "late", "near", "suspended"])
def test_deadlines_are_counted_as_they_are_listed(house: House, standing: str) -> None:
    several: list[dict[str, Any]] = [{}, {"q": "bench"}, {"key": "post_approval"}, {"place": "130100"}]
    for asked in several:
        found = running(house, RunningFilters(standing=standing, **asked), nothing)
        assert len(found.ids) == len(set(found.ids)) == found.total


SORTS = ["", "-number", "grade", "-grade", "seats", "-seats", "nonsense"]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("asked", [{}, {"q": "r-00"}, {"place": "130100"}, {"q": "没有"}], ids=str)
def test_a_register_counts_what_it_lists(house: House, sort: str, asked: dict[str, Any]) -> None:
    found = register(house, RegisterFilters(**asked, sort=sort), nothing)
    assert len(found.ids) == len(set(found.ids)) == found.total
    assert asked or found.total == COUNT


@pytest.mark.parametrize("sort", SORTS)
def test_a_record_that_comes_between_two_pages_neither_repeats_nor_hides_another(house: House, sort: str) -> None:
    before = register(house, RegisterFilters(sort=sort), nothing)
    with house.application.database.read() as connection:
        model = dict(connection.execute(select(records).where(records.c.number == "R-001")).mappings().one())
    added: list[str] = []

    def comes(turn: int) -> None:
        added.append(f"Q-{sort}-{turn}")
        with house.application.database.write() as connection:
            connection.execute(insert(records), model | {"number": added[-1]})

    found = register(house, RegisterFilters(sort=sort), comes)
    assert [one for one in found.ids if one not in added] == before.ids
    assert len(found.ids) == len(set(found.ids))
    with house.application.database.write() as connection:
        gone = update(records).where(records.c.number.in_(added))
        connection.execute(gone.values(valid_to=house.clock.now()))


@pytest.mark.parametrize("sort", ["due", "-arrived", "number"])
def test_a_task_that_goes_between_two_pages_hides_no_other(house: House, sort: str) -> None:
    before = inbox(house, "todo", InboxFilters(sort=sort), nothing)
    gone: list[str] = []

    def goes(turn: int) -> None:
        gone.append(before.ids[turn * LIMIT])  # of the page that was read
        which = select(cases.c.id).where(cases.c.number == gone[-1]).scalar_subquery()
        with house.application.database.write() as connection:
            connection.execute(update(tasks).where(tasks.c.case_id == which).values(status="cancelled"))

    assert inbox(house, "todo", InboxFilters(sort=sort), goes).ids == before.ids
    with house.application.database.write() as connection:
        connection.execute(update(tasks).where(tasks.c.status == "cancelled").values(status="open"))


PERSONAL: list[dict[str, Any]] = [
    {"q": "李某"},
    {"q": "某1"},
    {"place": "130200"},
    {"equals": {"grade": "一级岗"}},
    {"sort": "-grade"},
]


@pytest.mark.parametrize("asked", PERSONAL, ids=str)
def test_what_is_hidden_is_found_by_no_search_filter_or_order(house: House, asked: dict[str, Any]) -> None:
    whole = register(house, RegisterFilters(hides=True), nothing)
    found = register(house, RegisterFilters(**asked, hides=True), nothing)
    assert found == (Read([], 0) if "q" in asked else whole)
    assert register(house, RegisterFilters(**asked), nothing) != found  # who sees it finds by it
    assert register(house, RegisterFilters(q="R-00", hides=True), nothing).total == 10  # by its number, as it is shown
