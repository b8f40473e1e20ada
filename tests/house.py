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

from engine import upgrading
from engine.application import Application, open_application
from engine.calendar.days import LEGAL_ZONE
from engine.channels.settings import NONE, Channels
from engine.demo import people as demo_people
from engine.directory import actors
from engine.directory.actors import Actor
from engine.directory.signin import Settings
from engine.evidence import replay
from engine.publishing.folder import FolderFiles
from engine.views import Receipt
from storage import accounts as account_rows
from storage import events
from tests.directory import put_in_force
from tests.payloads import misfits
from tests.postgres import Server

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = ROOT / "workflows"
CHEAP = Settings(time_cost=1, memory_kib=8, parallelism=1)
"""A sign-in whose passwords cost nothing to compare."""
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
    """What ``open_application`` needs to know."""

    data_dir: Path
    database_url: str
    production: bool = False


@dataclass
class House:
    """An open installation and its people."""

    application: Application
    clock: TestClock
    folder: Folder
    known: dict[str, Actor] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        """A demo person by login."""
        with self.application.database.read() as connection:
            row = account_rows.user_by_login(connection, login)
            assert row is not None, login
            return actors.actor(connection, row["id"], self.clock.now())

    def actor_once(self, login: str) -> Actor:
        """The same, looked up once: for measuring acts alone."""
        if login not in self.known:
            self.known[login] = self.actor(login)
        return self.known[login]

    def start(self, login: str, key: str, place: str, data: Mapping[str, Any]) -> Receipt:
        self.clock.move(minutes=1)
        return self.application.cases.acting.start(self.actor(login), key, place, data)

    def task_of(self, login: str, case_id: str) -> str:
        """The one open task of a case that this person may take."""
        found = [task.id for task in self.application.cases.reading.case(self.actor(login), case_id).tasks if task.mine]
        assert len(found) == 1, found
        return found[0]

    def complete(self, login: str, case_id: str, outcome: str, **data: Any) -> Receipt:
        """Act on the one task that waits for somebody. Passing with boxes unticked says why."""
        self.clock.move(minutes=1)
        words = {"opinion": "同意上报。", **data} if outcome == "pass" else data
        return self.application.cases.acting.complete(self.actor(login), self.task_of(login, case_id), words, outcome)

    def at(self, month: int, day: int, hour: int = 9, year: int = 2026) -> None:
        """Move the clock to an hour in Shijiazhuang and let everything due run."""
        self.clock.at = datetime(year, month, day, hour, tzinfo=LEGAL_ZONE).astimezone(UTC)
        while self.application.worker.run_due():
            pass

    def publish(self, files: Mapping[str, bytes | str]) -> None:
        """Publish definitions given as files by path."""
        self.application.catalog.publish(files, self.clock.now())

    def proof(self, case_id: str) -> list[str]:
        """What differs between the stored case and the one rebuilt from its events, and events that are not as declared."""
        with self.application.database.read() as connection:
            differ = list(replay.differences(connection, self.application.catalog, int(case_id)))
            return [*differ, *misfits(events.of_case(connection, int(case_id)))]


def replaced(folder: Path, *texts: tuple[str, str]) -> dict[str, str]:
    """The definitions of a folder, all text, with something in their diagrams replaced: (before, after)."""
    files = {name: data.decode() for name, data in FolderFiles(folder).items()}
    for before, after in texts:
        assert any(before in text for name, text in files.items() if name.endswith(".bpmn"))
        files |= {n: text.replace(before, after) for n, text in files.items() if n.endswith(".bpmn")}
    return files


def build_house(folder: Path, *workflows: Path, server: Server | None = None, channels: Channels = NONE) -> House:
    """A house of its own in ``folder`` with ``workflows`` published (default: the project's own), on SQLite or ``server``."""
    made = _published(workflows or (WORKFLOWS,), server)
    shutil.copytree(made.data_dir, folder, dirs_exist_ok=True)
    where = Folder(folder, _copy(made, folder, server))
    clock = TestClock()
    return House(open_application(where, clock, entrance=CHEAP, channels=channels), clock, where)


def _copy(made: Folder, folder: Path, server: Server | None) -> str:
    """Where the copy of a database is; SQLite's went with its folder."""
    if server is None:
        return f"sqlite:///{folder / 'gangwei.db'}"
    return server.url(server.create(server.name_in(made.database_url)))


@cache
def _published(workflows: tuple[Path, ...], server: Server | None) -> Folder:
    """The furnished database with these folders published, made once for all tests that want the same."""
    folder, made = Path(mkdtemp(prefix="gangwei-")), _furnished(server)
    shutil.copytree(made.data_dir, folder, dirs_exist_ok=True)
    where = Folder(folder, _copy(made, folder, server))
    clock = TestClock()
    application = open_application(where, clock, entrance=CHEAP)
    for source in workflows:
        application.catalog.publish(FolderFiles(source), clock.now())
    application.database.close()
    return where


@cache
def _furnished(server: Server | None) -> Folder:
    """A database with the schema, the organisations and the demo people, made once for all tests."""
    folder = Path(mkdtemp(prefix="gangwei-"))
    where = Folder(folder, server.url(server.create()) if server else f"sqlite:///{folder / 'gangwei.db'}")
    upgrading.upgrade(where.database_url)
    application = open_application(where, TestClock(), entrance=CHEAP)
    put_in_force(application.database, application.clock)
    demo_people.load_organisations(application.database, application.clock)
    demo_people.load_places(application.database, application.clock)
    demo_people.load_users(application.database, application.clock, CHEAP)
    application.database.close()
    return where
