"""FEEL as forms use it: values, conditions, scopes of rows, and {{templates}}. The only file here that evaluates.

Scopes are those of form-js: every name of the form, and ``this``, ``parent``, ``i`` inside a row (also written
``_this_``, ``_parent_``, ``_i_``). Row numbers in ``i`` count from 1.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from engine.errors import Refusal, Suspended
from engine.feel import BudgetExceeded, Environment, Expression, compile_expression, to_json
from engine.feel.formats import plain_text
from engine.forms.model import Condition
from engine.words import Words

_TEMPLATE = re.compile(r"\{\{([^{}]*)\}\}")
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_NEGATION = "not("


def is_expression(value: Any) -> bool:
    """Whether form-js takes this property as FEEL: a text that begins with ``=``."""
    return isinstance(value, str) and value.startswith("=")


def condition(text: str) -> Condition:
    """Compile a condition. Raises FeelSyntaxError."""
    text = text.removeprefix("=").strip()
    if _negates_all(text):
        return Condition(compile_expression(text[len(_NEGATION) : -1]), negated=True)
    return Condition(compile_expression(text))


def _negates_all(text: str) -> bool:
    """Whether the whole text is one ``not( … )`` rather than, say, ``not(a) and b``."""
    bare = _STRINGS.sub(lambda found: "_" * len(found[0]), text)
    if not bare.startswith(_NEGATION):
        return False
    depth = 0
    for position, letter in enumerate(bare):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and letter == ")":
            return position == len(bare) - 1
    return False


class Scope:
    """The names that one row, or the form itself, sees. They are gathered only when something asks."""

    __slots__ = ("_above", "_names", "indexes", "this")

    def __init__(self, names: ChainMap[str, Any] | None, above: Scope | None, this: Any, indexes: tuple[int, ...]):
        self._names, self._above, self.this, self.indexes = names, above, this, indexes

    @classmethod
    def root(cls, context: Mapping[str, Any], data: Mapping[str, Any]) -> Scope:
        """The form's own scope: data of the case and answers of sources, overlaid by the fields."""
        own: dict[str, Any] = {"this": data, "parent": None, "i": []}
        return cls(ChainMap({**own, **data, **_underscored(own)}, context), None, data, ())  # type: ignore[arg-type]

    def row(self, value: Mapping[str, Any], index: int) -> Scope:
        """The scope inside row ``index`` (from 0) of a list that stands in this scope."""
        return Scope(None, self, value, (*self.indexes, index + 1))

    @property
    def names(self) -> ChainMap[str, Any]:
        """What FEEL may name here: laid over one another and not copied, for a row costs what it asks."""
        if self._names is None:
            above = self._above
            assert above is not None
            own = {"this": self.this, "parent": above._as_parent(), "i": list(self.indexes)}
            self._names = above.names.new_child({**own, **_underscored(own)})
        return self._names

    def _as_parent(self) -> dict[str, Any]:
        own = {"this": self.this, "parent": self.names["_parent_"], "i": list(self.indexes)}
        return {**own, **self.this, **_underscored(own)}


def _underscored(own: Mapping[str, Any]) -> dict[str, Any]:
    return {f"_{key}_": value for key, value in own.items()}


class Evaluator:
    """Evaluates for one pass over a form and keeps what was refused on the way, instead of raising it."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.refusal: Refusal | None = None  # of the latest evaluation

    def value(self, expression: Expression, scope: Scope) -> Any:
        """The answer as plain JSON; null when it was refused. Raises ``BudgetExceeded`` for what takes too long."""
        answer = self.told(expression, scope)
        if isinstance(self.refusal, BudgetExceeded):
            raise self.refusal
        return answer

    def told(self, expression: Expression, scope: Scope) -> Any:
        """The same for whoever tells at a field whatever was ``refused``, what takes too long, too."""
        self.refusal = None
        try:
            return to_json(expression.evaluate(scope.names, self.environment))
        except Suspended:
            raise
        except Refusal as refusal:
            self.refusal = refusal
            return None

    def holds(self, condition: bool | Condition | None, scope: Scope) -> bool:
        """Whether a condition is met. Null counts as met, as it does in form-js, and not met under ``not(…)``."""
        if condition is None or isinstance(condition, bool):
            return bool(condition)
        answer = self.value(condition.expression, scope)
        if self.refusal is not None:
            return False
        return (answer is None or answer is True) != condition.negated

    def why(self) -> Words | None:
        """Why the latest evaluation was refused, if it was."""
        return self.refusal.words if self.refusal else None

    def text(self, template: str, scope: Scope) -> str:
        """A text with its ``{{expression}}`` parts, or a whole ``=expression``, filled in. Broken parts stay empty."""
        if is_expression(template):
            return _shown(self.value(compile_expression(template), scope))
        return _TEMPLATE.sub(lambda part: _shown(self.value(compile_expression(part[1]), scope)), template)


def template_parts(text: str) -> list[str]:
    """The FEEL texts inside a label or text: the whole of ``=…``, or each ``{{…}}``."""
    return [text] if is_expression(text) else [part[1] for part in _TEMPLATE.finditer(text)]


def _shown(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain_text(value)
