"""A whole installation in a folder, with the demo's places, whose clock and people a test moves. Knows no process."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine import upgrading
from engine.application import Application, open_application
from engine.demo import people as demo_people
from engine.desks.accounts import AccountDesk
from engine.directory import actors
from engine.directory.actors import Actor
from engine.publishing.folder import FolderFiles
from tests.directory import put_in_force
from tests.house import CHEAP
from tests.postgres import Server

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
BEFORE = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@dataclass(slots=True)
class Hands:
    """A clock that only a test moves."""

    time: datetime

    def now(self) -> datetime:
        return self.time


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation keeps its things."""

    data_dir: Path
    database_url: str
    production: bool = False


@dataclass(slots=True)
class World:
    """One installation. People are made when first named: ``role@code``, several by spaces, ``#2`` a second such person.

    Before a colon stands a login that a form names: ``worker1: social_worker@130102``.
    """

    application: Application
    clock: Hands
    folder: Path
    people: dict[str, int] = field(default_factory=dict)

    def actor(self, names: str) -> Actor:
        with self.application.database.write() as connection:
            if names not in self.people:
                people = AccountDesk(self.application.database, self.clock, CHEAP)
                login = names.partition(":")[0] if ":" in names else f"person{len(self.people) + 1}"
                number = people.add(
                    connection, None, login, names, people.hashed("correct horse battery", login), must_change=False
                )
                for name in names.partition(":")[2].split() or names.split():
                    role, _, code = name.split("#")[0].partition("@")
                    people.give(connection, None, number, role, code)
                self.people[names] = number
            return actors.actor(connection, self.people[names], self.clock.now())

    def wait(self, days: float) -> None:
        self.clock.time += timedelta(days=days)


def found(folder: Path, workflows: Path = WORKFLOWS, server: Server | None = None) -> World:
    """A new installation with the official tree, the demo's places and everything under ``workflows`` published."""
    folder.mkdir(parents=True, exist_ok=True)
    world = opened(folder, server.url(server.create()) if server else None)
    upgrading.upgrade(world.application.url)
    put_in_force(world.application.database, world.clock)
    demo_people.load_organisations(world.application.database, world.clock)
    demo_people.load_places(world.application.database, world.clock)
    world.application.catalog.publish(FolderFiles(workflows), world.clock.now())
    return world


def opened(folder: Path, url: str | None = None) -> World:
    """An installation in a folder, whose database is SQLite's file there unless another one is named."""
    clock = Hands(BEFORE)
    place = Place(folder, url or f"sqlite:///{folder / 'gangwei.db'}")
    return World(open_application(place, clock, entrance=CHEAP), clock, folder)


def copied(source: World, folder: Path, server: Server | None) -> World:
    """A new installation with the contents of another one, which nobody has open: its files, and its database."""
    shutil.copytree(source.folder, folder, dirs_exist_ok=True)
    return opened(folder, server.url(server.create(server.name_in(source.application.url))) if server else None)
