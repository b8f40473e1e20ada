"""Where names are looked up while an expression runs. Knows no syntax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel.environment import Environment

NO_TYPES: Mapping[str, Any] = {}


class Scope:
    """Names of one block, and the block around it. The outermost holds the case's data, never copied."""

    __slots__ = ("env", "names", "parent")

    def __init__(self, env: Environment, names: Mapping[str, Any], parent: Scope | None) -> None:
        self.env = env
        self.names = names
        self.parent = parent

    @property
    def types(self) -> Mapping[str, Any]:
        """The item definitions in sight, by name."""
        block = self
        while block.parent is not None:
            block = block.parent
        return block.item_types if isinstance(block, Outermost) else NO_TYPES


class Outermost(Scope):
    """The scope around the logic of an element of a decision model: what it requires, and the types of its file."""

    __slots__ = ("item_types",)

    def __init__(self, env: Environment, names: Mapping[str, Any], types: Mapping[str, Any]) -> None:
        super().__init__(env, names, None)
        self.item_types = types
