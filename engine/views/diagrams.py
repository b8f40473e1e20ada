"""The diagram of a case, with what happened at each element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.views.basic import Article
from engine.words import Text


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay of the case at an element. ``seconds`` is None while it lasts."""

    who: Text  # empty: the system; while it lasts, who is asked
    started_at: datetime
    ended_at: datetime | None
    seconds: int | None
    outcome: Text | None = None


@dataclass(frozen=True, slots=True)
class ElementView:
    """An element of the diagram and what happened there. ``state``: done, current, returned, or empty.

    ``visits``: the newest of people; ``times``: how often a token has passed it, ``last``: when something last happened
    there; ``tokens``: how many stand there now.
    """

    id: str
    name: Text
    state: str
    visits: tuple[Visit, ...]
    articles: tuple[Article, ...]
    times: int = 0
    last: datetime | None = None
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class FlowView:
    """A sequence flow that tokens went: from one element to another, and how often."""

    id: str
    source: str
    target: str
    times: int


@dataclass(frozen=True, slots=True)
class ReturnView:
    """How often a person sent the case back from one task to another. ``target`` is empty where that opened no task."""

    source: str
    target: str
    times: int


@dataclass(frozen=True, slots=True)
class DiagramView:
    """The BPMN text of the case's own definition, and its elements in the order of the diagram."""

    xml: str
    elements: Mapping[str, ElementView]
    flows: tuple[FlowView, ...] = ()
    returns: tuple[ReturnView, ...] = ()
