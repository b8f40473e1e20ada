"""Sentences about FEEL under the clauses of the specification, and whether they hold. Knows no clause."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.feel import Environment, compile_expression

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def sentences(text: str) -> list[tuple[str, str]]:
    """(clause, expression) for each line; a line that begins with ``#`` names the clause of those below."""
    found, clause = [], ""
    for line in text.strip().splitlines():
        if line.startswith("#"):
            clause = line.removeprefix("# ")
        elif line.strip():
            found.append((clause, line))
    return found


def value(text: str, data: dict[str, Any] | None = None, semantics: int | None = None) -> Any:
    """What an expression comes to over this data; names of the data and of its members are known."""
    names = {name for one in (data or {}).values() if isinstance(one, dict) for name in one}
    compiled = compile_expression(text, frozenset(names | (data or {}).keys()))
    return compiled.evaluate(data or {}, Environment(NOW, semantics=semantics))


def holds(text: str, data: dict[str, Any] | None = None) -> bool:
    """Whether an expression is true."""
    return value(text, data) is True
