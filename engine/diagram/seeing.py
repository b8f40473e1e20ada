"""What a process declares of who may see what of its cases: people from outside, and everybody until an event.

``gw:seen`` shows what is not shown by itself, ``gw:confidential`` hides what would be. Knows no case and no person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from engine.diagram.attributes import words
from engine.files.xml import Node

OUTSIDE: Final = "outside"
"""Everybody of an outside organisation, whatever his role there."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What people from outside who take part in a case see beside what is their own.

    ``by``: ``outside``, or roles of outside organisations; ``fields``: of a step, those of its form, and ``opinion``;
    of a process ``title``, ``summary`` and ids of columns. None: all.
    """

    by: tuple[str, ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Confidential:
    """What nobody else sees before a token has gone through one of the elements ``until``.

    ``before``: roles that see it before; ``fields``: of the step's form, none for the whole step with who has it; of a
    process: variables. ``watch``, of a whole step: roles that see who has it and who has handed in, not what.
    """

    until: tuple[str, ...]
    before: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seeing:
    """What a process declares of its cases as a whole. ``confidential``: variables; ``released``: such as are made of
    what is confidential and may be read nevertheless."""

    seen: tuple[Seen, ...] = ()
    confidential: tuple[Confidential, ...] = ()
    released: frozenset[str] = frozenset()


NOTHING_SAID: Final = Seeing()


def read_seeing(each: Callable[[str], Iterable[Node]]) -> Seeing:
    """As the process declares it. ``each``: its extension elements of a name."""
    released = frozenset(name for node in each("released") for name in words(node, "variables"))
    return Seeing(read_seen(each("seen")), read_confidential(each("confidential"), "variables"), released)


def read_seen(nodes: Iterable[Node]) -> tuple[Seen, ...]:
    """As the diagram declares it."""
    return tuple(Seen(words(node, "by"), words(node, "fields")) for node in nodes)


def read_confidential(nodes: Iterable[Node], fields: str) -> tuple[Confidential, ...]:
    """As the diagram declares it; ``fields``: the attribute that names what of it is."""
    return tuple(
        Confidential(words(node, "until"), words(node, "for"), words(node, fields), words(node, "watch"))
        for node in nodes
    )
