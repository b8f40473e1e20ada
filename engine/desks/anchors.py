"""The desk of the anchors: the house anchored each night, and proved for the auditor. Shows no business.

A proof that fails is an incident and a message to the auditors; it hides no page and stops nobody's work.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from engine.database import writing
from engine.desks.proof_runs import ProofRun, ProofRuns
from engine.directory import in_force
from engine.directory.actors import Actor
from engine.directory.duties import AUDIT, require
from engine.evidence.anchors import anchoring, proving
from engine.evidence.anchors.book import Anchor, short
from engine.evidence.anchors.mismatch import Mismatch
from engine.evidence.anchors.proving import House, HouseProof
from engine.jobs.timetable import Routine, Told, daily
from engine.messages.telling import notice
from engine.model import Clock
from engine.words import both, say
from storage import cases, jobs, people
from storage.database import Connection, utc_time

logger = logging.getLogger(__name__)

ANCHOR_HOUSE: Final = "anchor_house"
PROVE: Final = "prove"
"""The act of an incident that tells of a proof which failed."""
_APART: Final = timedelta(hours=20)
_GRACE_SECONDS: Final = 4 * 3600
_TOLD_AT_MOST: Final = 20
"""Incidents of one proof; the rest is one more."""
_SHOWN: Final = 30
_ACT = say("查看审计")
_DIFFERS = say("证据核验不符：{what}。请审计管理员核对备份和锚定簿，查明后再结清本条")
_MORE = say("另有 {count} 处，见审计页面")
_TITLE, _TEXT = say("证据核验不符"), say("每日核验发现 {count} 处不符，请在“审计”的“证据锚定”中核验")


@dataclass(frozen=True, slots=True)
class Anchored:
    """The newest anchors, the newest first; ``key``: the short code of the key that signs here, empty: none yet."""

    anchors: tuple[tuple[Anchor, datetime | None], ...]
    total: int
    key: str
    unreadable: bool = False


class AnchorDesk:
    """The door of the anchors. ``None`` for an actor: the console, whose keeper owns the machine."""

    def __init__(self, house: House, machine: Clock, data_dir: Path) -> None:
        self.house = house
        self._machine = machine
        self._runs = ProofRuns(house, data_dir, machine)

    def standing(self, actor: Actor | None) -> Anchored:
        """Which anchors there are; proves nothing."""
        _require(actor)
        key = self.house.book.public()
        try:
            anchors, _ = self.house.book.anchors()
        except OSError:
            return Anchored((), 0, short(key) if key else "", unreadable=True)
        shown = tuple((one, utc_time(one.at)) for one in anchors[: -_SHOWN - 1 : -1])
        return Anchored(shown, len(anchors), short(key) if key else "")

    def begin_proof(self, actor: Actor, replays: bool) -> None:
        """Begin a proof in the background. Raises NotAllowed, AlreadyProving, OSError."""
        _require(actor)
        self._runs.begin(actor.name, replays)

    def proof(self, actor: Actor) -> ProofRun | None:
        """The proof that goes on in the background, or the last one. Raises NotAllowed."""
        _require(actor)
        return self._runs.newest()

    def await_proof(self) -> None:
        """Until the proof that was begun by this program is over."""
        self._runs.wait()

    def prove(
        self, actor: Actor | None, replays: bool = False, told: Callable[[int], None] = lambda _: None
    ) -> HouseProof:
        """The proof over the house; ``replays``: every case is played again, too."""
        _require(actor)
        return proving.prove(self.house, replays, told)

    def anchor(self, go_on: bool = False) -> Anchor:
        """Anchor now. Raises AnchorsDiffer, OSError."""
        with self.house.book.alone():
            return self._anchor(go_on)

    def _anchor(self, go_on: bool = False) -> Anchor:
        house = self.house
        made, _ = anchoring.anchor(house.database, house.log, house.book, self._machine.now(), go_on)
        return made

    def routines(self) -> tuple[Routine, ...]:
        """What is done each night."""
        return (Routine(ANCHOR_HOUSE, self.nightly, daily(hour=2, minute=20), _GRACE_SECONDS),)

    def nightly(self) -> Told:
        """Prove, then anchor what is new, unless that was done within the day; tell of what was found.

        Every server comes here at the same moment: the first one does it.
        """
        if not self._is_due():
            return {}
        with self.house.book.alone(waits=False) as alone:
            return self._proved_and_anchored() if alone and self._is_due() else {}

    def _is_due(self) -> bool:
        """Whether there is something to anchor, and the last anchor is not of this day."""
        anchors, _ = self.house.book.anchors()
        if anchors:
            last = utc_time(anchors[-1].at)
            return last is None or self._machine.now() - last >= _APART
        with self.house.database.read() as connection:
            return bool(cases.case_ids(connection))

    def _proved_and_anchored(self) -> Told:
        proof = proving.prove(self.house, replays=False)
        self._tell(proof.survey.findings)
        try:
            made = self._anchor()
        except anchoring.AnchorsDiffer:  # told already: the proof has found why
            logger.error("not anchored: the database is not the one that was anchored last")
            return {"differences": len(proof.survey.findings)}
        return {"anchored": made.size, "differences": len(proof.survey.findings)}

    def _tell(self, findings: list[Mismatch]) -> None:
        """Incidents for the operator and a message to the auditors: of each finding once, until it is settled."""
        if not findings:
            return
        for one in findings:
            logger.error("evidence differs: %s %s: %s", one.kind, one.subject, one.told.text("en"))
        now = self._machine.now()
        with writing(self.house.database) as connection:
            for one in findings[:_TOLD_AT_MOST]:
                self._incident(connection, one.case_id, both(_DIFFERS.about(what=one.told)), now)
            if len(findings) > _TOLD_AT_MOST:
                self._incident(connection, None, both(_MORE.about(count=len(findings) - _TOLD_AT_MOST)), now)
            notice(connection, now, _auditors(connection), _TITLE, _TEXT.about(count=len(findings)))

    def _incident(self, connection: Connection, case_id: int | None, told: tuple[str, str], now: datetime) -> None:
        row: jobs.IncidentFacts = {
            "case_id": case_id, "act": PROVE, "code": "EvidenceDiffers",
            "message_zh": told[0], "message_en": told[1], "opened_at": now,
        }  # fmt: skip
        jobs.open_once(connection, row)


def _auditors(connection: Connection) -> set[int]:
    directory = in_force.in_force(connection)
    roles = {name for name, role in directory.roles.items() if AUDIT in role.may}
    return people.holding_any(connection, roles)


def _require(actor: Actor | None) -> None:
    if actor is not None:
        require(actor, AUDIT, _ACT)
