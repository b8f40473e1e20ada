"""Five hundred tasks in one go, over HTTP: how long it takes, and what a colleague feels meanwhile, on both databases.

The colleague opens his list and completes a task, again and again. The floor is the same colleague while nothing else
is done, and, for the time, as many single acts in a process without a server.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from tests import postgres
from tests.benchmarks.race import open_tasks, person
from tests.site import Site, prepared_environment, serving
from tests.visitor import Visitor

MANY, ALONE, OTHERS = 500, 100, 400
ASKED = 3.0
"""Times what the colleague waits for while nothing else is done, at the median."""
FORM = "application/x-www-form-urlencoded"


@dataclass
class Felt:
    """Milliseconds that the colleague waited, and how often he was refused."""

    waits: list[float] = field(default_factory=list)
    refused: int = 0

    def __str__(self) -> str:
        last = statistics.quantiles(self.waits, n=20)[-1]
        return f"{statistics.median(self.waits):6.1f} ms, 95 % within {last:6.1f} ms, {self.refused} refused"


def measure(many: int = MANY) -> None:
    """Prints of each database the time of the go, and what the colleague felt in each part of it."""
    with postgres.running(settings={}) as server:
        for name in ("SQLite", "PostgreSQL"):
            with tempfile.TemporaryDirectory() as folder:
                url = "" if name == "SQLite" else server.url(server.create())
                environment = prepared_environment(Path(folder), database_url=url)
                with serving(Path(folder), environment) as site:
                    _measure(site, name, many)


def _measure(site: Site, name: str, many: int) -> None:
    tasks, others, single = open_tasks(site, many), iter(open_tasks(site, OTHERS)), open_tasks(site, ALONE)
    each = _single(site, single)
    with Visitor(site.url).sign_in("shijiazhuang") as person, Visitor(site.url).sign_in("shijiazhuang2") as colleague:
        alone, tried, done = Felt(), Felt(), Felt()
        ends = time.perf_counter() + 5
        _work(colleague, others, alone, lambda: time.perf_counter() > ends)
        page: list[str] = []
        rehearsed = _beside(colleague, others, tried, lambda: page.append(_rehearse(person, tasks)))
        taken = _beside(colleague, others, done, lambda: _go(person, page[0], many))
    ratio = statistics.median(done.waits) / statistics.median(alone.waits)
    told = "OK" if ratio <= ASKED and not done.refused else "missed"
    print(
        f"{f'{many} tasks in one go, {name}':<40} {taken:6.1f} s   one by one without a server {each * many:6.1f} s"
        f"   rehearsed in {rehearsed:5.1f} s\n    a colleague alone {alone}\n    beside the rehearsal {tried}"
        f"\n    beside the go {done}   ratio {ratio:4.2f}   asked ≤ {ASKED}   {told}",
        flush=True,
    )


def _single(site: Site, tasks: Sequence[str]) -> float:
    """Seconds of one act without a server."""
    with site.opened() as opened:
        who, began = person(opened, "shijiazhuang"), time.perf_counter()
        for task in tasks:
            opened.cases.acting.complete(who, task, {"opinion": "同意"}, "pass")
        return (time.perf_counter() - began) / len(tasks)


def _beside(colleague: Visitor, others: Iterator[str], felt: Felt, act: Callable[[], object]) -> float:
    """Let the colleague work until something is done; the seconds that it took."""
    over = threading.Event()
    worker = threading.Thread(target=_work, args=(colleague, others, felt, over.is_set))
    worker.start()
    began = time.perf_counter()
    try:
        act()
        return time.perf_counter() - began
    finally:
        over.set()
        worker.join()


def _work(colleague: Visitor, others: Iterator[str], felt: Felt, over: Callable[[], bool]) -> None:
    while not over():
        began = time.perf_counter()
        page = colleague.get("/tasks")
        task = next(others, "")
        if not task:  # enough is known
            return
        answer = colleague.post(f"/tasks/{task}", {"data": {"opinion": "同意"}, "outcome": "pass"})
        felt.waits.append((time.perf_counter() - began) * 1000)
        felt.refused += page.status != 200 or answer.status != 200
        time.sleep(0.05)


def _rehearse(who: Visitor, tasks: Sequence[str]) -> str:
    who.get("/tasks")
    words = [("csrf_token", who.token), *(("task", task) for task in tasks)]
    chosen = who.request("POST", "/bulk/choose", urlencode(words), FORM)
    assert chosen.status == 200, chosen.text
    named = re.search(r'name="tasks:0" value="([^"]*)"', chosen.text)
    assert named is not None, chosen.text
    asked = {"groups": "1", "tasks:0": named[1], "outcome:0": "pass", "words": "同意"}
    while True:
        told = who.post_form("/bulk/rehearse", asked)
        assert told.status == 200, told.text
        known = re.search(r'name="known" value="([^"]*)"', told.text)
        if known is None:
            return told.text
        asked |= {"more": "1", "known": unescape(known[1])}


def _go(who: Visitor, page: str, many: int) -> None:
    keys = re.findall(r'name="go" value="([^"]*)"', page)
    assert len(keys) == many, len(keys)
    words = [("csrf_token", who.token), ("groups", "1"), ("outcome:0", "pass"), ("words", "同意")]
    answer = who.request("POST", "/bulk", urlencode([*words, *(("go", key) for key in keys)]), FORM)
    assert answer.status == 303, answer.text
    while "办理完毕" not in who.get(answer.headers["Location"]).text:
        time.sleep(1)
