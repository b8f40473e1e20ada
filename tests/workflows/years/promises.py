"""What must hold of a staff after each act, whatever happens in its years. Judges what is there; changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

Records = dict[str, dict[str, Any]]
PERCENT: Final = {"excellent": 130, "qualified": 100, "basic": 50, "unqualified": 0}
"""Of the bonus, as worked out by hand in ``tests/data/consequences_by_hand.toml``."""
LEAST_MONTHS: Final = 6
ON_POST: Final = ("serving", "on_leave")


class Replaced(NamedTuple):
    """A replacement: the end that it has reached, or ``running``; the worker's number; the ground that it names."""

    end: str
    subject: str | None
    ground: str | None


@dataclass(frozen=True, slots=True)
class Staff:
    """The records in force and the replacements, by their numbers."""

    workers: Records
    posts: Records
    contracts: Records
    evaluations: Records
    rounds: Records
    replacements: dict[str, Replaced]


@dataclass(slots=True)
class Promises:
    """Asks all promises of what is there, and of what has changed since it asked last. ``broken``: each, in words."""

    before: Staff | None = None
    broken: list[str] = field(default_factory=list)

    def ask(self, now: Staff) -> None:
        """After an act."""
        self.broken += [*one_holder(now), *under_contract(now), *kept_quota(now), *due_is_right(now)]
        self.broken += [*one_ground(now), *steps(self.before, now), *not_while_appealing(self.before, now)]
        self.before = now

    def at_the_end(self, now: Staff) -> None:
        """When everything is settled, every bonus is paid."""
        self.broken += paid_as_due(now)


def one_holder(now: Staff) -> Iterator[str]:
    """A post has at most one holder, who is the one that the post names."""
    held = Counter(one["post"] for one in now.workers.values() if one.get("post"))
    yield from (f"post {post} has {count} holders" for post, count in held.items() if count > 1)
    for number, one in now.workers.items():
        if one.get("post") and now.posts[one["post"]].get("holder") != number:
            yield f"post {one['post']} of {number} names {now.posts[one['post']].get('holder')}"


def under_contract(now: Staff) -> Iterator[str]:
    """Nobody holds a post without a contract in force that has the post."""
    for number, one in now.workers.items():
        if one.get("post") and one["worker_state"] in ON_POST:
            contract = now.contracts.get(one.get("contract") or "")
            if contract is None or contract["state"] == "ended" or one["post"] not in contract["posts"]:
                yield f"{number} holds {one['post']} without a contract"


def kept_quota(now: Staff) -> Iterator[str]:
    """No more than three in ten of a round are excellent, or a reason says why."""
    for number, one in now.rounds.items():
        excellent, evaluated = one.get("excellent") or 0, one.get("evaluated") or 0
        if excellent * 10 > evaluated * 3 and not one.get("over_reason"):
            yield f"round {number}: {excellent} of {evaluated} without a reason"


def due_is_right(now: Staff) -> Iterator[str]:
    """A bonus is base times percent times months by twelve, and never is more paid than due."""
    for number, one in now.evaluations.items():
        if one.get("bonus") is not None:
            percent = PERCENT[one["grade"]] if one["bonus_months"] >= LEAST_MONTHS else 0
            due = Decimal(str(one["bonus_wage"])) * percent * one["bonus_months"] / 1200
            said = Decimal(str(one["bonus"])), Decimal(str(one.get("bonus_paid") or 0))
            if one["bonus_percent"] == percent and said[0] != due.quantize(Decimal("0.01"), ROUND_HALF_UP):
                yield f"bonus of {number} is {said[0]}, not {due}"
            if said[1] > said[0]:
                yield f"bonus of {number}: {said[1]} paid of {said[0]}"


def paid_as_due(now: Staff) -> Iterator[str]:
    """Every bonus that is due was paid in full."""
    for number, one in now.evaluations.items():
        if (one.get("bonus_paid") or 0) != (one.get("bonus") or 0):
            yield f"bonus of {number}: {one.get('bonus_paid')} paid of {one.get('bonus')}"


def steps(before: Staff | None, now: Staff) -> Iterator[str]:
    """A step is one to three, is what the results have raised it to, and falls only when an appeal changes a result."""
    for number, one in now.workers.items():
        step = one.get("allowance_step") or 1
        was = (before.workers.get(number, {}).get("allowance_step") or 1) if before else 1
        results = [e for e in now.evaluations.values() if e.get("worker") == number]
        if not 1 <= step <= 3:
            yield f"{number} is on step {step}"
        if step < was and not any(e.get("appeal_state") == "changed" for e in results):
            yield f"{number} fell from step {was} to {step}"


def one_ground(now: Staff) -> Iterator[str]:
    """Each replacement that was carried out has one ground, and nobody has two replacements at once."""
    for number, (end, _, ground) in now.replacements.items():
        if end == "replaced" and not isinstance(ground, str):
            yield f"replacement {number} has the ground {ground}"
    running = Counter(subject for end, subject, _ in now.replacements.values() if end == "running" and subject)
    yield from (f"{subject} has {count} replacements at once" for subject, count in running.items() if count > 1)


def not_while_appealing(before: Staff | None, now: Staff) -> Iterator[str]:
    """Nobody is replaced while his appeal is open, but in a post that he has left himself."""
    for number, (end, subject, ground) in now.replacements.items():
        was = before.replacements.get(number) if before else None
        under = [e for e in now.evaluations.values() if e.get("worker") == subject and e.get("appeal_state") == "open"]
        if end == "replaced" and (was is None or was.end != end) and ground != "left" and under:
            yield f"replacement {number} of {subject} while an appeal is open"
