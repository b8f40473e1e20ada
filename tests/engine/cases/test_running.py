"""The list of all running deadlines when it is long: every row once, in order, and every count true."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from engine.cases.reading.deadlines import MOST_SHOWN
from engine.views.deadlines import RunningFilters, RunningPage
from storage.database import utc_text
from storage.events import events, payloads
from storage.running import STANDINGS
from storage.tables import cases, deadlines, tasks
from tests.house import ROOT, House, build_house
from tests.many import index
from tests.postgres import Server

ABOVE, COPIES = "province", 1_200


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, ROOT / "tests" / "data" / "deadlines", server=server)
    made.start("changan", "answer_in_time", "130102", {})
    _copy(made)
    yield made
    made.application.database.close()


def _copy(house: House) -> None:
    """Copies of the one case: due at other days, some late, some near, every tenth suspended, some done."""
    now = house.clock.now()
    with house.application.database.write() as connection:
        one = {
            table.name: dict(connection.execute(select(table)).mappings().one())
            for table in (cases, events, payloads, tasks, deadlines)
        }
        pause = {"from": utc_text(now - timedelta(days=1)), "until": utc_text(now + timedelta(days=1))}
        resumed = {**pause, "resumed_at": utc_text(now)}
        for number in range(2, COPIES + 2):
            due = now + timedelta(days=number % 40 - 10, hours=1)
            times = {"due_at": due, "warn_at": due - timedelta(days=5)}
            pauses = [pause] if number % 10 == 0 else [resumed, resumed] if number % 10 == 1 else []
            status = "met" if number % 3 == 0 else "passed" if due < now else "open"
            own = {"case_id": number}
            connection.execute(insert(cases), one["cases"] | {"id": number, "number": f"XD2025-{number:05}"})
            connection.execute(insert(events), one["events"] | own)
            connection.execute(insert(payloads), one["event_payloads"] | own)
            connection.execute(insert(tasks), one["tasks"] | own)
            connection.execute(insert(deadlines), one["deadlines"] | own | times | {"status": status, "pauses": pauses})
        index(connection)


def whole(house: House, standing: str = "", limit: int = 150, login: str = ABOVE) -> tuple[list[Any], RunningPage]:
    """Every row of the list, page after page, and the last page."""
    rows: list[Any] = []
    after = ""
    while True:
        filters = RunningFilters(standing=standing, after=after, limit=limit)
        page = house.application.cases.ledgers.running(house.actor_once(login), filters)
        rows += page.rows
        if page.next is None:
            return rows, page
        after = page.next


def stands(row: Any) -> str:
    if row.late:
        return "late"
    return "suspended" if row.suspended else ""


def test_every_deadline_is_listed_once_in_the_order_of_its_end_and_the_counts_are_true(house: House) -> None:
    rows, page = whole(house)
    assert len({row.task_id for row in rows}) == len(rows) == page.total == page.counts[""] == 801
    assert [row.due_at for row in rows] == sorted(row.due_at for row in rows)
    told = Counter(map(stands, rows))
    assert told["late"] == page.counts["late"] == 200
    for login in (ABOVE, "changan"):  # of the whole province, and of one county among many
        assert house.application.cases.ledgers.late(house.actor(login)) == MOST_SHOWN + 1  # more is not counted
    assert told["suspended"] == page.counts["suspended"] > 0
    assert told[""] > page.counts["near"] > 0


def test_whoever_stands_above_few_organisations_sees_the_same_of_them(house: House) -> None:
    assert whole(house, "late", login="changan")[0] == whole(house, "late")[0]
    assert whole(house, login="changan")[1].counts == whole(house)[1].counts
    assert whole(house, login="dingzhou") == ([], RunningPage((), 0, None, dict.fromkeys(("", *STANDINGS), 0)))


def test_a_standing_leaves_just_as_many_as_its_count_says(house: House) -> None:
    everything, page = whole(house)
    found: set[str] = set()
    for standing, count in page.counts.items():
        rows, last = whole(house, standing)
        assert len(rows) == last.total == count > 0 and last.counts == page.counts
        assert standing in ("near", "") or {stands(row) for row in rows} == {standing}
        if standing:
            assert not found & {row.task_id for row in rows}
            found |= {row.task_id for row in rows}
    assert found < {row.task_id for row in everything}


def test_a_number_finds_its_case_and_a_word_every_case(house: House) -> None:
    def asked(words: str) -> RunningPage:
        return house.application.cases.ledgers.running(house.actor_once(ABOVE), RunningFilters(q=words))

    assert [row.case_number for row in asked("xd2025-00020").rows] == ["XD2025-00020"]
    assert [row.case_number for row in asked("00020").rows] == ["XD2025-00020"]
    assert asked("XD2025-00020").counts[""] == 1
    assert asked("XD2025-00021").total == 0  # done
    assert asked("限期").total == 801 and asked("限期 没有").total == 0
