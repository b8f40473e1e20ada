"""The one transaction of an act, its event, and the words that a person adds. What a diagram does wrong is kept apart.

An act that fails inside the process is rolled back and leaves an incident for the operator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import letters
from engine.cases.acting.ahead import Ahead
from engine.cases.recording.incidents import report
from engine.database import writing
from engine.directory.actors import Actor
from engine.directory.substitutes import Represented
from engine.errors import (
    BadInput,
    DataUnreadable,
    EngineFailed,
    ExpressionFailed,
    NoRuleMatched,
    NoTableInForce,
    OperationFailed,
    Refusal,
    Runaway,
)
from engine.feel import BudgetExceeded, present, step
from engine.forms.guard import check_shape
from engine.model import Clock
from engine.words import Words, say
from storage.database import Connection, Database
from storage.events import By, NewEvent

MAX_WORDS = 4000
"""Characters of an opinion, a reason or a comment."""

LONGEST_NAME = 100
"""Characters for which an event has room."""

INCIDENTS = (
    ExpressionFailed, NoRuleMatched, NoTableInForce, OperationFailed, Runaway, EngineFailed, BudgetExceeded,
    DataUnreadable,
)  # fmt: skip
"""Refusals that are the diagram's fault and not the person's."""


@dataclass(frozen=True, slots=True)
class Transactions:
    """Opens the transactions of acts."""

    database: Database
    clock: Clock
    ahead: Ahead

    @contextmanager
    def act(self, name: str, actor: Actor, subject: str | None) -> Iterator[tuple[Connection, datetime]]:
        """One transaction at one moment. ``subject``: the case or task acted on, None for a case to come."""
        try:
            with step(), writing(self.database) as connection:
                yield connection, present(self.clock.now)
        except INCIDENTS as failure:
            self._incident(name, actor, subject, failure)
            raise

    def _incident(self, act: str, actor: Actor, subject: str | None, failure: Refusal) -> None:
        case_id = int(subject.split("-")[0]) if subject else None  # a Refusal of the engine: the id was one
        with writing(self.database) as connection:
            report(connection, case_id, act, failure, actor.user_id, self.clock.now())


def event_by(
    actor: Actor, role: str, name: str, at: datetime, data: Mapping[str, Any], place: Represented | None = None
) -> NewEvent:
    """An event of a person's act. ``role``: the inbox key (role@code) by which he acted; empty where it needs none.

    ``place``: in whose place he acted, which the event names, too.
    """
    return {"name": name, "at": at, "data": {**data, **acted_for(place)}, **by_of(actor, role, place)}


def by_of(actor: Actor, role: str, place: Represented | None = None) -> By:
    """Who acts, by which inbox key, in whose place."""
    return {"actor_id": actor.user_id, "actor_name": signed(actor, place), "actor_role": role}


def acted_for(place: Represented | None) -> dict[str, list[dict[str, Any]]]:
    """In whose place somebody acts, as an event says it."""
    return {"acted_for": [{"id": one, "name": shown} for one, shown in place.path]} if place else {}


def signed(actor: Actor, place: Represented | None) -> str:
    """The name under which an act stands in the history and on papers."""
    both = say("{name}（代{absent}）", name=actor.name, absent=place.name) if place else None
    return both.text()[:LONGEST_NAME] if both else actor.name


def words_of(text: Any, label: Words, *, required: bool) -> str:
    """A person's words, tidied. Raises BadInput when none of them can be seen, or they are too long or no text."""
    if not isinstance(text, str) or len(text) > MAX_WORDS:
        raise BadInput(field=label, reason=say("应为不超过{most}字的文字", most=MAX_WORDS))
    check_shape({"": text})
    words = letters.tidy(text)
    if required and not words:
        raise BadInput(field=label, reason=say("请填写"))
    return words
