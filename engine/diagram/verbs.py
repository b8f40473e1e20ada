"""What the holder of a task may do with it beside deciding (``gw:verb``): allowed unless the diagram forbids it.

WS-HumanTask 1.1, 4.1 and 7.1.1, has forward and delegate; further signers, questions and copies are of this office.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from engine.diagram.attributes import get, number, words
from engine.files.xml import Node

ROLE, ORGANISATION, SUBTREE, ANYONE = "role", "organisation", "subtree", "anyone"
REACHES: Final = (ROLE, ORGANISATION, SUBTREE, ANYONE)
"""To whom: the same role at the same organisation; anybody who acts there; also below it; anywhere."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One of them at one element."""

    name: str  # forward | delegate | sign | ask | copy | urge | takeBack | bulk
    allowed: bool = True
    to: str = ORGANISATION  # role | organisation | subtree | anyone, seen from whom the task was for
    most: int = 20  # people at one task
    per_day: int = 2  # by one person at one task
    fields: tuple[str, ...] = ()  # of its form: filled in once for many tasks that are handled in one go
    said: frozenset[str] = frozenset()  # the limits that stand in the diagram


DEFAULTS: Final = {
    one.name: one
    for one in (
        Verb("forward"),
        Verb("delegate"),
        Verb("sign"),
        Verb("ask", to=ANYONE),
        Verb("copy", to=ANYONE, most=100),
        Verb("urge"),
        Verb("takeBack"),
        Verb("bulk"),
    )
}
"""What holds where the diagram says nothing."""
VALUES: Final = {
    "allowed": "true|false", "most": r"\d{1,3}", "perDay": r"\d{1,3}",
    "to": "|".join(REACHES), "name": "|".join(DEFAULTS),
}  # fmt: skip
"""What its attributes may say."""
TO_PEOPLE: Final = frozenset({"forward", "delegate", "sign", "ask", "copy"})


def read_verbs(nodes: Iterable[Node]) -> tuple[Verb, ...]:
    """What the diagram says of them at one element."""
    found = []
    for node in nodes:
        usual = DEFAULTS.get(get(node, "name"), Verb(get(node, "name")))
        allowed, to = get(node, "allowed") != "false", get(node, "to") or usual.to
        most, per_day = number(node, "most", usual.most), number(node, "perDay", usual.per_day)
        said = frozenset(one for one in ("to", "most", "perDay", "fields") if get(node, one))
        found.append(Verb(usual.name, allowed, to, most, per_day, words(node, "fields"), said))
    return tuple(found)


def verb_of(verbs: Iterable[Verb], name: str) -> Verb:
    """What holds of one of them."""
    return next((one for one in verbs if one.name == name), DEFAULTS[name])
