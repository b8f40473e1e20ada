"""A submission as it is read: labels and values in words, lists as tables. Needs no browser and changes nothing.

What is not in the data was hidden when it was handed in, so it is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from engine.feel import Date, Time
from engine.feel.formats import plain_text
from engine.feel.values import clock_text
from engine.forms.expressions import Evaluator, Scope, template_parts
from engine.forms.model import CHOICES, CHOSEN, SOME_OF, Field, Path, spell
from engine.forms.moments import legal_clock, legal_day, read
from engine.forms.options import Choices
from engine.forms.trees import MISSING, get, rows_in
from engine.views.forms import FieldView
from engine.words import dated, listed, say

_MARKS = re.compile(r"^\s*(?:#{1,6}|[-*+>]|\d+\.)\s+|\*\*|__|`", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_YES = (say("否"), say("是"))
_NOTES = say("提示")
NOTHING: Final[tuple[Any, ...]] = (MISSING, None, "", [])
"""What stands in a field in which nothing was filled in."""


class Display:
    """Renders one submission in one language."""

    def __init__(
        self,
        language: str,
        context: Mapping[str, Any],
        evaluator: Evaluator,
        attachments: Mapping[str, str],
    ) -> None:
        self.language, self.index = language, 0 if language == "zh" else 1
        self.context, self.evaluator, self.attachments = context, evaluator, attachments
        self.choices = Choices(context, evaluator)
        self.recorded: Mapping[str, Any] = {}

    def rows(self, fields: Sequence[Field], data: Mapping[str, Any]) -> tuple[FieldView, ...]:
        """The whole submission."""
        recorded = data.get(CHOSEN)
        self.recorded = recorded if isinstance(recorded, Mapping) else {}
        return tuple(self._fields(fields, data, Scope.root(self.context, data), ()))

    def _fields(self, fields: Sequence[Field], data: Any, scope: Scope, path: Path) -> list[FieldView]:
        found: list[FieldView] = []
        for item in fields:
            where = (*path, *item.path)
            if item.repeating:
                found.extend(self._table(item, data, scope, where))
            elif item.is_input:
                found.extend(self._input(item, data, scope, where))
            elif self.evaluator.holds(item.hide, scope):
                continue
            elif item.children:
                inner = self._fields(item.children, get(data, item.path), scope, where)
                label = self._label(item, scope)
                found.extend([FieldView("heading", label)] if label and inner else [])
                found.extend(inner)
            elif item.type == "text":
                found.extend(self._text(item, scope))
            elif item.type == "table":
                found.extend(self._given_table(item, scope))
        return found

    def _label(self, item: Field, scope: Scope) -> str:
        return self.evaluator.text(item.label[self.index], scope)

    def warns(self, item: Field, scope: Scope, value: Any = True) -> bool:
        """Whether it must catch the eye. A field that is always marked says nothing while nothing stands in it."""
        return not (item.warning is True and value in NOTHING) and self.evaluator.holds(item.warning, scope)

    def _input(self, item: Field, data: Any, scope: Scope, where: Path) -> list[FieldView]:
        value, label = get(data, item.path), self._label(item, scope)
        if value is MISSING or not label:
            return []
        told, personal = self._value(item, value, scope, where), item.personal is not False
        warning = self.warns(item, scope, value)
        return [FieldView("field", label, told, warning=warning, personal=personal, computed=item.fixed)]

    def _text(self, item: Field, scope: Scope) -> list[FieldView]:
        """Headings, and what depends on the data. A text that is always the same only told how to fill in the form."""
        template = item.text[self.index]
        tells = item.hide is not None or item.warning is not False or bool(template_parts(template))
        found: list[FieldView] = []
        warning = self.warns(item, scope)
        for line in self.evaluator.text(template, scope).split("\n"):
            plain = _MARKS.sub("", _LINK.sub(r"\1", line)).strip()
            if plain and line.lstrip().startswith("#"):
                found.append(FieldView("heading", plain, warning=warning, personal=bool(template_parts(template))))
            elif plain and tells:
                found.append(FieldView("text", "", plain, warning=warning, personal=True))
        return found

    def _table(self, item: Field, data: Any, scope: Scope, where: Path) -> list[FieldView]:
        rows = [(row, scope.row(row, index), (*where, index)) for index, row in rows_in(get(data, item.path))]
        if get(data, item.path) is MISSING:
            return []
        columns = _leaves(item.children, ())
        body = [
            [self._cell(child, get(row, path), inner, (*place, *path)) for path, child in columns]
            for row, inner, place in rows
        ]
        filled = [number for number in range(len(columns)) if any(cells[number] for cells in body)]
        columns = [columns[number] for number in filled]
        body = [[cells[number] for number in filled] for cells in body]
        notes = [self.notes(item.children, inner, row) for row, inner, _ in rows]
        heads = [self._label(child, scope) for _, child in columns]
        if any(text for text, _ in notes):
            heads.append(_NOTES.text(self.language))
            body = [[*cells, text] for cells, (text, _) in zip(body, notes, strict=True)]
        warning = self.warns(item, scope, body) or any(warns for _, warns in notes)
        marked = frozenset(number for number, (_, warns) in enumerate(notes) if warns)
        table = tuple(tuple(row) for row in body)
        personal = any(child.personal is not False for _, child in columns)
        computed = frozenset(n for n in range(len(heads)) if n >= len(columns) or columns[n][1].fixed)
        amounts = frozenset(n for n, (_, child) in enumerate(columns) if child.type == "number" and not child.as_text)
        keys = frozenset(n for n, (_, child) in enumerate(columns) if child.identifies)
        return [
            FieldView(
                "table", self._label(item, scope), "", tuple(heads), table, warning, marked,
                computed_columns=computed, key_columns=keys, amounts=amounts, personal=personal, sheet=item.sheet,
            )
        ]  # fmt: skip

    def notes(self, fields: Sequence[Field], scope: Scope, row: Any) -> tuple[str, bool]:
        """The texts that a row shows, and whether one of its parts must catch the eye."""
        texts: list[str] = []
        warns = False
        for item in fields:
            if item.type in ("dynamiclist", "table") or self.evaluator.holds(item.hide, scope):
                continue
            if item.type == "text" and (item.hide is not None or item.warning is not False):
                texts.extend(view.value or view.label for view in self._text(item, scope))
            elif item.children:
                text, inside = self.notes(item.children, scope, get(row, item.path))
                texts.extend([text] if text else [])
                warns = warns or inside
            warns = warns or self.warns(item, scope, get(row, item.path) if item.is_input else True)
        return listed(texts, say("；")).text(self.language), warns

    def _cell(self, item: Field, value: Any, scope: Scope, where: Path) -> str:
        if value is MISSING:
            return ""
        if not item.repeating:
            return self._value(item, value, scope, where)
        lines = []
        for index, row in rows_in(value):
            parts = self._fields(item.children, row, scope.row(row, index), (*where, index))
            lines.append(
                self._joined(
                    [say("{label}：{value}", label=part.label, value=part.value).text(self.language) for part in parts]
                )
            )
        return "\n".join(lines)

    def _given_table(self, item: Field, scope: Scope) -> list[FieldView]:
        rows = self.evaluator.value(item.rows_from, scope) if item.rows_from is not None else None
        if not isinstance(rows, list):
            return []
        keys = [key[self.index] for key, _ in item.columns]
        body = tuple(tuple(self.plain(get(row, (key,))) for key in keys) for row in rows)
        heads = tuple(label[self.index] for _, label in item.columns)
        warning = self.warns(item, scope)
        return [FieldView("table", self._label(item, scope), "", heads, body, warning=warning, personal=True)]

    def _value(self, item: Field, value: Any, scope: Scope, where: Path) -> str:
        """One value in words."""
        if item.type in CHOICES:
            recorded = self.recorded.get(spell(where))
            if recorded:
                return self.plain(recorded)
            chosen = value if item.type in SOME_OF and isinstance(value, list) else [value]
            return self._joined([self._option(item, one, scope) for one in chosen if one is not None])
        if item.type == "datetime":
            return self._moment(value)
        if item.type == "filepicker":
            recorded = self.recorded.get(spell(where))
            names = value if isinstance(value, list) else [value] if value else []
            if recorded:
                return self._joined(recorded)
            return self._joined([self.attachments.get(str(name), str(name)) for name in names])
        shown = self.plain(value)
        unit = item.unit[self.index]
        return f"{shown}{' ' if unit[0].isascii() else ''}{unit}" if shown and unit else shown

    def _option(self, item: Field, value: Any, scope: Scope) -> str:
        option = self.choices.of(item, scope).find(value)
        return option.label[self.index] if option else self.plain(value)

    def plain(self, value: Any) -> str:
        """A value of JSON in words."""
        if value is MISSING or value is None:
            return ""
        if isinstance(value, bool):
            return _YES[value].text(self.language)
        if isinstance(value, list):
            return self._joined([self.plain(item) for item in value])
        if isinstance(value, dict):
            return self._joined([self.plain(item) for item in value.values()])
        return plain_text(value)

    def _moment(self, value: Any) -> str:
        moment = read(value)
        if moment is None:
            return self.plain(value)
        day = "" if isinstance(moment, Time) else self._day(legal_day(moment))
        return day if isinstance(moment, Date) else f"{day} {clock_text(legal_clock(moment))[:5]}".strip()

    def _day(self, day: Date) -> str:
        return dated(date(day.year, day.month, day.day)).text(self.language)

    def _joined(self, parts: list[str]) -> str:
        return listed(parts).text(self.language)


def _leaves(fields: Sequence[Field], path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Field]]:
    """The columns of a table: inputs with a label, and lists within."""
    found: list[tuple[tuple[str, ...], Field]] = []
    for item in fields:
        if item.repeating or (item.is_input and item.label[0]):
            found.append(((*path, *item.path), item))
        elif item.children:
            found.extend(_leaves(item.children, (*path, *item.path)))
    return found
