"""How a case begins that no person starts: for whom and in whose name, and for what a time opens one each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.diagram.attributes import get, words
from engine.files.xml import Node


@dataclass(frozen=True, slots=True)
class Opening:
    """Who starts the case that a message, a signal or a time opens, and for whom.

    FEEL sees what the message carries and its sender, or what the time has opened it for.
    """

    organisation: str  # FEEL: its code
    starter: str  # FEEL: the login of a person; "": whoever holds the role that may start it there, longest


@dataclass(frozen=True, slots=True)
class ForEach:
    """For what a due time opens cases, one for each: records of a register that are in force, or organisations."""

    register: str  # "": organisations
    kinds: tuple[str, ...]  # of organisation; empty: any
    having: str  # a register: only organisations with records of it in force, their own or of one below; "": any
    when: str  # FEEL over the fields of one of them: only while true; "": always
    result: str  # variable of the record or the organisation in the case
    round: str  # variable of the moment that was due; "": none
    every: bool  # each round that was missed comes, too; else the next one after a downtime


def read_opening(nodes: Iterable[Node]) -> Opening | None:
    """What a start event says of who starts the case, and for whom."""
    return next((Opening(get(node, "organisation"), get(node, "starter")) for node in nodes), None)


def read_for_each(nodes: Iterable[Node]) -> ForEach | None:
    """What a start event says of what its time opens cases for."""
    for node in nodes:
        register, having, when = (get(node, name) for name in ("register", "having", "when"))
        result, due = get(node, "result"), get(node, "round")
        return ForEach(register, words(node, "kinds"), having, when, result, due, get(node, "missed") == "each")
    return None
