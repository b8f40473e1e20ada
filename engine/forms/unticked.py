"""What a form asks for beside its rules: boxes to be explained, fields that an outcome needs. Knows no opinion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.forms import messages
from engine.forms.model import Field, Path
from engine.forms.trees import MISSING, get, rows_in
from engine.words import Text, Words


def unticked(fields: Iterable[Field], data: Any) -> Iterator[Text]:
    """The labels of those boxes in accepted data that are to be explained. What was hidden has nothing to be ticked."""
    for item, value, _ in _filled(fields, data):
        if item.explained:
            yield from _left(item, value)


def unfilled(fields: Iterable[Field], data: Any, outcome: str) -> Iterator[tuple[Path, Words]]:
    """Where accepted data lacks what an outcome of its task asks for. What was hidden is not asked for."""
    for item, value, path in _filled(fields, data):
        if outcome in item.required_for and (
            value in (None, "", []) or (item.type == "checkbox" and value is not True)
        ):
            yield path, messages.required(item, path)


def _filled(fields: Iterable[Field], data: Any, above: Path = ()) -> Iterator[tuple[Field, Any, Path]]:
    """Each field that was shown, with what was filled in and where; in every row of a list."""
    for item in fields:
        value = get(data, item.path)
        if item.repeating:
            for number, row in rows_in(value):
                yield from _filled(item.children, row, (*above, *item.path, number))
        elif item.children:
            yield from _filled(item.children, value if item.path else data, (*above, *item.path))
        elif item.path and value is not MISSING:
            yield item, value, (*above, *item.path)


def _left(item: Field, value: Any) -> Iterator[Text]:
    if item.type == "checkbox":
        if value is not True:
            yield item.label
    else:
        chosen = value if isinstance(value, list) else []
        yield from (option.label for option in item.options or () if option.value not in chosen)
