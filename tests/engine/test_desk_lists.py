"""Each list of a desk: its number is that of its rows over all pages and of what it hands out, also when rows come.

The lists of the inbox, of deadlines and of registers: ``test_lists.py``; here stands which lists there are.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

import engine
from engine.desks.audit_views import AuditFilters
from engine.desks.looks import LookFilters
from engine.directory.looks import SEEN
from engine.views import CaseFilters
from storage import cases, jobs, notifications
from storage.accounts import users
from storage.tables import definitions
from tests.engine.cases.test_acts import APPROVAL, REQUEST
from tests.house import House, build_house

LIMIT, CASES = 3, 7
ELSEWHERE = {"Page", "RegisterPage", "RunningPage", "Messages", "FamilyView", "PublicList"}
"""``tests/engine/test_lists.py``, ``tests/engine/cases/test_told.py``, ``tests/engine/cases/test_families.py``,
``tests/web/test_public.py``."""
SHOWN = {
    "Accounts", "CaseList", "CasePage", "DefinitionView", "DraftPage", "EventPage", "Outgoing", "SeenPage", "Standing",
    "StrandedPage",
}  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, APPROVAL)
    for number in range(CASES):
        comes(made, number)
    with made.application.database.write() as connection:  # nobody is left who could take the tasks
        connection.execute(update(users).where(users.c.login.like("shijiazhuang%")).values(active=False))
    yield made
    made.application.database.close()
    made.application.looks.database.close()


def comes(house: House, number: int) -> None:
    """A row more for every list."""
    application = house.application
    house.start("changan", "approval", "130102", REQUEST)
    application.accounts.create(None, f"new{number}", f"新来的{number}")
    application.looks.write(house.actor("province").user_id, "192.0.2.1", SEEN, "case", str(number))
    failed = {"act": "complete", "code": "Broken", "message_zh": f"出错{number}", "message_en": "", "case_id": 1}
    with application.database.write() as connection:
        jobs.add_incident(connection, {**failed, "opened_at": house.clock.now()})
        starter = house.actor_once("changan").user_id
        cases.save_draft(connection, starter, f"start:approval:{number}", {}, house.clock.now())
        model = connection.execute(select(definitions).where(definitions.c.key == "approval")).mappings().first()
        older = {**(model or {}), "digest": f"other{number}", "version": 100 + number, "current": False}
        connection.execute(insert(definitions), older)
        notifications.queue(
            connection,
            {
                "token": f"{number}", "user_id": starter, "address_id": None, "channel": "mail", "address": "a@b.cn",
                "language": "zh", "about": "test", "next_at": house.clock.now(), "queued_at": house.clock.now(),
            },
        )  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A list: a page behind a mark as (ids, total, next), and what is handed out of it, where it is."""

    page: Callable[[str, int], tuple[list[Any], int, str | None]]
    every: Callable[[], Iterable[Any]] | None = None


def lists(house: House) -> dict[str, Listed]:
    """By what is asked for."""
    one, auditor, above = house.application, house.actor("auditor"), house.actor("province")

    def of(page: Any, name: str) -> tuple[list[Any], int, str | None]:
        return [getattr(row, name) for row in page.rows], page.total, page.next

    def standing(after: str, limit: int) -> tuple[list[Any], int, str | None]:
        page = one.operator.standing(house.actor("operator"), after, limit)
        return [row.id for row in page.incidents], page.total, page.next

    def outgoing(status: str, after: str, limit: int) -> tuple[list[Any], int, str | None]:
        page = one.notifications.page(house.actor("operator"), status, after, limit)
        return [fate.id for fate in page.fates], page.total, page.next

    def versions(after: str, limit: int) -> tuple[list[Any], int, str | None]:
        page = one.definitions.view(house.actor("designer"), "approval", None, after, limit)
        return [each.version for each in page.versions], page.total, page.next

    found = {
        "versions": Listed(versions),
        "stranded": Listed(lambda after, limit: of(one.cases.stranding.page(above, after, limit), "id")),
        "stranded, to the operator": Listed(
            lambda after, limit: of(one.cases.stranding.page(house.actor("operator"), after, limit), "id")
        ),
        "incidents": Listed(standing),
        "drafts": Listed(
            lambda after, limit: of(one.cases.draft_list.page(house.actor_once("changan"), after, limit), "id")
        ),
    }
    for status in ("", "waiting", "sent"):
        found[f"notifications: {status}"] = Listed(
            lambda after, limit, s=status: outgoing(s, after, limit)  # type: ignore[misc]
        )
    for words in ("", "新来", "长安", "新来 3", "没有这样的人"):
        found[f"accounts: {words}"] = Listed(
            lambda after, limit, q=words: of(one.accounts.find(None, q, after, limit), "login")  # type: ignore[misc]
        )
    for kind, person in (("", ""), ("account_created", ""), ("", "新来"), ("account_created", "new3"), ("", "没有")):
        found[f"events: {kind} {person}"] = Listed(
            lambda after, limit, k=kind, p=person: of(one.audit.events(auditor, k, p, after, limit), "sequence")  # type: ignore[misc]
        )
    for word in ("", "2026", "0003", "２０２６", "不是编号", "%"):
        found[f"cases: {word}"] = Listed(
            lambda after, limit, q=word: of(one.audit.cases(auditor, AuditFilters(q), after, limit=limit), "number"),  # type: ignore[misc]
            None if word else lambda: [line.number for line, _ in one.audit.proofs(auditor)],
        )
    for asked in ({}, {"kind": SEEN}, {"subject": "3"}, {"person": "省"}, {"person": "没有"}):
        found[f"looks: {asked}"] = Listed(
            lambda after, limit, a=asked: of(one.look_desk.page(auditor, LookFilters(**a, after=after), limit), "id"),  # type: ignore[misc]
            lambda a=asked: [line.id for line in one.look_desk.all(auditor, LookFilters(**a))],  # type: ignore[misc]
        )
    for asked in ({}, {"q": "长安"}, {"q": "0003"}, {"q": "没有"}, {"sort": "number"}):
        found[f"all cases: {asked}"] = Listed(
            lambda after, limit, a=asked: of(  # type: ignore[misc]
                one.cases.visible.page(above, CaseFilters(**a, after=after, limit=limit)), "id"
            ),
            lambda a=asked: [row.id for row in one.cases.visible.every(above, CaseFilters(**a))],  # type: ignore[misc]
        )
    return found


def read(one: Listed, between: Callable[[], None] = lambda: None) -> tuple[list[Any], int]:
    """All rows over all pages, and how many the last page says there are."""
    ids: list[Any] = []
    after: str | None = ""
    while True:
        page, total, after = one.page(after or "", LIMIT)
        ids += page
        if not after:
            return ids, total
        between()


def test_a_list_counts_what_it_shows_and_hands_out_the_same(house: House) -> None:
    long = 0
    for name, one in lists(house).items():
        ids, total = read(one)
        assert len(ids) == len(set(ids)) == total, name
        assert one.every is None or list(one.every()) == ids, name
        long += total > 2 * LIMIT
    assert long > len(lists(house)) / 2


def test_what_comes_between_two_pages_neither_repeats_nor_hides_another(house: House) -> None:
    made = iter(range(100, 999))
    for name, one in lists(house).items():
        before, _ = read(one)
        turns = iter((True,))
        ids, _ = read(one, lambda turns=turns: comes(house, next(made)) if next(turns, False) else None)  # type: ignore[misc]
        assert len(ids) == len(set(ids)) and [each for each in ids if each in set(before)] == before, name


def test_a_mark_of_another_list_or_of_nobody_begins_at_the_first_page(house: House) -> None:
    for name, one in lists(house).items():
        first = one.page("", LIMIT)
        for mark in ("x", "WyJ4Il0", "Wy0xXQ", "Wzk5OTk5OTk5OTk5XQ", "WzEuNV0", "W3RydWVd", "WyJcdTAwMDAiXQ", "%"):
            assert one.page(mark, LIMIT)[1] == first[1], (name, mark)


def test_every_list_that_has_pages_is_asked() -> None:
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        importlib.import_module(module.name)
    found = {one.__name__ for one in subclasses() if {"next"} <= {field.name for field in fields(one)}}
    assert found == ELSEWHERE | SHOWN


def subclasses() -> Iterable[Any]:
    """The dataclasses of the engine."""
    for name, module in list(sys.modules.items()):
        if name.startswith("engine."):
            yield from (one for one in vars(module).values() if isinstance(one, type) and is_dataclass(one))
