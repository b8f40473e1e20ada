"""What pages cost over HTTP when few and when many tasks are open, all of them with deadlines that run.

One client; of each page the 95th percentile of 200 requests after 20 to warm up, beside a page that asks nothing of the
database (the floor), in the same run. Then a case of 20,000 events, a start of the server, and a task that is completed
over HTTP beside the same step without a server.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from storage.database import Database
from tests.benchmarks import clients, finding
from tests.benchmarks.measure import milliseconds
from tests.benchmarks.race import open_tasks, person
from tests.many import fill
from tests.site import Site, serving
from tests.visitor import Visitor
from web.common.config import read_config

SIZES = (1_000, 100_000)
WARM, TIMES, STEPS, EVENTS = 20, 200, 200, 20_000
GROWTH, OVER_STEP = 1.5, 4.0
"""Asked: times the page of few tasks, and times the step without a server."""
OVER_PLAIN = 1.5
"""Asked: times the same list as it opens, in the same run."""
BY_COLUMNS = {
    "largest inbox, a rare column value": "largest inbox",
    "largest inbox, by a column": "largest inbox",
    "all cases, a rare column value": "all cases",
    "all cases, the same by the column": "all cases",
}
RARE, NOBODY = "%E9%95%BF%E5%AE%89%E5%8C%BA", "%E9%BE%98%E9%BE%99"
"""In the name of one organisation among many, and in nothing."""
Timed = dict[str, float]


def measure(folder: Path, environment: dict[str, str], sizes: Sequence[int] = SIZES) -> None:
    """Print a line of everything; ``sizes``: how many tasks are open, the fewest first."""
    few: Timed = {}
    with serving(folder, environment) as site:
        post(site)
        clients.measure(site)
        model = open_tasks(site, 1)[0]
        filled = 0
        for size in sizes:
            began = time.perf_counter()
            _in_database(site, partial(fill, model=int(model.split("-")[0]), count=size - filled))
            filled = size
            print(f"-- {size:,} open tasks (filled in {time.perf_counter() - began:.0f} s)", flush=True)
            found = _pages(site, _of_lists(site, model))
            for name, taken in found.items():
                _line(name, taken, found["floor"], few.get(name))
            for name, plain in BY_COLUMNS.items():
                over = found[name] / found[plain]
                told = f"{over:5.2f} times “{plain}”   asked ≤ {OVER_PLAIN}   {_judged(over <= OVER_PLAIN)}"
                print(f"{name:<40} {told}", flush=True)
            finding.measure(site, ("BENCH-0000500", "0000500", "长安区"))
            few = few or found
        long = open_tasks(site, 1)[0]
        case_id = int(long.split("-")[0])
        short = _pages(site, _of_case(site, long))
        _in_database(site, partial(grow, case_id=case_id))
        print(f"-- a case of {EVENTS:,} events beside itself when it was new", flush=True)
        grown = _pages(site, _of_case(site, long))
        for name, taken in grown.items():
            _line(name, taken, grown["floor"], short[name])
    began = time.perf_counter()
    with serving(folder, environment) as site:
        print(
            f"a start among {filled:,} open tasks: {time.perf_counter() - began:.1f} s, {site.memory():.0f} MB",
            flush=True,
        )


def _in_database(site: Site, act: Callable[[Database], None]) -> None:
    database = Database(read_config(site.environment).database_url)
    try:
        act(database)
    finally:
        database.close()


def _pages(site: Site, asked: Sequence[tuple[str, Visitor, str]]) -> Timed:
    """The 95th percentile of each page, in milliseconds; the floor is among them."""
    found: Timed = {}
    for name, visitor, path in [("floor", Visitor(site.url), "/healthz"), *asked]:
        for _ in range(WARM):
            assert visitor.get(path).status == 200, (name, path)
        taken = sorted(milliseconds(lambda v=visitor, p=path: v.get(p)) for _ in range(TIMES))  # type: ignore[misc]
        found[name] = taken[int(len(taken) * 0.95)]
    return found


def _line(name: str, taken: float, floor: float, before: float | None) -> None:
    told = f"{name:<34} p95 {taken:8.1f} ms   floor {floor:5.1f} ms"
    if before is not None:
        told += f"   {taken / before:5.2f} times that of few   asked ≤ {GROWTH}   {_judged(taken <= before * GROWTH)}"
    print(told, flush=True)


def _judged(kept: bool) -> str:
    return "OK" if kept else "missed"


def _of_lists(site: Site, model: str) -> list[tuple[str, Visitor, str]]:
    """Name, reader and address of each page."""
    province, city = Visitor(site.url).sign_in("province"), Visitor(site.url).sign_in("shijiazhuang")
    word, rare = "%E5%B2%97%E4%BD%8D", "key=post_approval&c.opened=7"
    return [
        ("first page", province, "/"),
        ("first page of a leader", Visitor(site.url).sign_in("province.leader"), "/"),
        ("first page of a city", city, "/"),
        ("largest inbox", province, "/tasks"),
        ("largest inbox, late ones", province, "/tasks?due=late"),
        ("largest inbox, newest first", province, "/tasks?sort=-arrived"),
        ("largest inbox, a common word", province, f"/tasks?q={word}"),
        ("largest inbox, a case's number", province, "/tasks?q=BENCH-0000500"),
        ("largest inbox, a number's tail", province, "/tasks?q=000500"),
        ("largest inbox, a rare word", province, f"/tasks?q={RARE}"),
        ("inbox of a city", city, "/tasks"),
        ("all cases", province, "/cases"),
        ("all cases, late ones", province, "/cases?due=late"),
        ("all cases, a case's number", province, "/cases/found?q=BENCH-0000500"),
        ("all cases, a number's tail", province, "/cases/found?q=0000500"),
        ("all cases, a rare word", province, f"/cases/found?q={RARE}"),
        ("all cases, a common word", province, f"/cases/found?q={word}"),
        ("all cases, a word of nobody", province, f"/cases/found?q={NOBODY}"),
        ("all cases of a city", city, "/cases"),
        ("largest inbox, a rare column value", province, f"/tasks?{rare}"),
        ("largest inbox, by a column", province, "/tasks?key=post_approval&sort=c.opened"),
        ("all cases, a rare column value", province, f"/cases?{rare}"),
        ("all cases, the same by the column", province, f"/cases?{rare}&sort=c.opened"),
        ("deadlines", province, "/deadlines"),
        ("deadlines, late ones", province, "/deadlines?only=late"),
        ("deadlines, suspended ones", province, "/deadlines?only=suspended"),
        ("deadlines, a common word", province, f"/deadlines?q={word}"),
        ("deadlines of a city", city, "/deadlines"),
        ("task", city, f"/tasks/{model}"),
    ]


def _of_case(site: Site, task: str) -> list[tuple[str, Visitor, str]]:
    city, case_id = Visitor(site.url).sign_in("shijiazhuang"), task.split("-")[0]
    tabs = [
        (f"case, {tab}", city, f"/cases/{case_id}?tab={tab}") for tab in ("form", "history", "deadlines", "diagram")
    ]
    return [*tabs, ("its task", city, f"/tasks/{task}")]


def grow(database: Database, case_id: int) -> None:
    """Let a case have many events: copies of its first, as comments. Its pages read them; its proof would not hold."""
    with database.write() as connection:
        for table, own in (("events", {"name": "'comment_added'"}), ("event_payloads", {"data": '\'{"text": "好"}\''})):
            _copies(connection, table, own, case_id)
        connection.exec_driver_sql(f"UPDATE cases SET revision = {EVENTS} WHERE id = {case_id}")


def _copies(connection: Connection, table: str, own: dict[str, str], case_id: int) -> None:
    driver: Any = connection.connection.driver_connection
    names = [row[1] for row in driver.execute(f"PRAGMA table_info({table})")]
    values = ", ".join({"seq": "i", **own}.get(name, f"m.{name}") for name in names)
    driver.execute(
        f"WITH RECURSIVE n(i) AS (VALUES(2) UNION ALL SELECT i + 1 FROM n WHERE i < {EVENTS})"
        f" INSERT INTO {table} SELECT {values} FROM n, (SELECT * FROM {table} WHERE case_id = {case_id} AND seq = 1) m"
    )


def post(site: Site) -> None:
    """A task completed over HTTP, and the same step in a process without a server."""
    tasks = open_tasks(site, 2 * (WARM + STEPS))
    with Visitor(site.url).sign_in("shijiazhuang") as visitor:
        over = [milliseconds(lambda one=one: _done(visitor, one)) for one in tasks[: WARM + STEPS]]  # type: ignore[misc]
    with site.opened() as opened:
        city = person(opened, "shijiazhuang")
        rest = tasks[WARM + STEPS :]
        complete, words = opened.cases.acting.complete, {"opinion": "同意"}
        steps = [milliseconds(lambda one=one: complete(city, one, words, "pass")) for one in rest]  # type: ignore[misc]
    ours, floor = (statistics.median(taken[WARM:]) for taken in (over, steps))
    print(
        f"{'a task completed over HTTP':<34} {ours:8.1f} ms   the step {floor:6.1f} ms   ratio {ours / floor:5.2f}"
        f"   asked ≤ {OVER_STEP:.0f}   {_judged(ours <= floor * OVER_STEP)}",
        flush=True,
    )


def _done(visitor: Visitor, task: str) -> None:
    answer = visitor.post(f"/tasks/{task}", {"data": {"opinion": "同意"}, "outcome": "pass"})
    assert answer.status == 200, answer.text
