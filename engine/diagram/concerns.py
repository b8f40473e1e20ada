"""The records that a case is about, as a diagram says it. Knows no register and no case."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concern:
    """Records of a register that a case is about as long as it runs (``gw:concerns``)."""

    register: str
    records: str  # FEEL: their numbers
    exclusive: bool = False  # one case at a time: another one that asks for the same is refused
    fields: tuple[str, ...] = ()  # that no other case may write meanwhile; none: all, when exclusive
