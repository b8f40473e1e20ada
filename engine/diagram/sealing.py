"""What a diagram says of sealed submissions (``gw:sealed``, ``gw:share``, ``gw:unseal``). Knows no case and no key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from engine.diagram.attributes import get, pair, words
from engine.diagram.verbs import Verb, verb_of
from engine.files.xml import Node
from engine.words import Text

WITHHELD: Final = ("sign", "delegate", "takeBack", "bulk")
"""Verbs that would write down what is handed in before it is sealed, or undo what was told by a receipt."""
FORWARD: Final = "forward"
"""Withheld where something is sealed: of each desk the last counts, and what was passed on would count beside it."""
Each = Callable[[str], Iterator[Node]]
"""The extension elements of that name on an element."""


@dataclass(frozen=True, slots=True)
class SealedForm:
    """The form of a task is handed in sealed. Both are FEEL: the id of a key, and the last moment."""

    key: str
    until: str


@dataclass(frozen=True, slots=True)
class ShareAsked:
    """A task makes one of the three shares of a key; the one with ``others`` (variables) makes the key of them."""

    kind: str  # phrase | printed
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unseal:
    """A task opens what was sealed. ``key`` and ``at`` are FEEL: a key, and the moment before which nothing is opened.

    ``read_out``: fields of what is opened that stand in the list of it, each with its name.
    """

    key: str
    at: str
    read_out: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Sealing:
    """What of these a task does: at most one of them."""

    sealed: SealedForm | None = None
    share: ShareAsked | None = None
    unseal: Unseal | None = None

    @property
    def kind(self) -> str:
        """``sealed``, ``share``, ``unseal``; empty for none."""
        return next((name for name in ("sealed", "share", "unseal") if getattr(self, name) is not None), "")


NOTHING: Final = Sealing()


def read_sealing(each: Each) -> Sealing:
    """What stands on an element."""
    sealed = next((SealedForm(get(one, "key"), get(one, "until")) for one in each("sealed")), None)
    share = next((ShareAsked(get(one, "kind"), words(one, "with")) for one in each("share")), None)
    unseal = next((Unseal(get(one, "key"), get(one, "at"), _read_out(one)) for one in each("unseal")), None)
    return Sealing(sealed, share, unseal) if sealed or share or unseal else NOTHING


def _read_out(node: Node) -> tuple[tuple[str, Text], ...]:
    own = [one for one in node if str(one.tag).endswith("}readOut")]
    return tuple((get(one, "field"), pair(one.get("name"), one.get("nameEn"))) for one in own)


def withheld(verbs: tuple[Verb, ...], sealing: Sealing) -> tuple[Verb, ...]:
    """The verbs of a task without those that what it does forbids."""
    if sealing is NOTHING:
        return verbs
    names = WITHHELD if sealing.sealed is None else (*WITHHELD, FORWARD)
    others = tuple(one for one in verbs if one.name not in names)
    return others + tuple(replace(verb_of(verbs, name), allowed=False) for name in names)
