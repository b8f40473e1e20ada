"""Random acts on one task by many people, beside a model of a page that was written from the rules alone.

One of them stands in for another: what he does he does in that person's right, and never as two persons. After every
act the model says in whose inbox the task stands and how it stands, and the case is proved from its events.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from engine.desks.substitutes import WantedSubstitute
from engine.directory import policy
from engine.directory.actors import Actor
from engine.errors import Refusal
from storage import cases, inbox, involvements, todo
from tests.house import ROOT, House, build_house
from tests.soak.verb_model import ABSENT, CHOSEN, DEPUTY, PEOPLE, Entry, Model, right
from tests.soak.watch import Score

FOLDER = ROOT / "tests" / "data" / "verbs"
STARTER = "changan"
TOGETHER = 10
"""Walks in one house: its days pass, and nobody stands in for another forever."""
KINDS = ("forward", "delegate", "before", "beside", "after", "ask")


def away(house: House) -> None:
    """Let the one stand in for the other from now on."""
    absent, deputy = house.actor(ABSENT), house.actor(DEPUTY)
    first = house.application.substitutes.today()
    asked = WantedSubstitute(absent.user_id, deputy.user_id, first, first + timedelta(days=300))
    house.application.substitutes.name(absent, asked)


class Walk:
    """One case, its model, and what the last act was."""

    def __init__(self, house: House, random: Random) -> None:
        self.house, self.random, self.model = house, random, Model()
        self.task = house.start(STARTER, "signed_together", "130102", {}).opened[0].id
        self.last: tuple[str, Model] | None = None

    @property
    def case_id(self) -> str:
        return self.task.split("-")[0]

    def do(self) -> tuple[str, bool, bool]:
        """One act: its name, whether the rules allow it, whether it was done."""
        name = self.random.choice(
            (*KINDS, *KINDS, *("claim", "release", "complete", "complete", "remove", "take_back"))
        )
        name = self.random.choice((name, "answer")) if self.model.asked() else name
        name = "wait" if self.random.random() < 0.04 else name
        name = "correct" if self.model.stands == "back" and self.random.random() < 0.5 else name
        who = self.random.choice(PEOPLE if self.random.random() < 0.2 else self._likely(name))
        before, stood = deepcopy(self.model), self._revision()
        allowed, act = getattr(self, f"_{name}", self._involve)(who, name)
        if self.model.nobody_is_left():
            allowed, self.model = False, before
        self.house.clock.move(minutes=1)
        try:
            act()
        except Refusal:
            return name, allowed, False
        if self._revision() != stood:  # who takes what he has leaves no event
            self.last = (who, before) if name in (*KINDS, "complete") else None
        return name, allowed, True

    def _revision(self) -> int:
        with self.house.application.database.read() as connection:
            case = cases.get(connection, int(self.case_id))
        assert case is not None
        return case["revision"]

    def _likely(self, name: str) -> Sequence[str]:
        turn = [one for one in PEOPLE if self.model.answerable(one)]
        return (turn if name == "answer" else []) or [one for one in PEOPLE if self.model.acts(one)] or PEOPLE

    def _involve(self, who: str, kind: str) -> tuple[bool, Callable[[], object]]:
        people = self.random.sample(CHOSEN, self.random.choice((1, 1, 1, 2)))
        house = self.house
        ids = [house.actor_once(one).user_id for one in people]
        verbs, actor = house.application.cases.verbs, house.actor_once(who)
        return self.model.involve(who, kind, people), lambda: verbs.involve(actor, self.task, kind, ids, "请看")

    def _claim(self, who: str, _: str) -> tuple[bool, Callable[[], object]]:
        allowed, actor = self.model.acts(who), self.house.actor_once(who)
        self.model.holder = right(who) if allowed else self.model.holder
        return allowed, lambda: self.house.application.cases.claims.claim(actor, self.task)

    def _release(self, who: str, _: str) -> tuple[bool, Callable[[], object]]:
        allowed, actor = self.model.acts(who), self.house.actor_once(who)
        self.model.holder = "" if allowed else self.model.holder
        return allowed, lambda: self.house.application.cases.claims.release(actor, self.task)

    def _complete(self, who: str, _: str) -> tuple[bool, Callable[[], object]]:
        outcome, acting = self.random.choice(("agree", "agree", "back")), self.house.application.cases.acting
        actor = self.house.actor_once(who)
        return self.model.complete(who, outcome), lambda: acting.complete(actor, self.task, {"opinion": "好"}, outcome)

    def _answer(self, who: str, _: str) -> tuple[bool, Callable[[], object]]:
        mine = self.model.answerable(who)
        kind, agrees = mine[0].kind if mine else "", self.random.random() < 0.7
        key = self._key(mine[0] if mine else next(iter(self.model.entries), None))
        said = {"delegate": "agree", "ask": "", "": "agree"}.get(kind, "agree" if agrees else "disagree")
        answering, actor = self.house.application.cases.answering, self.house.actor_once(who)
        return self.model.answer(who, agrees), lambda: answering.answer(actor, key, said, "看过")

    def _remove(self, who: str, _: str) -> tuple[bool, Callable[[], object]]:
        asked = self.model.asked()
        entry = self.random.choice(asked) if asked else None
        key, actor = self._key(entry), self.house.actor_once(who)
        allowed = entry is not None and self.model.remove(who, entry)
        return allowed, lambda: self.house.application.cases.answering.remove(actor, key, "")

    def _take_back(self, who: str, _: str) -> tuple[bool, Callable[[], object]]:
        who = self.last[0] if self.last and self.random.random() < 0.8 else who
        allowed = self.last is not None and self.last[0] == who
        self.model = deepcopy(self.last[1]) if self.last and allowed else self.model
        actor, taking_back = self.house.actor_once(who), self.house.application.taking_back
        return allowed, lambda: taking_back.take_back(actor, self.case_id, "点错了")

    def _wait(self, _: str, __: str) -> tuple[bool, Callable[[], object]]:
        days = self.random.choice((1, 4, 11))
        self.model.wait(days)

        def wait() -> None:
            self.house.clock.move(days=days)
            self.house.application.worker.run_due()

        return True, wait

    def _correct(self, _: str, __: str) -> tuple[bool, Callable[[], object]]:
        """What was returned comes again, as a new task."""
        task = self._open("correct")
        self.model = Model()

        def correct() -> None:
            actor = self.house.actor_once(STARTER)
            receipt = self.house.application.cases.acting.complete(actor, task, {}, "done")
            self.task = receipt.opened[0].id

        return True, correct

    def _open(self, element: str) -> str:
        """The newest task at an element."""
        with self.house.application.database.read() as connection:
            found = [one for one in cases.tasks_of(connection, int(self.case_id)) if one["element"] == element]
        return f"{self.case_id}-{found[-1]['number']}"

    def _key(self, entry: Entry | None) -> str:
        """The id of an entry: rows stand in the order in which people were asked."""
        place = [id(one) for one in self.model.entries].index(id(entry)) if entry else -1
        with self.house.application.database.read() as connection:
            found = involvements.of_task(connection, *map(int, self.task.split("-")))
        rows = [row for row in found if row["kind"] not in ("forward", "decision")]
        return f"{self.task}-{rows[place]['seq']}-{rows[place]['place']}" if entry and rows else f"{self.task}-0-0"

    def wrong(self) -> list[str]:
        """In what the case is otherwise than the model says."""
        with self.house.application.database.read() as connection:
            row = cases.task(connection, *map(int, self.task.split("-")))
        assert row is not None
        found = self.house.proof(self.case_id)
        stands = "open" if row["status"] == "open" else str(row["outcome"] or "late")
        if stands != self.model.stands:
            found.append(f"the task is {stands}, the model says {self.model.stands}")
        for who in PEOPLE:
            has = self._in_inbox(self.house.actor_once(who))
            if has != self.model.todo(who):
                found.append(f"{who} {'has' if has else 'lacks'} it: {self.model}")
        if stands == "agree":
            aside = {one for one in PEOPLE if {one, right(one)} & self.model.took_part()}
            found += [
                f"{one} must stand aside"
                for one in aside
                if self._in_inbox(self.house.actor_once(one), self._open("left"))
            ]
        return [str(one) for one in found]

    def _in_inbox(self, actor: Actor, task: str = "") -> bool:
        with self.house.application.database.read() as connection:
            listed = todo.todo(
                connection, policy.reached(actor), inbox.Asked(), self.house.clock.now(), policy.reader(actor)
            )
            rows = listed.page(connection, "", 500)
        return any(f"{one['case_id']}-{one['number']}" == (task or self.task) for one in rows)


def walk(house: House, random: Random, steps: int) -> tuple[list[str], Counter[str]]:
    """Some acts on a task, until one goes wrong; what was done and what was refused."""
    told: Counter[str] = Counter()
    case = Walk(house, random)
    for _ in range(steps):
        name, allowed, done = case.do()
        told[f"{name} {'done' if done else 'refused'}"] += 1
        wrong = [f"{name}: allowed {allowed}, done {done}: {case.model}"] if allowed != done else case.wrong()
        if wrong:
            return wrong, told
        if case.model.stands != "open" and random.random() < 0.5:
            case = Walk(house, random)
    return [], told


def soak(count: int = 200, seed: int = 1) -> Score:
    """``count`` walks of 40 acts each, the same for the same seed, some of them in a house of their own each time."""
    score = Score("verbs", limit=float("inf"))
    for first in range(0, count, TOGETHER):
        with TemporaryDirectory() as folder:
            house = build_house(Path(folder) / "house", FOLDER)
            away(house)
            for number in range(first, min(first + TOGETHER, count)):
                began = time.monotonic()
                lines, told = walk(house, Random(f"{seed} {number}"), 40)
                score.took(time.monotonic() - began, f"walk {number}")
                score.tried += sum(told.values())
                score.outcomes += told
                score.broken += [f"walk {number}: {line}" for line in lines]
            house.application.database.close()
    return score
