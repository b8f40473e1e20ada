"""What a process declares of its cases for lists (``gw:column``): columns, filters, orders. Knows no case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from engine.diagram.attributes import get, pair
from engine.files.xml import Node
from engine.words import Text

MOST: Final = 8
"""Columns of one process."""
TYPES: Final = "text|number|date|boolean|choice"


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a case. ``value``: FEEL over its variables; ``choices``: the texts that it may be.

    ``choices_en``: what they are called in English, one for each or none at all. ``board``: the cases of the kind may
    be looked at as a board, a lane for each choice.
    """

    id: str
    name: Text
    type: str
    value: str
    choices: tuple[str, ...] = ()
    choices_en: tuple[str, ...] = ()
    board: bool = False

    def named(self, choice: str) -> Text:
        """What a choice is called."""
        return choice, dict(zip(self.choices, self.choices_en, strict=False)).get(choice, choice)


def read_columns(nodes: Iterable[Node]) -> tuple[Column, ...]:
    """The columns as the diagram declares them."""
    return tuple(
        Column(
            get(node, "id"),
            pair(node.get("name"), node.get("nameEn")),
            get(node, "type"),
            get(node, "value"),
            _parts(get(node, "choices")),
            _parts(node.get("choicesEn", "")),
            node.get("board") == "true",
        )
        for node in nodes
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split("|") if one.strip())
