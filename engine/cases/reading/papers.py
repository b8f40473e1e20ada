"""What was handed in as a Word document: gathers from definition and events what stands on the paper. Makes no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.cases.access import seen
from engine.cases.base import Parts, open_tasks_of
from engine.cases.event_types import TASK_COMPLETED, CaseStarted, TaskCompleted, payload
from engine.cases.filling import started_as
from engine.cases.reading.history import HANDING_IN, submission_of, submissions_of
from engine.cases.shown import ending_of
from engine.cases.veil import Veil
from engine.definition import Definition
from engine.directory import organisations
from engine.directory.actors import PERSONAL, Actor
from engine.directory.in_force import in_force
from engine.documents import WORD, submission
from engine.documents.submission import EventMark, Opinion, Paper
from engine.errors import NotFound
from engine.files.uploads import safe_name
from engine.views import Submission
from engine.words import say
from storage import cases as rows
from storage import events
from storage.database import Connection
from storage.events import LoggedEvent
from storage.rows import CaseRow, TaskRow

DECIDES = ("approve", "return", "refuse")


@dataclass(frozen=True, slots=True)
class Papers:
    """Readings of a case that are printed."""

    parts: Parts

    def document(self, actor: Actor, case_id: str, sequence: int, language: str) -> tuple[str, bytes]:
        """A file name and the Word file of what was handed in by event ``sequence``, with the opinions on it.

        Whoever reads the case may have it. Raises NotFound, also for an event by which nothing was handed in.
        """
        with self.parts.database.read() as connection:
            case = seen(connection, actor, case_id)
            definition = self.parts.definition(connection, case)
            veil = Veil(connection, actor, case, definition)
            log = events.named(connection, case["id"], *HANDING_IN)
            paper = _paper(connection, case, definition, log, sequence, language, veil)
        return safe_name(f"{paper.number} {paper.title}{WORD}"), submission.render(paper)


def _paper(
    connection: Connection, case: CaseRow, definition: Definition, whole: list[LoggedEvent], sequence: int,
    language: str, veil: Veil,
) -> Paper:  # fmt: skip
    index, log = 0 if language == "zh" else 1, veil.log(whole)
    everything = submissions_of(definition, log)
    mine = next((one for one in everything if one.sequence == sequence), None)
    if mine is None:
        raise NotFound(what=say("这份提交的内容"))
    by_number = {event["seq"]: event for event in log}
    event = by_number[sequence]
    judges = mine.outcome_kind in DECIDES
    ending = ending_of(definition, case["end_element"], case["status"])
    replaced = _correction(definition, log, sequence)
    later = [one for one in everything if sequence < one.sequence < (replaced or log[-1]["seq"] + 1)]
    said = [mine] if judges else [one for one in later if one.outcome_kind in DECIDES]
    offices = _Offices(connection, case, whole)
    opinions = [_opinion(offices, one, by_number[one.sequence], index) for one in said]
    if not judges and replaced is None:
        opinions += _asked(definition, filter(veil.task, open_tasks_of(connection, case["id"])), index)
    last = max([mine, *said], key=lambda one: one.sequence).sequence
    return Paper(
        language=language,
        process=definition.process.name[index],
        step=mine.name[index],
        matter=veil.title(),
        number=case["number"],
        status=ending[index] if ending else case["status"],
        applicant=offices.applicant,
        organisation=offices.of(event),
        by=mine.by,
        at=mine.at,
        parts=tuple(mine.fields(language)),
        outcome=mine.outcome[index] if mine.outcome else "",
        judges=judges,
        opinions=tuple(opinions),
        made_from=EventMark(sequence, event["hash"]),
        opinions_to=EventMark(last, by_number[last]["hash"]),
        for_himself=in_force(connection).acts_for_himself(_key(case, event)),
        replaced_by=replaced,
    )


def _correction(definition: Definition, log: Sequence[LoggedEvent], sequence: int) -> int | None:
    """The event by which the same variable of the case was handed in again: opinions after it are on another text."""
    (mine,) = (event for event in log if event["seq"] == sequence)
    variable = _variable(definition, mine)
    for event in log[log.index(mine) + 1 :]:
        if submission_of(definition, event) is not None and _variable(definition, event) == variable:
            return event["seq"]
    return None


def _variable(definition: Definition, event: LoggedEvent) -> str:
    element = definition.elements[payload(event, TaskCompleted)["element"]]
    return element.into or element.id


def _asked(definition: Definition, waiting: Iterable[TaskRow], index: int) -> Iterator[Opinion]:
    """The steps that are to decide now: their boxes stand empty on the paper."""
    for task in waiting:
        element = definition.elements[task["element"]]
        if any(outcome.kind == "approve" for outcome in element.outcomes):
            yield Opinion(element.name[index], organisation=task["organisation_name"])


def _opinion(offices: _Offices, one: Submission, event: LoggedEvent, index: int) -> Opinion:
    outcome = one.outcome[index] if one.outcome else ""
    return Opinion(one.name[index], outcome, one.opinion, one.by, offices.of(event), one.at)


def _key(case: CaseRow, event: LoggedEvent) -> str:
    """As what somebody acted (``role@code``). What is for the starter alone he does as what he opened the case."""
    key = event["actor_role"]
    return case["starter_candidate"] if key.startswith(PERSONAL) else key


class _Offices:
    """For which organisations people acted, by the names that these had then."""

    def __init__(self, connection: Connection, case: CaseRow, log: Sequence[LoggedEvent]) -> None:
        self._connection, self._case = connection, case
        told = started_as(payload(log[0], CaseStarted))["organisation"]
        self._code, self.applicant = told["code"], told["name"]
        self._tasks = {task["number"]: task["organisation_name"] for task in rows.tasks_of(connection, case["id"])}

    def of(self, event: LoggedEvent) -> str:
        """The name at the time; empty when the organisation is gone and nothing tells it."""
        code = _key(self._case, event).rpartition("@")[2]
        if code == self._code:
            return self.applicant
        if event["name"] == TASK_COMPLETED and not event["actor_role"].startswith(PERSONAL):
            return self._tasks.get(payload(event, TaskCompleted)["task"], "")
        try:
            return organisations.get(self._connection, code).name if code else ""
        except NotFound:
            return ""
