"""What a server completes for one client without a pause, and for sixteen that think between two tasks, over HTTP.

Of one process on SQLite, and of two on one PostgreSQL, between which the sixteen are divided as a proxy divides them.

The clients are threads of a process of their own. A task is completed by whoever holds it, each client its own tasks.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests import postgres
from tests.benchmarks.race import open_tasks
from tests.site import Site, free_port, prepared_environment, serving
from tests.visitor import Visitor

CLIENTS = 16
THINK_SECONDS = 0.05
EACH = 40
WARM = 20
WORDS = {"data": {"opinion": "同意"}, "outcome": "pass"}
ASKED = 1.2
"""Times the throughput of one client."""


@dataclass(frozen=True)
class Throughput:
    """Tasks a second: of one client, and of all that think."""

    one: float
    many: float

    @property
    def ratio(self) -> float:
        return self.many / self.one


def measure(site: Site, beside: Sequence[str] = (), rounds: int = 3) -> Throughput:
    """Both in turn, several times; the median of each. Prints a line. ``beside``: addresses of further processes."""
    one, many, urls = [], [], [site.url, *beside]
    for _ in range(rounds):
        one.append(_run(urls[:1], open_tasks(site, WARM + 2 * EACH), 1, 0.0))
        many.append(_run(urls, open_tasks(site, CLIENTS * (EACH + 2)), CLIENTS, THINK_SECONDS))
    found = Throughput(sorted(one)[rounds // 2], sorted(many)[rounds // 2])
    told = "OK" if found.ratio >= ASKED else "missed"
    print(
        f"{f'{CLIENTS} clients that think {THINK_SECONDS * 1000:.0f} ms, {len(urls)} process(es)':<46} {found.many:8.1f} a second   one client"
        f" {found.one:8.1f}   ratio {found.ratio:5.2f}   asked ≥ {ASKED}   {told}",
        flush=True,
    )
    return found


def measure_two() -> Throughput:
    """The same of two processes on a PostgreSQL of its own."""
    with (
        postgres.running(settings={}) as server,
        tempfile.TemporaryDirectory() as folder,
        ExitStack() as running,
    ):
        where = Path(folder)
        environment = prepared_environment(where, database_url=server.url(server.create()))
        sites = []
        for name in ("one", "two"):
            (where / name).mkdir()
            own = environment | {"GANGWEI_PORT": str(free_port())}
            sites.append(running.enter_context(serving(where / name, own)))
        return measure(sites[0], [sites[1].url])


def _run(urls: Sequence[str], tasks: Sequence[str], clients: int, think: float) -> float:
    """Tasks that are completed in a second by so many clients, those of the warm-up left out."""
    results: multiprocessing.SimpleQueue[float] = multiprocessing.get_context("spawn").SimpleQueue()
    runner = multiprocessing.get_context("spawn").Process(target=_clients, args=(urls, tasks, clients, think, results))
    runner.start()
    found = results.get()
    runner.join()
    return found


def _clients(
    urls: Sequence[str], tasks: Sequence[str], clients: int, think: float, results: multiprocessing.SimpleQueue[float]
) -> None:
    shares = [tasks[number::clients] for number in range(clients)]
    warm = WARM if clients == 1 else 2
    began: list[float] = []
    barrier = threading.Barrier(clients, action=lambda: began.append(time.perf_counter()))
    with Visitor(urls[0]).sign_in("shijiazhuang") as first:
        known = (dict(first.cookies), first.token)
    threads = [
        threading.Thread(target=_client, args=(urls[at % len(urls)], known, share, warm, think, barrier), daemon=True)
        for at, share in enumerate(shares)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    taken = time.perf_counter() - began[0]
    results.put(sum(len(share) - warm for share in shares) / taken)


def _client(
    url: str, known: tuple[dict[str, str], str], tasks: Sequence[str], warm: int, think: float,
    barrier: threading.Barrier,
) -> None:  # fmt: skip
    with Visitor(url, dict(known[0]), known[1]) as visitor:
        for number, task in enumerate(tasks):
            if number == warm:
                barrier.wait()
            answer = visitor.post(f"/tasks/{task}", WORDS)
            assert answer.status == 200, answer.text
            time.sleep(think)
