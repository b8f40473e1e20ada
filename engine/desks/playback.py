"""The desk of the playback: an auditor sees a case as it stood after each of its events. Changes no case.

What is personal is masked until he asks for it with a reason: that is an account event, a look, and a message to the
other administrators. What is confidential in a case stays so.
"""

from __future__ import annotations

from datetime import timedelta
from typing import IO, Final

from engine import letters
from engine.cases.base import Parts, parse_case_id
from engine.cases.reading.history import history_lines
from engine.cases.veil import Veil
from engine.database import writing
from engine.definition import Definition
from engine.desks.playback_views import (
    Playback,
    Position,
)
from engine.desks.played import PositionReading, masked
from engine.diagram import shown
from engine.directory import in_force
from engine.directory.actors import Actor
from engine.directory.duties import ACCOUNTS, AUDIT, OPERATIONS, require
from engine.directory.looks import Looks
from engine.errors import BadInput, NotAllowed, NotFound
from engine.evidence.anchors.proving import House
from engine.evidence.bundle.building import bundle
from engine.evidence.personal import Masking
from engine.evidence.positions import Places
from engine.feel import UNHURRIED, Allowance, step
from engine.messages.telling import notice
from engine.model import Clock
from engine.words import say
from storage import account_events, cases, events, people
from storage.database import Connection
from storage.events import LoggedEvent
from storage.rows import CaseRow

OPENED: Final = "personal_opened"
"""The account event by which an auditor sees what is personal in one case, for ``OPEN_FOR``; also the kind of look."""
OPEN_FOR: Final = timedelta(hours=1)
AT_ONCE: Final = 20
"""Positions of one slice at most."""
LONGEST_REASON: Final = 200
PLAY_SECONDS: Final = 30.0
_ACT, _BUNDLE = say("回放事项"), say("取证据包")
_TITLE, _TEXT = say("审计管理员查看个人信息"), say("{by}为回放事项{number}查看其中的个人信息，理由：{reason}")


class PlaybackDesk:
    """The door of the playback. Reads, but for what it writes down of who asked to see what is personal."""

    def __init__(self, parts: Parts, house: House, machine: Clock, looks: Looks) -> None:
        self._parts = parts
        self._house = house
        self._machine = machine
        self._looks = looks
        self._places = Places()

    def case(self, actor: Actor, case_id: str) -> Playback:
        """The case with all of its events. Raises NotAllowed, NotFound."""
        with self._parts.database.read() as connection:
            case, definition, veil = self._opened(connection, actor, case_id)
            log = events.of_case(connection, case["id"])
            seen = self._sees(connection, actor, case["id"])
            masking = None if seen else self._masking(connection, definition, log)
            lines = tuple(masked(one, masking) for one in history_lines(definition, veil.log(log)))
            kind = definition.process.name
            return Playback(case["id"], case["number"], kind, shown(definition.key, definition.xml), lines, seen)

    def positions(self, actor: Actor, case_id: str, first: int, many: int = AT_ONCE) -> list[Position]:
        """The case right after each of these events. Raises NotAllowed, NotFound, and what a replay raises."""
        with self._parts.database.read() as connection, step(Allowance(PLAY_SECONDS, UNHURRIED, again=True)):
            case, definition, veil = self._opened(connection, actor, case_id)
            log = events.of_case(connection, case["id"])
            if not 1 <= first <= len(log):
                raise NotFound(what=say("第 {number} 条流转记录", number=first))
            masking = None
            if not self._sees(connection, actor, case["id"]):
                masking = self._masking(connection, definition, log)
            registers = self._parts.catalog.registers(connection)
            reading = PositionReading(connection, actor, case, definition, veil, masking, log, registers)
            last = min(first + max(1, min(many, AT_ONCE)) - 1, len(log))
            return list(reading.positions(self._places, first, last))

    def open(self, actor: Actor, address: str, case_id: str, reason: str) -> None:
        """Let the auditor see what is personal in a case for an hour. Raises BadInput, NotAllowed, NotFound."""
        reason = letters.tidy(reason)
        if not reason or len(reason) > LONGEST_REASON:
            raise BadInput(field=say("理由"), reason=say("请写明理由，不超过 {most} 字", most=LONGEST_REASON))
        with self._parts.database.read() as connection:
            case, _, _ = self._opened(connection, actor, case_id)
        self._looks.write(actor.user_id, address, OPENED, "case", str(case["id"]))
        now = self._machine.now()
        with writing(self._house.database) as connection:
            facts = {"case": case["number"], "case_id": case["id"], "reason": reason}
            account_events.append(
                connection, now, OPENED, user_id=actor.user_id, actor_id=actor.user_id, address=address[:45],
                facts=facts,
            )  # fmt: skip
            told = _TEXT.about(by=actor.name, number=case["number"], reason=reason)
            notice(connection, now, _administrators(connection) - {actor.user_id}, _TITLE, told)

    def bundle(self, actor: Actor, case_id: str, report: str, out: IO[bytes]) -> None:
        """Write the evidence bundle of a case, masked unless what is personal is shown to this reader.

        Raises CannotMask, NotAllowed, NotFound, OSError.
        """
        with self._parts.database.read() as connection:
            case, _, veil = self._opened(connection, actor, case_id)
            if not veil.whole:
                raise NotAllowed(act=_BUNDLE, reason=say("事项有保密环节，保密期间不能取证据包"))
            hides = not self._sees(connection, actor, case["id"])
            bundle(connection, self._house, case, report, self._machine.now(), out, hides=hides)

    def _opened(self, connection: Connection, actor: Actor, case_id: str) -> tuple[CaseRow, Definition, Veil]:
        require(actor, AUDIT, _ACT)
        case = cases.get(connection, parse_case_id(case_id))
        if case is None:
            raise NotFound(what=say("这个事项"))
        definition = self._parts.definition(connection, case)
        return case, definition, Veil(connection, None, case, definition)

    def _sees(self, connection: Connection, actor: Actor, case_id: int) -> bool:
        since = self._machine.now() - OPEN_FOR
        found = account_events.of_user(connection, actor.user_id, (OPENED,))
        return any(one["facts"].get("case_id") == case_id and one["at"] > since for one in found)

    def _masking(self, connection: Connection, definition: Definition, log: list[LoggedEvent]) -> Masking:
        return Masking(log, definition, self._parts.catalog.registers(connection).values())


def _administrators(connection: Connection) -> set[int]:
    """Whoever keeps accounts or the system."""
    directory = in_force.in_force(connection)
    roles = {name for name, role in directory.roles.items() if role.may & {ACCOUNTS, OPERATIONS, AUDIT}}
    return people.holding_any(connection, roles)
