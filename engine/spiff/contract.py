"""What an instance asks of whoever runs it: the host, and the places that it speaks of. Knows no token and no scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from engine.calendar.timers import Record
from engine.diagram import Element


class Place(Protocol):
    """Where an expression is evaluated and a variable is set: a token, or a scope. ``data`` are its own variables."""

    data: dict[str, Any]

    @property
    def around(self) -> Place | None:
        """The place around it; None around the process itself, where the variables of the case are."""

    @property
    def shut(self) -> bool:
        """Whether nothing of what is around it can be read or set from here, but ``case``."""

    @property
    def label(self) -> str:
        """The id of the element that stands for it, to name in a refusal."""

    def keeps(self, name: str) -> bool:
        """Whether a variable of that name that is set here stays here."""


class Waited(Record, total=False):
    """What a state keeps of what is waited for: a timer, or the key of a message, or how a condition stood."""

    counted: list[Any]  # from when and from which variables the working calendar counted a time
    key: Any
    was: bool


class Host(Protocol):
    """Who runs an instance: evaluates what the diagram says in FEEL, and performs what the machine does."""

    now: datetime
    semantics: int  # the version of what BPMN means here (``engine.semantics``)

    def value(self, text: str, place: Place, beside: Mapping[str, Any] | None = None) -> Any:
        """An expression as plain JSON; ``beside``: variables of a moment, nearer than all others."""

    def known(self, text: str, place: Place) -> dict[str, Any]:
        """The variables that an expression names, as seen from ``place``."""

    def time(self, text: str, known: Mapping[str, Any], at: datetime) -> tuple[Any, Mapping[str, Any] | None]:
        """The time that an expression gives at a moment; with what it was counted from if the calendar was asked."""

    def holds(self, text: str, place: Place, beside: Mapping[str, Any] | None = None) -> bool:
        """A condition; raises ExpressionFailed when it is neither true nor false."""

    def happens(self, text: str, place: Place) -> bool:
        """The condition of an event, which may be without a value yet."""

    def key(self, element: Element, place: Place) -> str | None:
        """The correlation key that an element writes; raises ExpressionFailed when it gives no text and no number."""

    def assign(self, place: Place, name: str, value: Any) -> None:
        """Set a variable as seen from there."""

    def perform(self, element: Element, place: Place) -> None:
        """A task of the machine."""

    def send(self, element: Element, place: Place) -> None:
        """A message to another case."""

    def broadcast(self, name: str) -> None:
        """A signal to other cases."""

    def passed(self, element: Element) -> None:
        """A token has passed an element."""
