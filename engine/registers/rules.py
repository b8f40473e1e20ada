"""What a register asks of its records beside their form: uniqueness, rules between fields, who a record is about.

Pure: who keeps the keys of uniqueness and looks references up is told nothing here (``engine.operations.writing``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from engine import letters
from engine.feel import Environment, Expression
from engine.words import Text


@dataclass(frozen=True, slots=True)
class Unique:
    """Fields that together stand once among the records in force.

    ``unless``: values that leave a record out; a list names several of them.
    """

    fields: tuple[str, ...]
    unless: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """The rule by its fields, as its keys are kept."""
        return "+".join(self.fields)

    def key(self, data: Mapping[str, Any]) -> str | None:
        """What stands once, as a digest; None for a record that is left out or has nothing in one of the fields.

        Widths, blanks and invisible letters make no second one. Capitals do: keys that are stored must stay the same.
        """
        values = [_narrow(data.get(field)) for field in self.fields]
        if any(value in (None, "") for value in values):
            return None
        if any(_is_one_of(data.get(field), value) for field, value in self.unless):
            return None
        return hashlib.sha256(orjson.dumps(values, default=str)).hexdigest()


def _is_one_of(value: Any, said: Any) -> bool:
    return value == said or (isinstance(said, list) and value in said)


def _narrow(value: Any) -> Any:
    return letters.narrow(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition in FEEL between the fields of one record, and what it says in words."""

    expression: Expression
    said: Text

    @property
    def fields(self) -> frozenset[str]:
        """The fields that it names."""
        return frozenset(self.expression.names | self.expression.perhaps)

    def holds(self, data: Mapping[str, Any], environment: Environment) -> bool:
        """Whether it is true of a record; a field that is absent is null."""
        known = {**dict.fromkeys(self.fields), **data}
        return self.expression.evaluate(known, environment) is True


@dataclass(frozen=True, slots=True)
class Lead:
    """How a record leads to the person it is about: a field with his login, or one that refers to such a record."""

    field: str
    register: str = ""  # that the field refers to; "": the login stands in the field itself
    login: str = ""  # the field of the login there
