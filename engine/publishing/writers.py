"""Which processes write which registers: judged when either side is published. Knows no row.

What a diagram writes as it is, a constant name, is judged here; every write is judged again when it is made
(``engine.operations.writing``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from engine.checks.feel_trees import constant
from engine.definition import REGISTERS, Definition
from engine.errors import Problem
from engine.feel import FeelError
from engine.registers import Register
from engine.words import say

APPLY: Final = "register.apply"


@dataclass(frozen=True, slots=True)
class WrittenRegister:
    """That a step writes a register."""

    element: str
    register: str


def written(definition: Definition) -> tuple[WrittenRegister, ...]:
    """The registers that a definition writes, as far as their names stand in it."""
    found = []
    for element in definition.elements.values():
        if element.operation is not None and element.operation.name == APPLY:
            with suppress(FeelError, LookupError):  # no constant: asked when it is written
                name = constant(dict(element.operation.parameters)["register"])
                found.append(WrittenRegister(element.id, str(name)))
    return tuple(found)


def unfit(key: str, steps: Iterable[WrittenRegister], registers: Mapping[str, Register]) -> Iterator[Problem]:
    """Where a definition writes a register that does not name it among its writers."""
    for one in steps:
        register = registers.get(one.register)
        if register is not None and register.writers and key not in register.writers:
            what = say("台账“{register}”的writers里没有本流程“{key}”，不能登记。", register=one.register, key=key)
            hint = say(
                "请在{file}的gangwei.writers里加上本流程，写明own、subtree或any。",
                file=f"{REGISTERS}/{one.register}.schema.json",
            )
            yield Problem(f"{key}/process.bpmn", one.element, what, hint)
