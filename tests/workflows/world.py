"""A whole installation in a folder, with the demo's places, whose clock and people a test moves. Knows no process."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine import accounts, demo_people, schema
from engine.accounts import Actor
from engine.people import People
from engine.service import Service, open_service
from engine.signin import Settings

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
CHEAP = Settings(time_cost=1, memory_kib=8, parallelism=1)
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

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.data_dir / 'gangwei.db'}"


@dataclass(slots=True)
class World:
    """One installation. People are made when first named: ``role@code``, several by spaces, ``#2`` a second such person."""

    service: Service
    clock: Hands
    people: dict[str, int] = field(default_factory=dict)

    def actor(self, names: str) -> Actor:
        with self.service.database.write() as connection:
            if names not in self.people:
                people = People(self.service.database, self.clock, CHEAP)
                login = f"person{len(self.people) + 1}"
                number = people.add(connection, None, login, names, "correct horse battery", must_change=False)
                for name in names.split():
                    role, _, code = name.split("#")[0].partition("@")
                    people.give(connection, None, number, role, code)
                self.people[names] = number
            return accounts.actor(connection, self.people[names], self.clock.now())

    def wait(self, days: float) -> None:
        self.clock.time += timedelta(days=days)


def found(folder: Path, workflows: Path = WORKFLOWS) -> World:
    """A new installation with the official tree, the demo's places and everything under ``workflows`` published."""
    folder.mkdir(parents=True, exist_ok=True)
    world = opened(folder)
    schema.upgrade(world.service.url)
    demo_people.load_organisations(world.service.database, world.clock)
    demo_people.load_places(world.service.database, world.clock)
    world.service.catalog.publish(workflows, world.clock.now())
    return world


def opened(folder: Path) -> World:
    clock = Hands(BEFORE)
    return World(open_service(Place(folder), clock), clock)


def copied(source: Path, folder: Path) -> World:
    """A new installation with the contents of another one, which nobody has open."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    return opened(folder)
