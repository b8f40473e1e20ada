"""Proofs of cases, at the console: each rebuilt from its events and compared with what is stored. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.cases.base import parse_case_id
from engine.evidence import replay
from engine.evidence.differences import Difference, ProofResult, verdict
from engine.publishing.catalog import Catalog
from storage import cases
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Proof:
    """How a stored case compares with the one that its events make."""

    case_id: str
    differences: tuple[Difference, ...]

    @property
    def verdict(self) -> ProofResult:
        """What it comes to."""
        return verdict(self.differences)


def prove(database: Database, catalog: Catalog, case_id: str) -> Proof:
    """Rebuild one case from its events and compare; nothing is written. Raises NotFound."""
    with database.read() as connection:
        return Proof(case_id, tuple(replay.differences(connection, catalog, parse_case_id(case_id))))


def prove_all(database: Database, catalog: Catalog) -> Iterator[Proof]:
    """Every case in turn, each in a reading of its own, so that the work of others is not held up."""
    with database.read() as connection:
        ids = cases.case_ids(connection)
    return (prove(database, catalog, str(number)) for number in ids)
