"""From the events of a case to what people read: the lines of its history, what was submitted, the coloured diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, TypedDict, cast

from engine.cases.event_types import (
    CASE_STARTED,
    DEADLINE_PASSED,
    DEADLINES,
    TASK_ANSWERED,
    TASK_COMPLETED,
    TASK_DECIDED,
    TIMER_FIRED,
    CaseStarted,
    KeptFile,
    TaskCompleted,
    payload,
)
from engine.cases.reading.answers import answered_with
from engine.cases.reading.changes import changes_between
from engine.cases.reading.sealing import sealed_fields
from engine.cases.reading.tables import tables_of
from engine.definition import Definition
from engine.diagram import Element
from engine.errors import Suspended
from engine.feel import BudgetExceeded, Environment
from engine.feel.environment import EPOCH
from engine.model import Rounds
from engine.views import Article, Change, FieldView, HistoryLine, Submission
from engine.views.cases import Facts
from engine.words import Text
from storage.events import LoggedEvent
from storage.rows import Pause

Submitted = Mapping[str, Any]
"""What was handed in at a form, by the names of its fields."""
Earlier = Callable[[Sequence[str], int], LoggedEvent | None]
"""The last event before a sequence number by which something was handed in at one of these elements."""
HANDING_IN: Final = frozenset({CASE_STARTED, TASK_COMPLETED})
_FACTS: Final = ("name", "size", "digest", "definition", "task", "predecessor", "successor")
_OPENERS: Final = {"parent": "case", "round": "round"}
_LATE = (TIMER_FIRED, DEADLINE_PASSED)
"""Events of what was due at a moment; others tell of that moment and are no later for it."""


class EventFacts(TypedDict, total=False):
    """What the history reads of an event, whatever its name (``event_types`` says which carries what)."""

    element: str
    reason: str
    text: str
    name: str
    size: int
    digest: str
    definition: str
    task: int | str | None
    passed: list[str]
    opened: list[tuple[int, str]]
    decisions: list[list[Any]]
    consulted: list[list[Any]]
    missed: Rounds
    due_at: str | None
    before: str
    article: str
    extra: int
    file: KeptFile
    pauses: list[Pause]
    predecessor: str
    successor: str
    people: list[tuple[int, str]]
    opinion: str
    answer: str
    submission: Mapping[str, Any]


def articles_of(definition: Definition, numbers: Iterable[str], official: Mapping[str, str]) -> tuple[Article, ...]:
    """The articles with our summaries, and the official text where an operator has imported it."""
    return tuple(
        Article(number, definition.articles.get(number, ("", "")), official.get(number, "")) for number in numbers
    )


def history_lines(
    definition: Definition, log: Sequence[LoggedEvent], earlier: Earlier = lambda elements, before: None
) -> tuple[HistoryLine, ...]:
    """One line for every event, oldest first. ``earlier``: what was handed in before those, where they are not all."""
    lines = []
    latest: dict[str, Submitted] = {}
    for event in log:
        element = _element(definition, event)
        submission = submission_of(definition, event)
        changes: tuple[Change, ...] = ()
        if submission is not None and element is not None:
            into = element.into or element.id
            if into not in latest:
                before = earlier(_into(definition, into), event["seq"])
                latest |= {} if before is None else {into: submission_of(definition, before) or {}}
            if into in latest:
                changes = changes_of(definition, element, latest[into], submission)
            latest[into] = submission
        lines.append(_line(definition, event, element, submission or {}, changes))
    return tuple(lines)


def _into(definition: Definition, name: str) -> list[str]:
    """The elements whose forms write that variable."""
    return [one.id for one in definition.elements.values() if (one.into or one.id) == name]


def _element(definition: Definition, event: LoggedEvent) -> Element | None:
    """Where an event happened."""
    return definition.element_of(str(payload(event, EventFacts).get("element")))


def submission_of(definition: Definition, event: LoggedEvent) -> Submitted | None:
    """What a person handed in by this event, or none."""
    if event["name"] == TASK_COMPLETED:
        return payload(event, TaskCompleted)["submission"]
    if event["name"] == CASE_STARTED:
        started = payload(event, CaseStarted)
        start = definition.elements[started["element"]]
        if start.opens:  # a message or a signal did: nobody has handed in anything
            return None
        found: Submitted = started["variables"][start.into or start.id]
        return found
    return None


def _line(
    definition: Definition, event: LoggedEvent, element: Element | None, submission: Submitted,
    changes: tuple[Change, ...],
) -> HistoryLine:  # fmt: skip
    data = payload(event, EventFacts)
    outcome, kind = outcome_at(element, submission)
    words = data.get("reason") or data.get("text") or data.get("opinion") or ""
    if event["name"] in (TASK_ANSWERED, TASK_DECIDED):  # no answer to the task itself, so far
        outcome = answered_with(element, data.get("answer") or data.get("submission", {}).get("outcome"))
    facts: dict[str, Any] = {key: data.get(key) for key in _FACTS if key in data}
    facts |= {"role": event["actor_role"], "opened": [name for _, name in data.get("opened", ())], **_begun(event)}
    if event["name"] in DEADLINES or "before" in data:
        facts |= _deadline_facts(data)
    if "missed" in data:
        facts |= {"missed": data["missed"]["rounds"]}
    if "people" in data:
        facts |= {"people": [name for _, name in data["people"]]}
    if element is not None and (about := about_of(definition, element, submission)):
        facts |= {"about": about}
    target = definition.elements.get(str(submission.get("return_to")))
    if target is not None:
        facts |= {"return_to": target.name}
    due = data.get("due_at")
    due_at = datetime.fromisoformat(due) if due else None
    decisions = [*data.get("consulted", []), *data.get("decisions", [])]
    facts |= {"decisions": decisions}
    return HistoryLine(
        sequence=event["seq"],
        at=event["at"],
        event=event["name"],
        hash=event["hash"],
        previous=event["previous"],
        actor=event["actor_name"] if event["actor_id"] is not None else None,
        element_id=element.id if element else None,
        element=element.name if element else None,
        outcome=outcome,
        outcome_kind=kind,
        opinion=submission.get("opinion") or words,
        changes=changes,
        facts=cast(Facts, facts),
        due_at=due_at,
        late_by=max(0, int((event["at"] - due_at).total_seconds())) if due_at and event["name"] in _LATE else 0,
        tables=tables_of(definition, decisions),
    )


def _begun(event: LoggedEvent) -> dict[str, Any]:
    """Of a case that no person has opened: what did."""
    found = next((what for name, what in _OPENERS.items() if name in event["data"]), None)
    return {"opened_by": found} if found else {}


def _deadline_facts(data: EventFacts) -> dict[str, Any]:
    """Of an act on a deadline: the article, what was granted, until when it stands still, when it was due before."""
    told = {name: data.get(name) for name in ("article", "extra", "file") if data.get(name)}
    moments = {"before": data.get("before"), "until": data["pauses"][-1]["until"] if data.get("pauses") else None}
    return told | {name: datetime.fromisoformat(text) for name, text in moments.items() if text}


def outcome_at(element: Element | None, submission: Submitted) -> tuple[Text | None, str]:
    """The name and the kind of the outcome that was chosen; nothing where there was none to choose."""
    chosen = submission.get("outcome")
    found = next((one for one in element.outcomes if one.id == chosen), None) if element and chosen else None
    return (found.name, found.kind) if found else (None, "")


def about_of(definition: Definition, element: Element, submission: Submitted) -> str:
    """What tells it from others that were handed in at the same step; nothing where the form marks no such field."""
    form = definition.form_of(element.id)
    return form.about(submission) if form is not None and submission else ""


def changes_of(definition: Definition, element: Element, before: Submitted, after: Submitted) -> tuple[Change, ...]:
    """Field by field, the values as people read them in Chinese: that is the language of the record."""
    read = partial(read_fields, definition, element)
    return changes_between(lambda language: (read(before, language), read(after, language)))


def submissions_of(definition: Definition, log: Sequence[LoggedEvent]) -> tuple[Submission, ...]:
    """Everything that was handed in, oldest first."""
    found = []
    for event in log:
        submission, element = submission_of(definition, event), _element(definition, event)
        if submission is None or element is None:
            continue
        outcome, kind = outcome_at(element, submission)
        found.append(
            Submission(
                element_id=element.id,
                name=element.name,
                by=event["actor_name"],
                at=event["at"],
                fields=partial(read_fields, definition, element, submission),
                outcome=outcome,
                outcome_kind=kind,
                opinion=submission.get("opinion") or "",
                sequence=event["seq"],
                about=about_of(definition, element, submission),
            )
        )
    return tuple(found)


def read_fields(
    definition: Definition, element: Element, submission: Submitted, language: str
) -> tuple[FieldView, ...]:
    """What was handed in, as it is read; why it cannot be, where its form takes too long: the case stays readable."""
    form, beside = definition.form_of(element.id), sealed_fields(element, submission, language)
    if form is None or element.sealing.sealed is not None:
        return beside
    try:
        return beside + tuple(form.view(submission, language, environment=Environment(EPOCH, owner=definition.owner)))
    except (BudgetExceeded, Suspended) as refused:
        return (FieldView("text", "", refused.message(language)),)
