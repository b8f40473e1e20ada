"""Wherever an expression stands that takes long, and whoever lets it be evaluated: nobody waits for it to write."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Conflict
from engine.evidence.rebuilding import rebuild
from engine.feel import Allowance, TakesLong, compile_expression, step
from engine.feel.environment import Environment
from engine.jobs.bulks import BulkRunner
from engine.views.bulks import Picked, Wanted
from storage import cases as rows
from storage import fills, involvements
from storage.database import Database
from tests.engine.cases.test_ahead import everything_is_kept, held
from tests.house import ROOT, House, build_house
from tests.postgres import Server

FOLDER = ROOT / "tests" / "data" / "takes_long"
ASKER, REVIEWER, OTHER, PLACE = "changan", "shijiazhuang", "shijiazhuang2", "130102"
Act = Callable[[House, str], object]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = build_house(tmp_path_factory.mktemp("long"), FOLDER)
    yield made
    made.application.database.close()


@pytest.fixture(autouse=True)
def little_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.feel.budget.MUCH", 0.0)
    everything_is_kept(monkeypatch)
    monkeypatch.setattr("engine.publishing.suspending.MOST_DEBT", 1000.0)


def begun(house: House) -> str:
    return house.start(ASKER, "everywhere", PLACE, {}).case_id


def slow(house: House) -> None:
    """Known as what takes long."""
    with house.application.database.read() as connection:
        digest = house.application.catalog.current(connection, "everywhere").digest
    house.application.catalog.suspensions.took(digest, 0.2, Allowance())


def review(house: House, case_id: str) -> str:
    return house.task_of(REVIEWER, case_id)


def involve(house: House, case_id: str, kind: str) -> None:
    who = house.actor(OTHER).user_id
    house.application.cases.verbs.involve(house.actor(REVIEWER), review(house, case_id), kind, [who], "请看一下")


def answer_of(house: House, case_id: str) -> Act:
    """The last answer for which a decision waits, which then goes on."""
    task = review(house, case_id)
    involve(house, case_id, "beside")
    house.application.cases.acting.complete(house.actor(REVIEWER), task, {"opinion": "好"}, "agree")
    with house.application.database.read() as connection:
        (row,) = [
            one
            for one in involvements.of_task(connection, int(case_id), int(task.split("-")[1]))
            if one["user_id"] == house.actor(OTHER).user_id
        ]
    key, answering = f"{task}-{row['seq']}-{row['place']}", house.application.cases.answering
    return lambda house, _: answering.answer(house.actor(OTHER), key, "agree", "看过了")


def later(**by: float) -> Act:
    def due(house: House, _: str) -> None:
        house.clock.move(**by)
        while house.application.worker.run_due():
            pass

    return due


def in_one_go(house: House, case_id: str) -> None:
    application, task = house.application, house.task_of(ASKER, case_id)
    with application.database.read() as connection:
        case = rows.get(connection, int(case_id))
    assert case is not None
    application.bulks.begin(house.actor(ASKER), "complete", [Wanted("done")], [Picked(task, case["revision"])])
    assert BulkRunner(application.database, application.cases).run() == 1


def terminate(house: House, case_id: str) -> None:
    operator = house.application.operator
    with house.application.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO incidents (case_id, act, code, message_zh, message_en, opened_at)"
            f" VALUES ({case_id}, 'complete', 'x', '坏', 'bad', '2026-11-23T01:00:00Z')"
        )
    (one,) = operator.standing(house.actor("operator")).incidents
    operator.answer(house.actor("operator"), one.id, "terminate", "无法办理")


def fill(house: House, case_id: str) -> None:
    with house.application.database.write() as connection:
        fills.begin(connection, "columns:everywhere", house.clock.now())
    later(seconds=1)(house, case_id)


ACTS: dict[str, Act] = {
    "a case is opened": lambda house, _: begun(house),
    "a task is completed": lambda house, one: house.complete(ASKER, one, "done"),
    "a task is claimed": lambda house, one: house.application.cases.claims.claim(
        house.actor(REVIEWER), review(house, one)
    ),
    "it is passed on": lambda house, one: involve(house, one, "forward"),
    "it is delegated": lambda house, one: involve(house, one, "delegate"),
    "a time is due": later(hours=2),
    "a deadline has passed": later(days=9),
    "a case is withdrawn": lambda house, one: house.application.cases.acting.withdraw(house.actor(ASKER), one, "填错"),
    "a case is cancelled": lambda house, one: house.application.cases.acting.cancel(house.actor(ASKER), one, "填错"),
    "an operator ends it": terminate,
    "many are handled in one go": in_one_go,
    "an act is taken back": lambda house, one: house.application.taking_back.take_back(house.actor(ASKER), one, "看错"),
    "a list gets columns": fill,
}


@pytest.mark.parametrize("name", [*ACTS, "the last one answers"])
def test_nobody_waits_for_it_to_write(house: House, name: str) -> None:
    waits_for_nobody(house, name)


def test_every_act_is_worked_out_ahead_but_those_that_evaluate_nothing() -> None:
    """A new act is one of them from its first day."""
    without = set[str]()
    texts = [path.read_text("utf-8") for path in (ROOT / "engine").rglob("*.py")]
    for text in (one for one in texts if "self.transactions.act(" in one):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and "self.transactions.act(" in ast.unparse(node):
                without |= set() if "ahead" in map(ast.unparse, node.decorator_list) else {node.name}
    assert without == {"comment", "attach_all", "_tell_of_wrong"}


def test_on_postgresql_no_row_is_held_meanwhile(tmp_path: Path, postgresql: Server) -> None:
    house = build_house(tmp_path, FOLDER, server=postgresql)
    for name in ("a task is completed", "a time is due", "a case is opened", "the last one answers"):
        waits_for_nobody(house, name)
    house.application.database.close()


def waits_for_nobody(house: House, name: str) -> None:
    case_id = begun(house)
    act = answer_of(house, case_id) if name == "the last one answers" else ACTS[name]
    if name == "an act is taken back":
        house.complete(ASKER, case_id, "done")
    if name == "a deadline has passed":
        later(hours=2)(house, case_id)
    slow(house)
    with pytest.MonkeyPatch.context() as patch:
        seen = held(patch, house.application.database)
        act(house, case_id)
    assert seen.count(False) >= 5 and seen.count(True) == 0
    assert house.proof(case_id) == []


def test_what_is_not_known_to_take_long_is_given_up_and_done_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its transaction ends at the second expression; the job counts no failed try."""
    case_id = begun(house)
    monkeypatch.setattr("engine.publishing.suspending.Suspensions.slow", lambda self, digest=None: False)
    seen = held(monkeypatch, house.application.database)
    house.clock.move(hours=2)
    worker = house.application.worker
    done, failed = worker.done, worker.failed
    assert worker.run_due() >= 1 and (worker.done > done, worker.failed) == (True, failed)
    assert 0 < seen.count(True) < seen.count(False)
    assert house.proof(case_id) == []


def test_a_history_is_played_again_while_others_may_write(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it is; who has acted meanwhile is not undone by it."""
    case_id, played = begun(house), list[int]()
    house.complete(ASKER, case_id, "done")
    acting, take_back = house.application.cases.acting, house.application.taking_back.take_back

    def beside(*words: Any) -> Any:
        played.append(len(words[1]))
        acting.comment(house.actor(REVIEWER), case_id, "请稍候")
        return rebuild(*words)

    monkeypatch.setattr("engine.evidence.taking_back.rebuild", beside)
    with pytest.raises(Conflict):
        take_back(house.actor(ASKER), case_id, "看错")
    assert played == [1, 2]


def test_what_changed_meanwhile_is_not_believed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two acts meet: what the second had worked out ahead rests on what the first one changes."""
    case_id = begun(house)
    slow(house)
    write, between = Database._write, [lambda: house.complete(ASKER, case_id, "done")]

    def first(self: Database) -> Any:
        if between:
            between.pop()()
        return write(self)

    monkeypatch.setattr(Database, "_write", first)
    house.application.cases.acting.complete(house.actor(REVIEWER), review(house, case_id), {"opinion": "好"}, "agree")
    with house.application.database.read() as connection:
        row = rows.get(connection, int(case_id))
    assert row is not None and row["status"] == "completed" and house.proof(case_id) == []


def test_whoever_makes_it_change_again_and_again_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is evaluated again while others wait is given up a second time, too."""
    monkeypatch.setattr("engine.publishing.suspending.Suspensions.slow", lambda self, digest=None: False)
    ahead, moment = house.application.cases.ahead, house.clock.now()
    text = compile_expression("count(for i in 1..3000 return i) = n")
    seen: list[int] = []

    def act() -> None:
        with house.application.database.write():
            for _ in range(3):
                seen.append(len(seen))
                text.evaluate({"n": len(seen)}, Environment(moment))

    with pytest.raises(Conflict):
        ahead.done(act)
    assert len(seen) == 2 + 3 + 3
    with house.application.database.write():
        pass


def test_nothing_is_left_of_it_for_who_comes_after(house: House) -> None:
    """The last expression of an act took long: what the page then evaluates is not stopped for it."""
    moment, text = house.clock.now(), compile_expression("count(for i in 1..3000 return i) = 1")

    def act() -> None:
        with house.application.database.write():
            text.evaluate({}, Environment(moment))

    with step() as allowed:
        house.application.cases.ahead.done(act)
        assert not isinstance(allowed.stop, TakesLong) and text.evaluate({}, Environment(moment)) is False
