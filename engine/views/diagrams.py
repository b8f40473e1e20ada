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
    """An element of the diagram and what happened there. ``state``: done, current, returned, or empty."""

    id: str
    name: Text
    state: str
    visits: tuple[Visit, ...]
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class DiagramView:
    """The BPMN text of the case's own definition, and its elements in the order of the diagram."""

    xml: str
    elements: Mapping[str, ElementView]
