"""What takes long is worked out before the transaction: nobody waits for it to write, and nothing else comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest

from engine.dmn.decisions import load_decisions
from engine.errors import Conflict
from engine.feel import Allowance, Environment, FeelFunction, WorkedOut, compile_expression, step
from storage import cases as rows
from storage.database import Database
from tests.engine.cases.slow import slow_process
from tests.engine.dmn.dmn_files import decision, definitions, literal
from tests.house import House, build_house
from tests.web.office import Office

PLACE, NOW = "130102", datetime(2026, 11, 23, tzinfo=UTC)
WITHIN = "count(for i in 1..9000 return i * i) > 0"


@pytest.fixture(scope="module")
def house(tmp_path_factory: Any) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("ahead")
    for name, text in slow_process(f"start.note = &quot;x&quot; or {WITHIN}".replace("&quot;", '"')).items():
        (folder / "own" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "own" / name).write_text(text, encoding="utf-8")
    made = build_house(folder, folder / "own")
    yield made
    made.application.database.close()


def held(monkeypatch: pytest.MonkeyPatch, database: Database) -> list[bool]:
    """Whether a writer held the database at each round of a loop of FEEL."""
    found: list[bool] = []
    looked = Environment.look
    writes = Database._write

    def look(self: Environment) -> None:
        found.append(bool(depth))
        looked(self)

    depth: list[int] = []

    def write(self: Database) -> Any:
        return _Deep(writes(self), depth)

    monkeypatch.setattr(Environment, "look", look)
    monkeypatch.setattr(Database, "_write", write)
    return found


class _Deep:
    def __init__(self, inner: Any, depth: list[int]) -> None:
        self.inner, self.depth = inner, depth

    def __enter__(self) -> Any:
        given = self.inner.__enter__()
        self.depth.append(1)
        return given

    def __exit__(self, *words: Any) -> Any:
        self.depth.pop()
        return self.inner.__exit__(*words)


def everything_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an evaluation takes of this machine, and whatever copying what it rests on takes."""
    monkeypatch.setattr("engine.feel.ahead.WORTH_SECONDS", -1.0)
    monkeypatch.setattr("engine.feel.ahead.TIMES", 0)


def opened(house: House, note: str) -> tuple[str, str]:
    case_id = house.start("changan", "slow", PLACE, {"note": note}).case_id
    return case_id, house.task_of("changan", case_id)


def test_what_takes_long_is_evaluated_while_others_may_write(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, task = opened(house, "n")
    monkeypatch.setattr("engine.feel.budget.MUCH", 0.0)
    everything_is_kept(monkeypatch)
    monkeypatch.setattr("engine.publishing.suspending.MOST_DEBT", 1000.0)
    house.application.catalog.suspensions.took(_digest(house, case_id), 0.2, Allowance())
    seen = held(monkeypatch, house.application.database)
    house.application.cases.acting.complete(house.actor("changan"), task, {"note": "n"}, "done")
    assert seen.count(False) > 10 and seen.count(True) == 0
    assert house.proof(case_id) == []


def test_over_http_too_where_the_page_s_key_is_a_part_of_the_transaction(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, task = opened(house, "n")
    monkeypatch.setattr("engine.feel.budget.MUCH", 0.0)
    everything_is_kept(monkeypatch)
    monkeypatch.setattr("engine.publishing.suspending.MOST_DEBT", 1000.0)
    monkeypatch.setattr("engine.publishing.suspending.Suspensions.slow", lambda self, digest=None: False)
    client, told = Office(house).desk("changan"), {"data": {"note": "n"}, "outcome": "done"}
    key, redo, redone = {"Idempotency-Key": "once-and-ahead", "Accept": "application/json"}, Allowance.redo, list[int]()
    monkeypatch.setattr(Allowance, "redo", lambda self: redone.append(1) or redo(self))  # type: ignore[func-returns-value]
    answers = [client.post(f"/tasks/{task}", json=told, headers=key).status_code for _ in range(2)]
    assert (answers, redone) == ([200, 200], [1]), "the second is the first one's answer"
    with house.application.database.read() as connection:
        row = rows.get(connection, int(case_id))
    assert row is not None and row["revision"] == 2 and house.proof(case_id) == []


def _digest(house: House, case_id: str) -> str:
    with house.application.database.read() as connection:
        row = rows.get(connection, int(case_id))
    assert row is not None
    return str(row["digest"])


def environment(**named: Any) -> Environment:
    return Environment(NOW, **named)


def worked_out(text: str, context: dict[str, Any], **named: Any) -> WorkedOut:
    with step() as allowed:
        known = allowed.known = WorkedOut(NOW)
        compile_expression(text).evaluate(context, environment(**named))
        known.noting = False
        allowed.known = None
    return known


def again(known: WorkedOut, text: str, context: dict[str, Any], **named: Any) -> tuple[Any, int]:
    """What it gives now, and how many steps that took."""
    with step() as allowed:
        allowed.known = known
        here = environment(**named)
        counted: list[int] = []
        charge = Environment.charge
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Environment, "charge", lambda self, n: counted.append(n) or charge(self, n))  # type: ignore[func-returns-value]
            value = compile_expression(text).evaluate(context, here)
        allowed.known = None
        return value, len(counted)


@pytest.mark.parametrize("other", [{"n": 2}, {"n": True}, {}, {"n": [1]}])
def test_what_rests_on_other_values_is_evaluated_again(monkeypatch: pytest.MonkeyPatch, other: dict[str, Any]) -> None:
    everything_is_kept(monkeypatch)
    text = "string(n)"
    known = worked_out(text, {"n": 1})
    assert again(known, text, {"n": 1, "beside": 7}) == ("1", 0), "what it does not name is nothing to it"
    value, steps = again(known, text, other)
    assert steps and value == compile_expression(text).evaluate(other, environment())


def test_the_world_is_asked_again_and_another_answer_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    everything_is_kept(monkeypatch)
    functions = {"world": FeelFunction("world", (), lambda env: env.ask("world", {}))}
    answers, asked = [1, 1, 2], []

    def ask(name: str, _: Any) -> Any:
        asked.append(name)
        return answers[len(asked) - 1]

    known = worked_out("world() + 1", {}, functions=functions, ask=ask)
    assert again(known, "world() + 1", {}, functions=functions, ask=ask)[0] == 2 and len(asked) == 2
    with pytest.raises(Conflict):
        again(known, "world() + 1", {}, functions=functions, ask=ask)


def test_two_versions_of_a_table_are_two_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """They bear one id and are asked the same in one step, as for two days."""
    everything_is_kept(monkeypatch)
    old, new = (load_decisions("t.dmn", definitions(decision("rate", literal(text))))["rate"] for text in ("1", "2"))
    with step() as allowed:
        known = allowed.known = WorkedOut(NOW)
        first = [one.evaluate({}, environment()).value for one in (old, new)]
        known.noting = False
        assert [one.evaluate({}, environment()).value for one in (old, new)] == first == [1, 2]
        allowed.known = None


def test_two_who_write_do_not_wait_for_what_takes_long(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """While an expression of one is stopped halfway, another completes a task."""
    monkeypatch.setattr("engine.feel.budget.MUCH", 0.0)
    monkeypatch.setattr("engine.publishing.suspending.MOST_DEBT", 1000.0)
    (case_id, slow), (_, quick) = opened(house, "n"), opened(house, "x")
    person, acting, done = house.actor("changan"), house.application.cases.acting, []
    house.application.catalog.suspensions.took(_digest(house, case_id), 0.2, Allowance())
    look, first = Environment.look, list[int]()

    def pause(self: Environment) -> None:
        if not first:
            first.append(1)
            other = Thread(target=lambda: done.append(acting.complete(person, quick, {}, "done")))
            other.start()
            other.join(60)
        look(self)

    monkeypatch.setattr(Environment, "look", pause)
    acting.complete(person, slow, {"note": "n"}, "done")
    assert len(done) == 1


def test_what_is_filled_in_afterwards_is_not_what_it_rested_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form puts what it has computed into the very rows that its expressions name."""
    everything_is_kept(monkeypatch)
    row = {"n": 1}
    with step() as allowed:
        known = allowed.known = WorkedOut(NOW)
        assert compile_expression("rows[1].n").evaluate({"rows": [row]}, environment()) == 1
        row["n"] = 2
        known.noting = False
        assert compile_expression("rows[1].n").evaluate({"rows": [{"n": 2}]}, environment()) == 2
        assert compile_expression("rows[1].n").evaluate({"rows": [{"n": 1}]}, environment()) == 1
        allowed.known = None
