"""What a kind of organisation and a figure kept of organisations are. Knows no organisation and no kind by name."""

from __future__ import annotations

from dataclasses import dataclass

from engine.words import Text

TAKEN = ("code", "name", "short_name", "kind", "parent", "level", "province", "city", "value", "label", "existing")
"""What expressions know of every organisation, and of one that is a choice: no figure may be called so."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of organisation. ``parents`` are the kinds that may stand directly above it; none for a root."""

    id: str
    name: Text
    parents: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    outside: bool = False  # of organisations that are no part of the unions: they see their own matters alone


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a figure may have."""

    id: str
    name: Text
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure kept of organisations: a whole number of ``unit_zh``, or one of ``choices``."""

    id: str
    name: Text
    unit_zh: str = ""
    choices: tuple[Choice, ...] = ()
    kinds: tuple[str, ...] = ()  # only these have it; empty: all
    aliases: tuple[str, ...] = ()
