"""That another running case has a record for itself, as whoever files or writes is told. Writes nothing."""

from __future__ import annotations

from engine.calendar.days import LEGAL_ZONE
from engine.errors import UnderWay
from engine.operations.registry import Scene
from engine.words import dated
from storage import concerns
from storage.concerns import Concerning


def under_way(row: Concerning) -> UnderWay:
    """The refusal that names the case which has a record for itself."""
    day = dated(row["opened_at"].astimezone(LEGAL_ZONE).date())
    return UnderWay(number=row["number"], case=row["case_number"], organisation=row["organisation_name"], day=day)


def elsewhere(scene: Scene, register: str, numbers: list[str] | None = None) -> dict[str, Concerning]:
    """Records of a register that another running case than this one has for itself, by number."""
    found = concerns.exclusive(scene.connection, register, numbers)
    return {number: row for number, row in found.items() if row["case_id"] != scene.case_id}


def must_be_free(scene: Scene, register: str, number: str, changed: frozenset[str]) -> None:
    """Raises UnderWay when another running case has one of the fields for itself that are to change."""
    row = elsewhere(scene, register, [number]).get(number)
    if row is not None and changed and (not row["fields"] or changed & set(row["fields"])):
        raise under_way(row)
