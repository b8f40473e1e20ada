"""Counts what SQLite does, in steps of its machine: what a page costs, whatever else the computer does meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from storage.database import Database

EACH = 50
"""Steps between two looks."""


@dataclass
class Work:
    """How many steps were taken so far."""

    steps: int = 0


@contextmanager
def work(database: Database) -> Iterator[Work]:
    """The steps that all statements take meanwhile, whoever says them."""
    done = Work()

    def tick() -> int:
        done.steps += EACH
        return 0

    def watch(connection: Any, *_: Any) -> None:
        connection.set_progress_handler(tick, EACH)

    def leave(connection: Any, *_: Any) -> None:
        if connection is not None:
            connection.set_progress_handler(None, EACH)

    event.listen(database.engine, "checkout", watch)
    event.listen(database.engine, "checkin", leave)
    try:
        yield done
    finally:
        event.remove(database.engine, "checkout", watch)
        event.remove(database.engine, "checkin", leave)
