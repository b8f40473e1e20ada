"""Choices of a register that nobody can keep: written twice, or a default that is none of them. Knows no record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.errors import Problem
from engine.registers.register import Register
from engine.words import listed, say


def impossible(register: Register, file: str) -> Iterator[Problem]:
    """What is wrong with the choices of the fields. A value that stands twice fits none: ``oneOf`` takes just one."""
    whole: Any = register.validator.schema
    for key, schema in whole["properties"].items():
        own = schema.get("items", schema) if isinstance(schema.get("items", schema), dict) else schema
        values = [one["const"] for one in own.get("oneOf", ()) if isinstance(one, dict) and "const" in one]
        values += [value for value in own.get("enum", ()) if not values]
        for value in _twice(values):
            what = say("选项“{value}”写了两次，填它会被拒绝。", value=value)
            yield Problem(file, key, what, say("请删去一个，或给它另一个值。"))
        default = schema.get("default")
        if values and default is not None and not isinstance(default, list) and default not in values:
            what = say("默认值“{value}”不在选项里。", value=default)
            yield Problem(file, key, what, say("可用的有：{offered}。", offered=listed(values, by=", ")))


def _twice(values: list[Any]) -> list[Any]:
    return [value for at, value in enumerate(values) if value in values[:at]]
