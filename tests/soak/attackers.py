"""Four attackers at a served installation, on each database, and what everybody else waits: the 99th percentile, no 500.

Some send what runs into the limits of FEEL, others what stays just within them. They never pause.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests import postgres
from tests.benchmarks.race import person
from tests.engine.cases.slow import AT_A_WORD, slow_process
from tests.site import Site, prepared_environment, run_gangwei, serving
from tests.soak.watch import Score
from tests.visitor import Answer, Visitor

SECONDS = 40
ATTACKERS = OTHERS = 4
MOST_SECONDS = 2.0
LOGIN, PLACE = "changan", "130102"
HEAVY = 50  # such expressions take nearly all of what a step may take
WITHIN = "count(for i in 1..24000 return i * i) > 0"
NOTE = {"data": {"note": "slow"}}


class Others:
    """What others asked, how long it took and how it was answered."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.attacked: Counter[int] = Counter()
        self.broken: list[str] = []

    def time(self, act: Callable[[], Answer]) -> Answer:
        began = time.monotonic()
        answer = act()
        self.taken.append(time.monotonic() - began)
        self.statuses[answer.status] += 1
        return answer

    @property
    def late(self) -> float:
        """The 99th percentile."""
        return sorted(self.taken)[int(len(self.taken) * 0.99)]


def definitions() -> dict[str, str]:
    """One that runs into its limits at a word, some that stay within them, and one that is quick."""
    files = slow_process(AT_A_WORD, AT_A_WORD) | slow_process(key="quick")
    for number in range(ATTACKERS):
        files |= slow_process(WITHIN, WITHIN, derive=WITHIN, key=f"heavy{number}", times=HEAVY)
    return files


def opened_tasks(site: Site) -> dict[str, str]:
    """A task of each definition to attack."""
    with site.opened() as opened:
        officer, start = person(opened, LOGIN), opened.cases.acting.start
        keys = ["slow", *(f"heavy{number}" for number in range(ATTACKERS))]
        return {key: start(officer, key, PLACE, {"note": "slow"}).opened[0].id for key in keys}


def attack(visitor: Visitor, number: int, tasks: dict[str, str], found: Others, over: threading.Event) -> None:
    heavy = f"heavy{number}"
    with visitor:
        while not over.is_set():
            for act in (
                lambda: visitor.post(f"/tasks/{tasks['slow']}", {"data": {}, "outcome": "done"}),
                lambda: visitor.get(f"/tasks/{tasks[heavy]}"),
                lambda: visitor.post(f"/tasks/{tasks[heavy]}/check", NOTE),
                lambda: visitor.post(f"/start/{heavy}?organisation={PLACE}", NOTE),
                lambda: visitor.post(f"/tasks/{tasks[heavy]}", {"data": {"note": "n"}, "outcome": "done"}),
            ):
                found.attacked[act().status] += 1


def work(visitor: Visitor, found: Others, over: threading.Event) -> None:
    with visitor:
        while not over.is_set():
            found.time(lambda: visitor.get("/tasks"))
            started = found.time(lambda: visitor.post(f"/start/quick?organisation={PLACE}", NOTE))
            if started.status != 201 and started.status != 200:
                found.broken.append(f"a start is answered {started.status}: {started.text[:200]}")
                continue
            case_id = started.json["case_id"]
            page = found.time(lambda: visitor.get(f"/cases/{case_id}"))  # noqa: B023
            (task, *_) = re.findall(rf"/tasks/({case_id}-\d+)", page.text) or ("0-0",)
            found.time(lambda: visitor.get(f"/tasks/{task}"))  # noqa: B023
            found.time(lambda: visitor.post(f"/tasks/{task}", {"data": {}, "outcome": "done"}))  # noqa: B023
            time.sleep(0.05)


def soak(count: int = SECONDS, seed: int = 0) -> Score:
    """``count`` seconds of it on each database."""
    score = Score("attackers", limit=MOST_SECONDS)
    servers: dict[str, Any] = {"SQLite": nullcontext(), "PostgreSQL": postgres.running(settings=postgres.SAFE)}
    for kind, starting in servers.items():
        with starting as server, TemporaryDirectory() as name:
            _count(score, kind, _attacked(Path(name), server, count))
    return score


def _attacked(folder: Path, server: postgres.Server | None, seconds: int) -> Others:
    environment = prepared_environment(folder, database_url=server.url(server.create()) if server else "")
    for path, text in definitions().items():
        (folder / "own" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "own" / path).write_text(text, encoding="utf-8")
    run_gangwei(["workflows", "publish", str(folder / "own")], environment)
    with serving(folder, environment) as site:
        found, over = Others(), threading.Event()
        tasks = opened_tasks(site)
        people = [Visitor(site.url).sign_in(LOGIN) for _ in range(ATTACKERS + OTHERS)]
        threads = [threading.Thread(target=work, args=(one, found, over)) for one in people[ATTACKERS:]]
        for number, one in enumerate(people[:ATTACKERS]):
            threads.append(threading.Thread(target=attack, args=(one, number, tasks, found, over)))
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        over.set()
        for thread in threads:
            thread.join()
    return found


def _count(score: Score, kind: str, found: Others) -> None:
    score.tried += len(found.taken)
    score.outcomes.update({f"answered {status} on {kind}": number for status, number in found.statuses.items()})
    score.took(found.late, f"the 99th percentile of everybody else on {kind}")
    broken = found.broken[:3] + [f"{status} to others" for status in found.statuses if status >= 500]
    broken += [f"{status} to an attacker" for status in found.attacked if status == 500]
    score.broken += [f"{kind}: {line}" for line in broken]
    middle = sorted(found.taken)[len(found.taken) // 2]
    attacked = ", ".join(f"{number} × {status}" for status, number in sorted(found.attacked.items()))
    score.notes += f"{kind}: median {middle:.3f} s, p99 {found.late:.3f} s, longest {max(found.taken):.3f} s; "
    score.notes += f"attackers were answered {attacked}; "
