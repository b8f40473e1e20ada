"""Where names are looked up while an expression runs. Knows no syntax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel.environment import Environment


class Scope:
    """Names of one block, and the block around it. The outermost holds the case's data, never copied."""

    __slots__ = ("env", "names", "parent")

    def __init__(self, env: Environment, names: Mapping[str, Any], parent: Scope | None) -> None:
        self.env = env
        self.names = names
        self.parent = parent
