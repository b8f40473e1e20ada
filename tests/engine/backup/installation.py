"""A house with cases, files and waiting jobs, what of it must come back, and an empty place to restore it to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, text

from engine.application import Application, open_application
from storage.account_events import AccountEventRow, account_events
from storage.database import rows_of
from tests.applications import filled_application, post
from tests.house import House, TestClock, build_house
from tests.postgres import Server


@dataclass(frozen=True)
class Place:
    """What a backup needs of the settings."""

    data_dir: Path
    database_url: str
    production: bool = False
    demo: bool = False


def furnished(folder: Path, server: Server | None) -> tuple[House, Place]:
    """A house with a case that waits, one that is approved, a file and somebody who is signed in."""
    house = build_house(folder, server=server)
    place = Place(folder, house.folder.database_url)
    waiting = house.start("changan", "post_approval", "130102", filled_application()).case_id
    house.application.cases.acting.attach(house.actor("changan"), waiting, "说明.txt", "岗位说明".encode())
    return house, place


def approved(house: House, street: str) -> str:
    """A further case, to its end."""
    case_id = house.start("changan", "post_approval", "130102", filled_application(post(street))).case_id
    house.complete("shijiazhuang", case_id, "pass")
    task = house.task_of("province", case_id)
    form = house.application.cases.reading.task(house.actor("province"), task).form
    assert form is not None
    house.application.cases.acting.complete(house.actor("province"), task, dict(form.values), "approve")
    return case_id


def empty(folder: Path, server: Server | None) -> Place:
    """Where nothing is yet."""
    return Place(folder, server.url(server.create()) if server else f"sqlite:///{folder / 'gangwei.db'}")


def opened(place: Place, clock: TestClock) -> Application:
    return open_application(place, clock)


def content(application: Application, *tables: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of these tables."""
    with application.database.read() as connection:
        return {
            one: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {one} ORDER BY 1, 2"))]
            for one in tables
        }


def last_event(application: Application) -> tuple[str, str]:
    """The kind of the newest account event, and the backup that it names."""
    with application.database.read() as connection:
        row = rows_of(
            connection, select(account_events).order_by(account_events.c.sequence.desc()).limit(1), AccountEventRow
        )
    return row[0]["kind"], row[0]["facts"]["backup"]
