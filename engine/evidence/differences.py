"""One thing in which a stored case is not what its history says, and what all of them come to. Knows no case."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Self

from engine.words import Said


class Difference(str):
    """A line for the console, which may name stored values; ``told`` says it without them."""

    told: Said

    def __new__(cls, line: str, told: Said) -> Self:
        made = super().__new__(cls, line)
        made.told = told
        return made


class Late(Difference):
    """No difference: the proof was given up before it could say so, for it took too long or too much memory."""


class ProofResult(Enum):
    """What a proof comes to."""

    HOLDS = "holds"
    DIFFERS = "differs"
    LATE = "late"


def verdict(found: Sequence[Difference]) -> ProofResult:
    """``DIFFERS`` for any difference, whatever else was given up; ``LATE`` where there is none as far as is known."""
    if not found:
        return ProofResult.HOLDS
    return ProofResult.LATE if all(isinstance(one, Late) for one in found) else ProofResult.DIFFERS
