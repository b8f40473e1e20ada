"""Boxes left unticked that the form wants explained. Knows no outcome and no opinion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.forms.model import Field
from engine.forms.trees import MISSING, get, rows_in
from engine.words import Text


def unticked(fields: Iterable[Field], data: Any) -> Iterator[Text]:
    """The labels of those boxes in accepted data. What was hidden has nothing to be ticked."""
    for item in fields:
        value = get(data, item.path)
        if item.repeating:
            for _, row in rows_in(value):
                yield from unticked(item.children, row)
        elif item.children:
            yield from unticked(item.children, value if item.path else data)
        elif item.explained and value is not MISSING:
            yield from _left(item, value)


def _left(item: Field, value: Any) -> Iterator[Text]:
    if item.type == "checkbox":
        if value is not True:
            yield item.label
    else:
        chosen = value if isinstance(value, list) else []
        yield from (option.label for option in item.options or () if option.value not in chosen)
