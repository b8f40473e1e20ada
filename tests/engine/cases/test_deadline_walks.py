"""Random acts on deadlines and calendars, compared with a slow count; and acts that break off at every statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event

from engine.calendar.deadlines import Grounds
from engine.cases.acting import deadlines as acts
from engine.cases.acting.recount import Following
from engine.desks.calendar import ACCEPT
from storage import deadlines, prepared
from storage.database import Database
from tests.engine.calendar import deadline_oracle as oracle
from tests.house import House, build_house
from tests.postgres import Server
from tests.soak.deadlines import FOLDERS, OPERATOR, PAPER, PLACES, PROVINCE, walk

PLACE = "130102"
ASKER, CITY = PLACES[PLACE]
WALKS, STEPS = 6, 50
MUST_HAPPEN = (
    "start done", "complete done", "suspend done", "resume done", "extend done", "close done", "reopen done",
    "notice done", "end done", "both conflict", "suspend NotAllowed", "suspend BadInput", "extend BadInput",
)  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    made = build_house(tmp_path, *FOLDERS, server=server)
    yield made
    made.application.database.close()


def walked(folder: Path, walks: int, server: Server | None = None) -> tuple[list[str], Counter[str]]:
    """Some walks, each in a house of its own, until one goes wrong."""
    outcomes: Counter[str] = Counter()
    for number in range(walks):
        house = build_house(folder / str(number), *FOLDERS, server=server)
        wrong, told = walk(house, Random(f"1 {number}"), STEPS)
        outcomes += told
        house.application.database.close()
        if wrong:
            return [f"walk {number}", *wrong], outcomes
    return [], outcomes


def test_after_every_act_deadlines_times_and_jobs_are_what_a_slow_count_says(tmp_path: Path) -> None:
    wrong, outcomes = walked(tmp_path, WALKS)
    assert wrong == []
    assert [name for name in MUST_HAPPEN if not outcomes[name]] == []


def test_on_postgresql_they_are_the_same(tmp_path: Path, postgresql: Server) -> None:
    assert walked(tmp_path, 1, postgresql)[0] == []


def forget(*_: Any, **__: Any) -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    ("place", "name", "instead", "said"),
    [
        (deadlines, "reschedule", forget, "jobs are"),
        (Following, "_follow_deadline", forget, "must be"),
        (Following, "_follow_timer", forget, "times are"),
        (acts, "of_period", lambda *_: [], "must be"),
        (deadlines, "close", forget, "the task does not"),
        (acts, "enter", forget, "events name"),
    ],
)
def test_what_is_forgotten_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, instead: Any, said: str
) -> None:
    monkeypatch.setattr(place, name, instead)
    assert said in "\n".join(walked(tmp_path, WALKS)[0])


# -- breaking off ----------------------------------------------------------------------------------------------------


class Broken(Exception):
    """The database is away."""


class Fault:
    """Lets one statement fail, or the commit."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.before: int | None = None  # statements that go well before it
        say, end = prepared._say, Database._end

        def said(*words: Any) -> Any:
            self.hear()
            return say(*words)

        def ended(database: Database, connection: Any, how: str) -> None:
            if how == "COMMIT":
                self.hear()
            end(database, connection, how)

        event.listen(house.application.database.engine, "before_cursor_execute", lambda *_: self.hear())
        monkeypatch.setattr(prepared, "_say", said)
        monkeypatch.setattr(Database, "_end", ended)

    def hear(self) -> None:
        if self.before is None:
            return
        if self.before == 0:
            self.before = None
            raise Broken
        self.before -= 1

    @contextmanager
    def after(self, statements: int) -> Iterator[None]:
        self.before = statements
        try:
            yield
        finally:
            self.before = None


def furnished(house: House) -> dict[str, str]:
    """A case of each kind; of the first its two steps share a period, of the second a time follows the calendar."""
    asked, waits = (house.start(ASKER, "shared_period", PLACE, {}).case_id for _ in range(2))
    for login in (CITY, PROVINCE, CITY):
        house.complete(login, waits, "done")
    answer = house.start(ASKER, "answer_in_time", PLACE, {}).case_id
    return {
        "asked": asked,
        "waits": waits,
        "answer": answer,
        "order": house.start(ASKER, "put_in_order", PLACE, {}).case_id,
    }


def breaks_off(house: House, fault: Fault, cases: dict[str, str], act: Callable[[], object]) -> int:
    """Do it with a fault at each of its statements in turn; at last it succeeds. How often it broke off."""
    before = oracle.stored(house)
    for statements in range(200):
        try:
            with fault.after(statements):
                act()
        except Broken:
            assert oracle.stored(house) == before, f"half done after {statements} statements"
            assert not [line for one in cases.values() for line in house.proof(one)]
        else:
            assert oracle.stored(house) != before
            assert not [line for one in cases.values() for line in house.proof(one)]
            return statements
    raise AssertionError("it never succeeds")


def test_an_act_that_breaks_off_at_any_statement_has_not_been(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    cases, application = furnished(house), house.application
    city, province, asker, operator = (house.actor_once(login) for login in (CITY, PROVINCE, ASKER, OPERATOR))
    mine, answer = house.task_of(CITY, cases["asked"]), house.task_of(CITY, cases["answer"])
    closed = application.calendar.propose_closure(operator, PLACE, date(2026, 11, 25), date(2026, 11, 26), "检修")
    fault, grounds = Fault(house, monkeypatch), Grounds("补充材料", "28", PAPER)

    def terminate() -> None:
        with application.database.write() as connection:
            application.cases.endings.terminate(connection, operator, int(cases["asked"]), "坏")

    def lapse() -> None:
        with application.database.write() as connection:
            application.cases.endings.terminate(connection, operator, int(cases["order"]), "坏")

    house.clock.move(hours=1)
    for act in (
        lambda: application.cases.deadlines.suspend(city, mine, date(2026, 11, 27), grounds),
        lambda: application.cases.deadlines.extend(province, answer, 2, grounds),
        lambda: application.calendar.decide(province, closed, ACCEPT),
        lambda: application.cases.deadlines.resume(city, mine, grounds),
        lapse,
        terminate,
        lambda: application.cases.acting.cancel(asker, cases["answer"], "不办了"),
    ):
        assert breaks_off(house, fault, cases, act) > 3
    for name, count in (("asked", 2), ("answer", 1)):
        files = application.cases.reading.case(province, cases[name]).attachments
        contents = [application.cases.attachments.attachment(province, cases[name], one.id)[1] for one in files]
        assert contents == [PAPER.content] * count
