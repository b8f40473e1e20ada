"""How long pages take when 100,000 tasks are open, half of them in one inbox: over HTTP, from request to last byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from storage.database import Database, utc_text
from storage.events import events, payloads
from storage.tables import NO_DUE, cases, deadlines, tasks
from tests.benchmarks.measure import repeat
from tests.benchmarks.race import open_tasks
from tests.site import Site
from tests.visitor import Visitor
from web.common.config import read_config

OPEN_TASKS = 100_000
DEADLINES_OF = 10
"""Of so many tasks one has a deadline that runs; the deadlines of the others are over."""
CITIES = range(130100, 131200, 100)
BATCH = 2_000
REQUESTS = 30


def fill(site: Site, count: int = OPEN_TASKS) -> str:
    """Copy one real case until ``count`` tasks are open; the id of the model's task.

    Every second task waits for the province, the others for the cities in turn.
    """
    model = open_tasks(site, 1)[0]
    database = Database(read_config(site.environment).database_url)
    try:
        _copy(database, int(model.partition("-")[0]), count)
    finally:
        database.close()
    return model


def _copy(database: Database, case_id: int, count: int) -> None:
    with database.read() as connection:
        case = dict(connection.execute(select(cases).where(cases.c.id == case_id)).mappings().one())
        task = dict(connection.execute(select(tasks).where(tasks.c.case_id == case_id)).mappings().one())
        event = dict(connection.execute(select(events).where(events.c.case_id == case_id)).mappings().one())
        said = dict(connection.execute(select(payloads).where(payloads.c.case_id == case_id)).mappings().one())
        deadline = dict(connection.execute(select(deadlines).where(deadlines.c.case_id == case_id)).mappings().one())
        first = connection.execute(select(func.max(cases.c.id))).scalar_one() + 1
    for begin in range(first, first + count, BATCH):
        numbers = range(begin, min(begin + BATCH, first + count))
        with database.write() as connection:
            connection.execute(insert(cases), [_case(case, number) for number in numbers])
            connection.execute(insert(events), [event | {"case_id": number} for number in numbers])
            connection.execute(insert(payloads), [said | {"case_id": number} for number in numbers])
            copies = [_task(task, number) for number in numbers]
            connection.execute(insert(tasks), copies)
            connection.execute(insert(deadlines), [_deadline(deadline, one) for one in copies])


def _case(model: dict[str, Any], number: int) -> dict[str, Any]:
    opened = model["opened_at"] - timedelta(minutes=number % 50_000)
    return model | {"id": number, "number": f"BENCH-{number:07}", "opened_at": opened, "updated_at": opened}


def _task(model: dict[str, Any], number: int) -> dict[str, Any]:
    candidate = "province_approver@130000" if number % 2 else f"city_reviewer@{CITIES[number // 2 % len(CITIES)]}"
    opened = model["opened_at"] - timedelta(minutes=number % 50_000)
    due = model["due_at"] - timedelta(minutes=number * 7 % 50_000) if model["due_at"] else None
    warn = due - timedelta(days=3) if due else None
    times = {"opened_at": opened, "due_at": due, "warn_at": warn, "due_key": utc_text(due) if due else NO_DUE}
    return model | {"case_id": number, "candidate": candidate} | times


def _deadline(model: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    number = task["case_id"]
    status = "met" if number % DEADLINES_OF else "open"
    since, now = utc_text(model["started_at"]), utc_text(model["started_at"] + timedelta(days=30))
    pauses = [] if number % (5 * DEADLINES_OF) else [{"from": since, "until": now}]
    times = {name: task[name] or model[name] for name in ("due_at", "warn_at")}
    return model | {"case_id": number, "status": status, "pauses": pauses} | times


def measure(site: Site, model: str) -> None:
    """Print the times of the pages that people wait for most."""
    province, city = Visitor(site.url).sign_in("province"), Visitor(site.url).sign_in("shijiazhuang")
    case_id = model.partition("-")[0]
    for name, visitor, path in pages(model, case_id, province, city):
        answer = visitor.get(path)
        assert answer.status == 200, (name, answer.status)
        repeat(f"{name} ({len(answer.text) // 1024} KB)", lambda v=visitor, p=path: v.get(p), times=REQUESTS)  # type: ignore[misc]


def pages(model: str, case_id: str, province: Visitor, city: Visitor) -> Iterator[tuple[str, Visitor, str]]:
    """Name, reader and address of each page."""
    yield "inbox, 50,000 tasks", province, "/tasks"
    yield "inbox, searched by number", province, "/tasks?q=BENCH-0050001"
    yield "inbox, searched by its end", province, "/tasks?q=0050001"
    yield "inbox, searched by words", province, "/tasks?q=%E5%B2%97%E4%BD%8D"
    yield "inbox, late ones", province, "/tasks?due=late"
    yield "inbox, newest first", province, "/tasks?sort=arrived"
    yield "inbox, 4,500 tasks", city, "/tasks"
    yield "deadlines, 10,000 run", province, "/deadlines"
    yield "deadlines, suspended ones", province, "/deadlines?only=suspended"
    yield "deadlines, searched by words", province, "/deadlines?q=%E5%B2%97%E4%BD%8D"
    yield "task page", city, f"/tasks/{model}"
    yield "case page", city, f"/cases/{case_id}"
    yield "case page, history", city, f"/cases/{case_id}?tab=history"
