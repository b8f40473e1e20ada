"""Random models walked at random through the acts on cases, on both databases in turn.

After every step the stored state is loaded, woken as a whole, saved again and compared, and what is open is compared
with the calculus of the model; at the end the case is rebuilt from its events and compared with all that is stored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count as counting
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import bindparam, select

from engine import semantics, spiff
from engine.definition import Definition, digest_of
from engine.runtime.run import MAX_SECONDS, Run
from storage import cases as rows
from storage import definitions, waits
from storage.tables import jobs
from tests import postgres
from tests.engine.runtime import drawing, models
from tests.house import ROOT, START, House, build_house
from tests.postgres import Server
from tests.soak.watch import Score

COUNT = 2_000
STEPS = 30
LEAVES = 8
WALKS_A_HOUSE = 200  # a service remembers the definitions that it has seen
CHANCE_OF_AN_EARLY_END = 0.1
APPROVAL = ROOT / "tests" / "benchmarks" / "workflows"
TIMERS = select(jobs.c.id, jobs.c.element).where(
    jobs.c.case_id == bindparam("case"), jobs.c.kind == waits.TIMER, jobs.c.status == "waiting"
)
Act = Callable[[dict[str, Any]], object]
KEY, PLACE, PERSON = "random", "130102", "changan"


def random_model(chance: Random, leaves: int = LEAVES) -> Any:
    """A well-structured process of about so many leaves, its tasks named t1, t2 … and its timers e1, e2 …"""
    return models._named(_node(chance, leaves), counting(1))


def _node(chance: Random, leaves: int) -> Any:
    if leaves < 2 or chance.random() < 0.2:
        alone = chance.random() < 0.8
        return models.Task() if alone else models.Many(models.Task(), chance.randint(2, 3), chance.random() < 0.5)
    kind = chance.choice(("seq", "par", "choice", "some", "loop", "sub", "race", "watched", "meet", "some of", "free"))
    if kind == "loop":
        return models.Loop(_node(chance, leaves - 1), models.Task())
    if kind == "sub":
        return models.Sub(_node(chance, leaves))
    if kind == "watched":
        how = {"interrupting": chance.random() < 0.5, "inside": chance.random() < 0.5}
        return models.Watched(_node(chance, leaves // 2), models.Event(), _node(chance, leaves // 2), **how)
    if kind == "free":
        return models.AdHoc((models.Task(),) * chance.randint(1, 2), models.Task())
    width = chance.randint(2, 3)
    parts = tuple(_node(chance, leaves // width) for _ in range(width))
    if kind == "race":
        return models.Race(tuple((models.Event(), part) for part in parts))
    if kind == "meet":
        return models.Meet(parts, models.Task())
    if kind == "some of":
        return models.SomeOf(parts, chance.randint(1, width), _node(chance, leaves // width))
    if kind in ("choice", "some"):
        return models.Choice(models.Task(), parts, kind == "some")
    return models.Seq(parts) if kind == "seq" else models.Par(parts)


def answer_to(question: Any, chance: Random) -> dict[str, Any]:
    """What is handed in where a task asks for something."""
    if isinstance(question, models.Choice):
        width = range(len(question.parts))
        if question.inclusive:
            return {"picks": [str(pick) for pick in sorted(chance.sample(width, chance.randint(1, len(width))))]}
        return {"pick": chance.choice(width)}
    return {"again": chance.random() < 0.5} if isinstance(question, (models.Loop, models.AdHoc)) else {}


def walk(house: House, chance: Random) -> Iterator[str]:
    """One case of one model; everything that is wrong, and nothing when all is well."""
    model = random_model(chance)
    _publish(house, drawing.files(model))
    asks, left, officer, cases = models.questions(model), model, house.actor_once(PERSON), house.application.cases
    case_id = cases.acting.start(officer, KEY, PLACE, {}).case_id
    for _ in range(STEPS):
        waiting, wrong = _standing(house, int(case_id))
        yield from wrong
        if set(waiting) != models.open_now(left):
            yield f"{sorted(waiting)} are open, and {sorted(models.open_now(left))} must be: {model}"
            return
        if not waiting:
            break
        if chance.random() < CHANCE_OF_AN_EARLY_END / STEPS:
            cases.acting.withdraw(officer, case_id, "不办了")
            break
        name = chance.choice(sorted(waiting))
        answer = answer_to(asks.get(name), chance)
        waiting[name](answer)
        left = models.step(left, name, answer)
    yield from (f"{line}: {model}" for line in house.proof(case_id))


def _publish(house: House, files: dict[str, bytes]) -> None:
    """Past the checks, which have their own tests and take longer than the walk."""
    with house.application.database.write() as connection:
        definitions.publish(connection, KEY, digest_of(KEY, files), (KEY, KEY), files, START, None)


def _standing(house: House, case_id: int) -> tuple[dict[str, Act], list[str]]:
    """What may happen now, by the element that it happens to; and a word if the state is not what it is loaded as."""
    application, officer = house.application, house.actor_once(PERSON)
    with application.database.read() as connection:
        case = rows.get(connection, case_id)
        assert case is not None
        definition = application.catalog.definition(connection, case["digest"])
        open_rows = [row for row in rows.tasks_of(connection, case_id) if row["status"] == "open"]
        timers = connection.execute(TIMERS, {"case": case_id}).all()
    possible: dict[str, Act] = {row.element: partial(_fire, house, row.id) for row in timers}
    for row in open_rows:
        task = f"{case_id}-{row['number']}"
        possible[row["element"]] = partial(application.cases.acting.complete, officer, task, outcome="done")
    same = _again(definition, case["state"]) == case["state"]
    return possible, [] if same else [f"case {case_id}: state not the same"]


def _fire(house: House, job_id: int, _: Any) -> None:
    """Run a timer's job, whenever it is due."""
    house.application.worker._run(job_id)


def _again(definition: Definition, state: bytes) -> bytes:
    """The state, loaded with everything in it awake, and saved."""
    instance = Run(definition, START, _ask, semantics.CURRENT, MAX_SECONDS).instance
    variables = spiff.load(instance, state)
    instance.everywhere()
    return spiff.save(instance, variables)


def _ask(name: str, parameters: Any) -> Any:
    raise AssertionError(name)


@contextmanager
def _houses() -> Iterator[Iterator[House]]:
    """Houses on SQLite and on PostgreSQL in turn, each for some walks."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres.running())

        def one(kind: Server | None) -> House:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            house = build_house(folder, APPROVAL, server=kind)
            stack.callback(house.application.database.close)
            return house

        def both() -> Iterator[House]:
            while True:
                pair = [one(None), one(server)]
                yield from pair * (WALKS_A_HOUSE // 2)

        yield both()


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` walks, the same for the same seed; the worst time is not judged."""
    score = Score("walks", limit=float("inf"))
    with _houses() as houses:
        for number, house in zip(range(count), houses, strict=False):
            began = time.monotonic()
            wrong = [f"walk {number}: {line}" for line in walk(house, Random(f"{seed} {number}"))]
            score.took(time.monotonic() - began, f"walk {number}")
            score.tried += 1
            score.outcomes["wrong" if wrong else "proved"] += 1
            score.broken += wrong
    return score
