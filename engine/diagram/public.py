"""What a service task shows to everybody without sign-in (``gw:public``): the page, its fields, from when to when.

Knows no case. A field without a name stands in the JSON of the page alone; one without ``json`` on the page alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from engine.diagram.attributes import get, pair
from engine.files.xml import Node
from engine.words import Text

KINDS: Final = "text|number|money|date|moment"
"""How a value reads on the page."""


@dataclass(frozen=True, slots=True)
class PublicValue:
    """One field, or one column of a table: ``value`` is FEEL, in a column over ``item``, the row.

    ``path``: where it stands in the JSON of the page (``releases/0/tender/title``), in a column within the row.
    """

    name: Text
    value: str
    kind: str
    path: tuple[str, ...]
    columns: tuple[PublicValue, ...]  # of a table, whose value is a list
    impersonal: bool  # the designer says that it says nothing of a person, though it is made from what does


@dataclass(frozen=True, slots=True)
class Public:
    """A page of a case that everybody may read. All but the names are FEEL."""

    id: str
    name: Text  # what kind of page it is
    title: str
    since: str  # "": at once
    until: str  # "": without end
    key: str  # which of several pages of this id in one case; "": there is one
    address: tuple[str, ...]  # where in the JSON its own address stands
    shown: tuple[PublicValue, ...]

    def fields(self) -> Iterator[PublicValue]:
        """Every field, and every column of a table."""
        return _all(self.shown)

    def texts(self) -> Iterator[str]:
        """Every FEEL text that is not of a field."""
        return filter(None, (self.title, self.since, self.until, self.key))


def _all(shown: Iterable[PublicValue]) -> Iterator[PublicValue]:
    for one in shown:
        yield one
        yield from _all(one.columns)


def read_public(nodes: Iterable[Node]) -> Public | None:
    """The page that a service task declares; None for one that shows nothing."""
    for node in nodes:
        return Public(
            id=get(node, "id"),
            name=pair(node.get("name"), node.get("nameEn")),
            title=get(node, "title"),
            since=get(node, "from"),
            until=get(node, "until"),
            key=get(node, "key"),
            address=_steps(get(node, "address")),
            shown=_shown(node),
        )
    return None


def _shown(node: Node) -> tuple[PublicValue, ...]:
    return tuple(
        PublicValue(
            name=pair(one.get("name"), one.get("nameEn")),
            value=get(one, "value"),
            kind=get(one, "kind") or "text",
            path=_steps(get(one, "json")),
            columns=_shown(one),
            impersonal=get(one, "personal") == "false",
        )
        for one in node
        if str(one.tag).endswith("}show")
    )


def _steps(text: str) -> tuple[str, ...]:
    return tuple(text.split("/")) if text else ()
