"""A whole installation in a folder, with the demo's places, on which a test plays. Knows no process."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine import upgrading
from engine.application import open_application
from engine.demo import people as demo_people
from engine.publishing.folder import FolderFiles
from engine.trials.stage import CHEAP, MovedClock, Stage
from tests.directory import put_in_force
from tests.postgres import Server

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
BEFORE = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation keeps its things."""

    data_dir: Path
    database_url: str
    production: bool = False


@dataclass(slots=True)
class World(Stage):
    """One installation in a folder, and its people."""

    folder: Path = Path()


def found(folder: Path, workflows: Path = WORKFLOWS, server: Server | None = None, only: Collection[str] = ()) -> World:
    """A new installation with the official tree, the demo's places and everything under ``workflows`` published.

    ``only``: of the processes no others, where some are named.
    """
    folder.mkdir(parents=True, exist_ok=True)
    world = opened(folder, server.url(server.create()) if server else None)
    upgrading.upgrade(world.application.url)
    put_in_force(world.application.database, world.clock)
    demo_people.load_organisations(world.application.database, world.clock)
    demo_people.load_places(world.application.database, world.clock)
    files = {name: data for name, data in FolderFiles(workflows).items() if not only or _wanted(name, only)}
    world.application.catalog.publish(files, world.clock.now())
    return world


def _wanted(name: str, only: Collection[str]) -> bool:
    folder = name.partition("/")[0]
    return folder.startswith("_") or folder in only


def opened(folder: Path, url: str | None = None) -> World:
    """An installation in a folder, whose database is SQLite's file there unless another one is named."""
    clock = MovedClock(BEFORE)
    place = Place(folder, url or f"sqlite:///{folder / 'gangwei.db'}")
    return World(open_application(place, clock, entrance=CHEAP), clock, folder=folder)


def copied(source: World, folder: Path, server: Server | None) -> World:
    """A new installation with the contents of another one, which nobody has open: its files, and its database."""
    shutil.copytree(source.folder, folder, dirs_exist_ok=True)
    return opened(folder, server.url(server.create(server.name_in(source.application.url))) if server else None)
