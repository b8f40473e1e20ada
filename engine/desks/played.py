"""What a position of a playback shows: tasks, form, variables, decisions, deadlines, records. Writes nothing.

Of a case with a step that is confidential to him, what was written there and the variables are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from engine.cases.event_types import CASE_STARTED, TASK_COMPLETED, CaseOpened, Run, payload
from engine.cases.reading.diagrams import tokens_at
from engine.cases.reading.history import EventFacts, Submitted, history_lines, read_fields, submission_of
from engine.cases.shown import waits_for
from engine.cases.veil import Veil
from engine.definition import Definition
from engine.desks.playback_views import (
    FilledField,
    Mark,
    OpenedCases,
    PlayedDeadline,
    PlayedDecision,
    PlayedRelative,
    PlayedTask,
    Position,
    Variable,
    WrittenRecord,
)
from engine.diagram import Element
from engine.directory.actors import Actor
from engine.evidence.personal import HIDDEN, Masking
from engine.evidence.positions import Places
from engine.evidence.rebuilt import Rebuilt
from engine.registers import Register
from engine.spiff import Stored
from engine.views import FieldView
from storage import exact, families, records
from storage.database import Connection
from storage.events import LoggedEvent
from storage.passages import no_passages
from storage.rows import CaseRow, TaskRow

LONGEST: Final = 400
"""Characters of a value as JSON that are shown."""
MOST_RELATIVES: Final = 20
"""Cases opened by one event that a position names; the others are counted."""


class PositionReading:
    """Positions of one case for one reader."""

    def __init__(
        self, connection: Connection, actor: Actor, case: CaseRow, definition: Definition, veil: Veil,
        masking: Masking | None, log: list[LoggedEvent], registers: Mapping[str, Register],
    ) -> None:  # fmt: skip
        self._connection, self._actor, self._case = connection, actor, case
        self._definition, self._veil, self._masking, self._log = definition, veil, masking, log
        self._registers = registers
        visible = {event["seq"]: event for event in veil.log(log)}
        self._visible = visible
        self._lines = {line.sequence: line for line in history_lines(definition, list(visible.values()))}
        self._secret = not veil.whole
        self._opened: Mapping[int, OpenedCases] = {}

    def positions(self, places: Places, first: int, last: int) -> Iterator[Position]:
        """Those from ``first`` to ``last`` that the reader sees."""
        self._opened = {} if self._secret else self._opened_by(first, last)
        start = max(1, first - 1)
        before: dict[str, str] | None = {} if first == 1 else None
        for event, built in places.played(self._definition, self._log, self._case["id"], start):
            now = self._variables(built)
            if event["seq"] >= first and event["seq"] in self._visible:
                yield self._position(event, built, before or {}, now)
            before = now
            if event["seq"] >= last:
                return

    def _position(
        self, event: LoggedEvent, built: Rebuilt, before: Mapping[str, str], now: Mapping[str, str]
    ) -> Position:
        seq = event["seq"]
        opened = self._opened.get(seq, OpenedCases())
        names = [*now, *(name for name in before if name not in now)]
        variables = tuple(
            Variable(name, now.get(name, ""), before.get(name, ""), now.get(name) != before.get(name)) for name in names
        )
        return Position(
            line=masked(self._lines[seq], self._masking),
            status=built.case["status"],
            marks=self._marks(built),
            tasks=tuple(
                self._task(one) for one in built.tasks.values() if one["status"] == "open" and self._veil.task(one)
            ),
            form=self._form(event),
            variables=variables,
            decisions=self._decisions(self._visible[seq]),
            deadlines=self._deadlines(built),
            records=self._records(event, built),
            files=() if self._secret else tuple(self._said(str(one[1])) for one in built.files if one[0] == seq),
            family=(*self._opener(event), *opened.named),
            family_more=opened.more,
            confidential=self._secret,
        )

    def _marks(self, built: Rebuilt) -> dict[str, Mark]:
        open_at: dict[str, tuple[int, int]] = {}
        for task in built.tasks.values():
            if task["status"] == "open" and self._veil.element(task["element"]):
                number, count = open_at.get(task["element"], (0, 0))
                open_at[task["element"]] = (max(number, task["number"]), count + 1)
        tokens = tokens_at(self._definition, open_at, [element for _, element in built.waits])
        went = built.case["passages"] or no_passages()
        returned = {
            one["element"] for one in built.tasks.values() if one["outcome_kind"] == "return" and self._veil.task(one)
        }
        found = {}
        for name in self._definition.elements:
            passed = went["elements"].get(name)
            here, times = tokens.get(name, 0), passed["times"] if passed else 0
            if not self._veil.people_at(name):  # how many there are is confidential, too
                here, times = min(here, 1), min(times, 1)
            if self._veil.element(name) and (here or times):
                state = "current" if here else "returned" if name in returned else "done"
                found[name] = Mark(state, here, times)
        return found

    def _task(self, task: TaskRow) -> PlayedTask:
        holder = self._said(task["claimed_name"] or "", people=True)
        asked = waits_for(task, self._actor)
        asked = (self._said(asked[0]), self._said(asked[1]))
        return PlayedTask((task["name_zh"], task["name_en"]), asked, holder, task["opened_at"], task["due_at"])

    def _form(self, event: LoggedEvent) -> tuple[FilledField, ...]:
        """The form as it was handed in, each field with what stood there when that was handed in last before."""
        filled = self._filled(event)
        if filled is None:
            return ()
        element, submission = filled
        earlier = (self._filled(one) for one in reversed(self._log[: event["seq"] - 1]))
        place = element.into or element.id
        before = next((of[1] for of in earlier if of is not None and (of[0].into or of[0].id) == place), None)
        read = [read_fields(self._definition, element, submission, language) for language in ("zh", "en")]
        was = read_fields(self._definition, element, before, "zh") if before is not None else ()
        old = {(one.kind, one.label): one for one in was}
        english = {place: one.label for place, one in enumerate(read[1])}
        return tuple(
            FilledField(
                (one.label, english.get(place, "")), self._field(old.get((one.kind, one.label))), self._field(one)
            )
            for place, one in enumerate(read[0])
            if one.kind in ("field", "table")
        )

    def _filled(self, event: LoggedEvent) -> tuple[Element, Submitted] | None:
        """The form of an event that the reader sees, and what was handed in with it."""
        shown = self._visible.get(event["seq"])
        if shown is None or shown["name"] not in (CASE_STARTED, TASK_COMPLETED):
            return None
        element = self._definition.element_of(str(payload(shown, EventFacts).get("element")))
        submission = submission_of(self._definition, shown)
        return None if element is None or submission is None else (element, submission)

    def _field(self, one: FieldView | None) -> str:
        if one is None:
            return ""
        text = one.value if one.kind == "field" else "\n".join(" · ".join(row) for row in one.rows)
        if self._masking is None or not text:
            return text
        return HIDDEN if one.personal else self._masking.text(text)

    def _variables(self, built: Rebuilt) -> dict[str, str]:
        """The variables of the case as JSON; none while a step of it is confidential to the reader."""
        if self._secret:
            return {}
        found = Stored(built.case["state"], built.pieces).variables
        return {name: self._json(value, f"/{name}") for name, value in sorted(found.items())}

    def _decisions(self, event: LoggedEvent) -> tuple[PlayedDecision, ...]:
        said = payload(event, Run)
        asked = [*said.get("decisions", ()), *event["data"].get("consulted", ())]
        return tuple(
            PlayedDecision(
                str(name), tuple(map(str, rules or ())), self._json(inputs, "/inputs"), self._json(output, "/output")
            )
            for name, rules, inputs, output, *_ in (one for one in asked if len(one) >= 4)
        )

    def _deadlines(self, built: Rebuilt) -> tuple[PlayedDeadline, ...]:
        found = []
        for row in built.deadlines.values():
            task = built.tasks.get(row["number"])
            if task is None or not self._veil.task(task) or task["status"] != "open":
                continue
            ledger = tuple((str(day), bool(counts), (str(zh), str(en))) for day, counts, zh, en in row["ledger"])
            paused = any(not one.get("resumed_at") for one in row["pauses"])
            found.append(
                PlayedDeadline(
                    (task["name_zh"], task["name_en"]), row["started_at"], row["due_at"], row["days"], row["extra"],
                    paused, row["provisional"], row["status"], ledger,
                )
            )  # fmt: skip
        return tuple(found)

    def _opened_by(self, first: int, last: int) -> dict[int, OpenedCases]:
        """The cases that these events have opened, by event."""
        found: dict[int, OpenedCases] = {}
        told = families.opened_by_events(self._connection, self._case["id"], first, last, MOST_RELATIVES)
        for seq, case_id, number, many in told:
            named = (*found.get(seq, OpenedCases()).named, PlayedRelative(case_id, number, 1, above=False))
            found[seq] = OpenedCases(named, many - len(named))
        return found

    def _opener(self, event: LoggedEvent) -> tuple[PlayedRelative, ...]:
        """The case that has opened this one, at the event that tells of it."""
        if self._secret or event["name"] != CASE_STARTED:
            return ()
        parent = payload(event, CaseOpened).get("parent")
        return (PlayedRelative(parent["id"], parent["number"], parent["event"], above=True),) if parent else ()

    def _records(self, event: LoggedEvent, built: Rebuilt) -> tuple[WrittenRecord, ...]:
        if self._secret:
            return ()
        found = []
        for name, number, data, *_ in built.changes.get(event["seq"], ()):
            before = records.before(self._connection, name, number, event["case_id"], event["seq"])
            register = self._registers.get(name)
            fields = [*data, *(field for field in before if field not in data)]
            told = tuple(
                FilledField(
                    register.label(field) if register else (field, field),
                    self._plain(register, before.get(field), field),
                    self._plain(register, data.get(field), field),
                )
                for field in fields
            )
            title = register.title if register else (name, name)
            found.append(WrittenRecord(title, self._said(str(number)), told))
        return tuple(found)

    def _plain(self, register: Register | None, value: Any, name: str) -> str:
        """A value of a record as people read it; what is masked stays so."""
        told = value if self._masking is None else self._masking.value(value, f"/{name}")
        if register is not None:
            return register.shown(name, told)[0]
        return "" if told is None else told if isinstance(told, str) else self._json(told, "")

    def _json(self, value: Any, path: str) -> str:
        told = value if self._masking is None else self._masking.value(value, path)
        text = exact.dumps(told).decode()
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

    def _said(self, text: str, people: bool = False) -> str:
        if self._masking is None or not text:
            return text
        return HIDDEN if people else self._masking.text(text)


def masked(line: Any, masking: Masking | None) -> Any:
    """A line of the history without what is personal."""
    if masking is None:
        return line
    return replace(
        line,
        actor=HIDDEN if line.actor else line.actor,
        opinion=HIDDEN if line.opinion else "",
        changes=(),
        facts={
            name: HIDDEN if name in ("people", "predecessor", "successor", "name") and value else value
            for name, value in line.facts.items()
            if name not in ("opinion", "reason", "text", "about")
        },
    )
