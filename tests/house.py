"""A whole installation for tests: a fresh database with the tree, the demo people and published workflows."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from engine import accounts, demo_people, replay, schema
from engine.accounts import Actor
from engine.service import Service, open_service
from engine.views import Receipt
from storage import accounts as account_rows

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = ROOT / "workflows"
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # a Monday, nine in the morning in Shijiazhuang


class TestClock:
    """A clock that a test moves."""

    __test__ = False

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(frozen=True)
class Folder:
    """What ``open_service`` needs to know."""

    data_dir: Path
    database_url: str


@dataclass
class House:
    """An open installation and its people."""

    service: Service
    clock: TestClock
    folder: Folder
    known: dict[str, Actor] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        """A demo person by login."""
        with self.service.database.read() as connection:
            row = account_rows.user_by_login(connection, login)
            assert row is not None, login
            return accounts.actor(connection, row["id"], self.clock.now())

    def actor_once(self, login: str) -> Actor:
        """The same, looked up once: for measuring acts alone."""
        if login not in self.known:
            self.known[login] = self.actor(login)
        return self.known[login]

    def start(self, login: str, key: str, place: str, data: Mapping[str, Any]) -> Receipt:
        self.clock.move(minutes=1)
        return self.service.cases.start(self.actor(login), key, place, data)

    def task_of(self, login: str, case_id: str) -> str:
        """The one open task of a case that this person may take."""
        found = [task.id for task in self.service.cases.case(self.actor(login), case_id).tasks if task.mine]
        assert len(found) == 1, found
        return found[0]

    def complete(self, login: str, case_id: str, outcome: str, **data: Any) -> Receipt:
        self.clock.move(minutes=1)
        return self.service.cases.complete(self.actor(login), self.task_of(login, case_id), data, outcome)

    def proof(self, case_id: str) -> list[str]:
        """What differs between the stored case and the one rebuilt from its events."""
        with self.service.database.read() as connection:
            return list(replay.differences(connection, self.service.catalog, int(case_id)))


def build_house(folder: Path, *workflows: Path) -> House:
    """Copy the furnished database into ``folder`` and publish ``workflows`` (default: the project's own)."""
    shutil.copytree(_published(workflows or (WORKFLOWS,)), folder, dirs_exist_ok=True)
    where = Folder(folder, f"sqlite:///{folder / 'gangwei.db'}")
    clock = TestClock()
    return House(open_service(where, clock), clock, where)


@cache
def _published(workflows: tuple[Path, ...]) -> Path:
    """The furnished database with these folders published, made once for all tests that want the same."""
    folder = Path(mkdtemp(prefix="gangwei-"))
    shutil.copytree(_furnished(), folder, dirs_exist_ok=True)
    clock = TestClock()
    service = open_service(Folder(folder, f"sqlite:///{folder / 'gangwei.db'}"), clock)
    for source in workflows:
        service.catalog.publish(source, clock.now())
    service.database.close()
    return folder


@cache
def _furnished() -> Path:
    """A database with the schema, the organisations and the demo people, made once for all tests."""
    folder = Path(mkdtemp(prefix="gangwei-"))
    where = Folder(folder, f"sqlite:///{folder / 'gangwei.db'}")
    schema.upgrade(where.database_url)
    service = open_service(where)
    demo_people.load_organisations(service.database, service.clock)
    demo_people.load_places(service.database, service.clock)
    demo_people.load_users(service.database, service.clock)
    service.database.close()
    return folder
