"""Derived fields of a register: FEEL over a record, what it refers to and what refers to it. Knows no stored record.

They are worked out when a record is read, never kept, so they are true of every moment that is asked for. Beside the
fields an expression sees ``<field>_record``, the record to which a field refers (null for none), and
``<register>_records``, those of a register that refer to this one, or share a value with it (``same_as``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.feel import Environment, Expression, to_json
from engine.views import Column

ONE: Final = "_record"
MANY: Final = "_records"


@dataclass(frozen=True, slots=True)
class Derived:
    """One derived field."""

    column: Column
    expression: Expression

    @property
    def names(self) -> frozenset[str]:
        """What it reads."""
        return frozenset(self.expression.names | self.expression.perhaps)

    def value(self, seen: Mapping[str, Any], environment: Environment) -> Any:
        """What it gives for a record and what stands around it, as JSON; what is absent is null."""
        known = {**dict.fromkeys(self.names), **seen}
        return to_json(self.expression.evaluate(known, environment), exact=True)


def wanted(derived: Mapping[str, Derived], ending: str) -> set[str]:
    """The fields (ONE) or registers (MANY) whose records some derived field reads."""
    names = {name for one in derived.values() for name in one.names}
    return {name.removesuffix(ending) for name in names if name.endswith(ending)}
