"""Eight processes hand in the same task at the same moment, over HTTP. Exactly one may win, each time."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

from engine.application import Application
from engine.directory import actors
from engine.directory.actors import Actor
from tests.applications import filled_application
from tests.site import Site
from tests.visitor import Visitor

PROCESSES = 8
SECONDS_TO_WAIT = 120


@dataclass(frozen=True)
class Result:
    """How often each multiset of statuses came: ``{(200, 409, …): 100}``."""

    rounds: Counter[tuple[int, ...]]

    @property
    def clean(self) -> bool:
        return set(self.rounds) == {(200, *[409] * (PROCESSES - 1))}


def race(site: Site, rounds: int) -> Result:
    """Open a fresh case for each round, then let all processes loose on its first task."""
    tasks = open_tasks(site, rounds)
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(PROCESSES), context.SimpleQueue()
    runners = [context.Process(target=_run, args=(site.url, tasks, barrier, results)) for _ in range(PROCESSES)]
    for runner in runners:
        runner.start()
    columns = [results.get() for _ in runners]
    for runner in runners:
        runner.join(SECONDS_TO_WAIT)
    return Result(Counter(tuple(sorted(statuses)) for statuses in zip(*columns, strict=True)))


def open_tasks(site: Site, count: int) -> list[str]:
    """Start that many cases in the site's own database; the ids of the tasks that wait for the city."""
    with site.opened() as opened:
        officer = person(opened, "changan")
        receipts = [
            opened.cases.acting.start(officer, "post_approval", "130102", filled_application()) for _ in range(count)
        ]
    return [receipt.opened[0].id for receipt in receipts]


def person(opened: Application, login: str) -> Actor:
    """Who signs in with that name, as the door would know him now."""
    with opened.database.read() as connection:
        return actors.actor(connection, opened.accounts.by_login(None, login).user_id, opened.machine.now())


def _run(url: str, tasks: Sequence[str], barrier: Barrier, results: multiprocessing.SimpleQueue[list[int]]) -> None:
    """One process: its own session of the same reviewer, waiting for the others before every shot."""
    statuses: list[int] = []
    try:
        with Visitor(url).sign_in("shijiazhuang") as visitor:
            for task in tasks:
                barrier.wait(SECONDS_TO_WAIT)
                statuses.append(visitor.post(f"/tasks/{task}", {"data": {"opinion": "同意"}, "outcome": "pass"}).status)
    finally:
        results.put(statuses)
