"""One thing in which a stored case is not what its history says. Knows no case."""

from __future__ import annotations

from typing import Self

from engine.words import Said


class Difference(str):
    """A line for the console, which may name stored values; ``told`` says it without them."""

    told: Said

    def __new__(cls, line: str, told: Said) -> Self:
        made = super().__new__(cls, line)
        made.told = told
        return made
