"""Every visible field of settled data against its type, its options and its rules. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.forms import messages
from engine.forms.expressions import Evaluator, Scope
from engine.forms.model import CHOICES, SOME_OF, Field, Path
from engine.forms.options import Choices
from engine.forms.rules import broken_rules
from engine.forms.settle import Settled
from engine.forms.trees import MISSING, get, rows_in
from engine.forms.values import TooLarge, WrongType, is_empty, typed
from engine.words import Said


class Validator:
    """Validates one settled submission."""

    def __init__(
        self,
        settled: Settled,
        scope: Scope,
        evaluator: Evaluator,
        attachments: Mapping[str, str] | None,
    ) -> None:
        self.settled, self.evaluator, self.attachments = settled, evaluator, attachments
        self.choices = Choices(scope.names, evaluator)
        self.scope = scope
        self.errors: dict[Path, Said] = {}

    def run(self, fields: Sequence[Field]) -> dict[Path, Said]:
        """The first error of every field, by path."""
        self._fields(fields, self.settled.data, self.scope, ())
        return self.errors

    def _fields(self, fields: Sequence[Field], data: Any, scope: Scope, path: Path) -> None:
        for item in fields:
            where = (*path, *item.path)
            if where in self.settled.verdict.hidden:
                continue
            if item.repeating:
                self._rows(item, data, where)
                for index, row in rows_in(get(data, item.path)):
                    self._fields(item.children, row, scope.row(row, index), (*where, index))
            elif item.children:
                self._fields(item.children, get(data, item.path), scope, where)
            elif item.is_input and not item.fixed and where not in self.settled.verdict.readonly:
                found = self._value(item, get(data, item.path), where, scope)
                if found:
                    self.errors[where] = found

    def _rows(self, item: Field, data: Any, where: Path) -> None:
        rows = get(data, item.path)
        count = len(rows) if isinstance(rows, list) else 0
        if count < item.rules.min_rows:
            self.errors[where] = messages.too_few_rows(item, where, item.rules.min_rows)
        elif count > item.rules.max_rows:
            self.errors[where] = messages.too_many_rows(item, where, item.rules.max_rows)

    def _value(self, item: Field, value: Any, where: Path, scope: Scope) -> Said | None:
        try:
            value = typed(item, None if value is MISSING else value)
        except WrongType:  # a derived value; the client's own types were checked before
            return messages.wrong_type(item, where)
        except TooLarge:
            return messages.beyond_numbers(item, where)
        if is_empty(item, value):
            return messages.required(item, where) if item.rules.required else None
        if item.type in CHOICES:
            return self._chosen(item, value, where, scope)
        if item.type == "filepicker":
            return self._files(item, value, where)
        return next(iter(broken_rules(item, value, where, scope, self.evaluator)), None)

    def _chosen(self, item: Field, value: Any, where: Path, scope: Scope) -> Said | None:
        offered = self.choices.of(item, scope)
        chosen = value if item.type in SOME_OF else [value]
        return None if all(offered.find(one) for one in chosen) else messages.not_offered(item, where)

    def _files(self, item: Field, value: Any, where: Path) -> Said | None:
        if self.attachments is None:
            return None
        named = value if isinstance(value, list) else [value]
        return None if all(one in self.attachments for one in named) else messages.no_such_file(item, where)
