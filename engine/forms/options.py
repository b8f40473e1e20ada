"""The choices that a field offers, wherever they come from. Knows no rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.forms.expressions import Evaluator, Scope
from engine.forms.model import CHOICES, SOME_OF, Field, Option, Path, spell
from engine.forms.trees import MISSING, get, rows_in
from engine.forms.values import same


class Choices:
    """Options by field, worked out once per form unless they hang on a row."""

    def __init__(self, context: Mapping[str, Any], evaluator: Evaluator) -> None:
        self.context, self.evaluator = context, evaluator
        self._sets: dict[str, OptionSet] = {}

    def of(self, field: Field, scope: Scope) -> OptionSet:
        """What the field offers in this scope; nothing when its source gave no list."""
        if field.options_expression is not None:
            return OptionSet(normalised(self.evaluator.value(field.options_expression, scope)))
        if field.id not in self._sets:
            options = field.options
            if options is None:
                options = normalised(self.context.get(field.options_key))
            self._sets[field.id] = OptionSet(options)
        return self._sets[field.id]


def chosen_labels(
    fields: Sequence[Field],
    data: Any,
    scope: Scope,
    choices: Choices,
    files: Mapping[str, str],
    path: Path = (),
) -> dict[str, str | list[str]]:
    """The labels of what was chosen from options that a source or an expression gave, by the path of the field.

    Of a file its name; ``files`` holds the names.
    """
    found: dict[str, str | list[str]] = {}
    for item in fields:
        where, value = (*path, *item.path), get(data, item.path)
        if item.repeating:
            for index, row in rows_in(value):
                found |= chosen_labels(item.children, row, scope.row(row, index), choices, files, (*where, index))
        elif item.children:
            found |= chosen_labels(item.children, value, scope, choices, files, where)
        elif item.type == "filepicker" and value not in (MISSING, None, "", []) and files:
            found[spell(where)] = [files.get(one, one) for one in (value if isinstance(value, list) else [value])]
        elif item.type in CHOICES and item.options is None and value not in (MISSING, None, []):
            offered = choices.of(item, scope)
            several = item.type in SOME_OF and isinstance(value, list)
            labels = [_label(offered, one) for one in (value if several else [value])]
            if labels != [str(one) for one in (value if several else [value])]:
                found[spell(where)] = labels if several else labels[0]
    return found


def _label(offered: OptionSet, value: Any) -> str:
    option = offered.find(value)
    return option.label[0] if option else str(value)


class OptionSet:
    """Options with a quick look-up for plain values."""

    def __init__(self, options: tuple[Option, ...]) -> None:
        self.options = options
        self._plain = {_key(option.value): option for option in options if not isinstance(option.value, dict | list)}

    def find(self, value: Any) -> Option | None:
        """The option of this value, or None."""
        if isinstance(value, dict | list):
            return next((option for option in self.options if same(option.value, value)), None)
        return self._plain.get(_key(value))


def _key(value: Any) -> tuple[bool, Any]:
    return isinstance(value, bool), value  # true is not 1


def normalised(raw: Any) -> tuple[Option, ...]:
    """Options as form-js reads them: plain values, or contexts with a value and perhaps a label."""
    if not isinstance(raw, list | tuple):
        return ()
    return tuple(option for item in raw if (option := _option(item)))


def _option(item: Any) -> Option | None:
    if not isinstance(item, Mapping):
        return Option(item, (str(item), str(item))) if _is_plain(item) else None
    value, label = item.get("value"), item.get("label")
    if isinstance(label, str) and label and (_is_plain(value) or isinstance(value, Mapping)):
        return Option(value, (label, label))
    return Option(value, (str(value), str(value))) if _is_plain(value) else None


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and value != ""
