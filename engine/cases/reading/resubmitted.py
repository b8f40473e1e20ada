"""What was handed in again after a return, against what its reader had before him. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from engine.cases.event_types import payload
from engine.cases.reading.history import EventFacts, Submitted, changes_of, history_lines, outcome_at, submission_of
from engine.definition import Definition
from engine.diagram import Element
from engine.views import Resubmission
from storage.events import LoggedEvent

ASKS: Final = ("", "submit")
"""Kinds of outcome by which somebody hands in what others judge."""
RETURN: Final = "return"


@dataclass(frozen=True, slots=True)
class _Act:
    """One time that something was handed in."""

    event: LoggedEvent
    element: Element
    submission: Submitted
    kind: str

    @property
    def into(self) -> str:
        return self.element.into or self.element.id


def resubmitted(definition: Definition, handed: Sequence[LoggedEvent], seen_at: str = "") -> tuple[Resubmission, ...]:
    """For each form handed in again since the reader's last look: what has changed, and the return that asked for it.

    ``seen_at``: the element at which the reader acts; its last visit was his last look, or else the last return is.
    """
    acts = list(_acts(definition, handed))
    returns = [act for act in acts if act.kind == RETURN]
    if not returns:
        return ()
    visits = [act.event["seq"] for act in acts if act.element.id == seen_at]
    look = visits[-1] if visits else returns[-1].event["seq"]
    found = []
    for into in dict.fromkeys(act.into for act in acts if act.kind in ASKS and act.element.id != seen_at):
        versions = [act for act in acts if act.into == into and act.kind in ASKS]
        before = [act for act in versions if act.event["seq"] < look]
        after = [act for act in versions if act.event["seq"] > look]
        why = [act for act in returns if after and look <= act.event["seq"] < after[-1].event["seq"]]
        if before and after and why:
            found.append(_resubmission(definition, before[-1], after[-1], why[-1]))
    return tuple(found)


def _acts(definition: Definition, handed: Sequence[LoggedEvent]) -> Iterator[_Act]:
    for event in handed:
        submission = submission_of(definition, event)
        element = definition.element_of(str(payload(event, EventFacts).get("element")))
        if submission is not None and element is not None:
            yield _Act(event, element, submission, outcome_at(element, submission)[1])


def _resubmission(definition: Definition, before: _Act, after: _Act, why: _Act) -> Resubmission:
    return Resubmission(
        name=after.element.name,
        by=after.event["actor_name"],
        at=after.event["at"],
        changes=changes_of(definition, after.element, before.submission, after.submission),
        returned=history_lines(definition, [why.event])[0],
    )
