"""What an operator asks of an installation at the console: proofs of cases, and how the background work stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine import replay
from engine.cases.base import parse_case_id
from engine.catalog import Catalog
from storage import cases, jobs
from storage.database import Database

Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Proof:
    """How a stored case compares with the one that its events make; no differences: proved."""

    case_id: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """Something that failed and waits for a decision of an operator."""

    id: int
    at: datetime
    act: str
    message: Text


@dataclass(frozen=True, slots=True)
class Work:
    """Jobs by status, and what has failed for good."""

    jobs: Mapping[str, int]
    incidents: tuple[OpenIncident, ...]


def prove(database: Database, catalog: Catalog, case_id: str) -> Proof:
    """Rebuild one case from its events and compare; nothing is written. Raises NotFound."""
    with database.read() as connection:
        return Proof(case_id, tuple(replay.differences(connection, catalog, parse_case_id(case_id))))


def prove_all(database: Database, catalog: Catalog) -> Iterator[Proof]:
    """Every case in turn, each in a reading of its own, so that the work of others is not held up."""
    with database.read() as connection:
        ids = cases.case_ids(connection)
    return (prove(database, catalog, str(number)) for number in ids)


def work(database: Database) -> Work:
    """How the background work stands now."""
    with database.read() as connection:
        counts, rows = jobs.counts(connection), jobs.open_incidents(connection)
    found = (OpenIncident(r["id"], r["opened_at"], r["act"], (r["message_zh"], r["message_en"])) for r in rows)
    return Work(counts, tuple(found))
