"""What a step costs in a case that has been returned and corrected many times, and how many bytes its state takes."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from engine.application import Application
from engine.directory.actors import Actor
from storage.events import payloads
from storage.tables import cases
from tests.applications import filled_application
from tests.benchmarks.measure import milliseconds
from tests.benchmarks.race import person
from tests.site import Site

ROUNDS = 200
GROUP = 20


def measure(site: Site, rounds: int = ROUNDS) -> None:
    """One case, returned and handed in again ``rounds`` times; prints milliseconds and bytes as it grows old."""
    with site.opened() as opened:
        _play(opened, rounds)


def _play(opened: Application, rounds: int) -> None:
    officer, reviewer = (person(opened, login) for login in ("changan", "shijiazhuang"))
    receipt = opened.cases.acting.start(officer, "post_approval", "130102", filled_application())
    case_id, taken = receipt.case_id, []
    print(f"{'state after the start':<40} {state_bytes(opened, case_id):8} bytes")
    for number in range(1, rounds + 1):
        milliseconds_of_round, receipt = _round(opened, officer, reviewer, receipt)
        taken.append(milliseconds_of_round)
        if number % GROUP == 0:
            median = statistics.median(taken[-GROUP:])
            name = f"return and correction, round {number - GROUP + 1} to {number}"
            print(f"{name:<40} {median:8.2f} ms   state {state_bytes(opened, case_id)} bytes")
    slope = statistics.median(taken[-GROUP:]) / statistics.median(taken[:GROUP])
    print(f"{'last rounds to first rounds':<40} {slope:8.2f} times")
    print(f"{'events of the case':<40} {event_bytes(opened, case_id):8} bytes")


def _round(opened: Application, officer: Actor, reviewer: Actor, receipt: Any) -> tuple[float, Any]:
    """The city returns, the officer hands in again."""
    answers: list[Any] = []

    def timed(act: Callable[[], Any]) -> float:
        return milliseconds(lambda: answers.append(act()))

    back = {"opinion": "请补充材料"}
    city = receipt.opened[0].id
    total = timed(lambda: opened.cases.acting.complete(reviewer, city, back, "return"))
    own = answers[-1].opened[0].id
    total += timed(lambda: opened.cases.acting.complete(officer, own, filled_application(), "resubmit"))
    return total, answers[-1]


def state_bytes(opened: Application, case_id: str) -> int:
    with opened.database.read() as connection:
        query = select(func.length(cases.c.state)).where(cases.c.id == int(case_id))
        return int(connection.execute(query).scalar_one())


def event_bytes(opened: Application, case_id: str) -> int:
    with opened.database.read() as connection:
        query = select(func.sum(func.length(payloads.c.data))).where(payloads.c.case_id == int(case_id))
        return int(connection.execute(query).scalar_one())
