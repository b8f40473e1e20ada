"""Where a template is filled: plain places, places of a row that grows, and how an amount is written. Pure text.

``{{ name }}`` is a place; ``{{ rows.name }}`` in a row of a table repeats that row for each item of the list ``rows``;
``|大写`` writes an amount of money in words, ``|金额`` by thousands. Before Jinja reads a template every place is given
a plain name of our own and every row stands there as often as it is to: none of this reaches Jinja's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from engine.documents.amounts import by_thousands, in_words
from engine.errors import BadInput
from engine.words import Words, say

PLACE: Final = re.compile(r"(?<!\{)\{\{\s*(\w+)(?:\.(\w+))?\s*(?:\|\s*(\w+)\s*)?\}\}")
"""Name, field of a row, and how it is written."""
WRITTEN: Final[Mapping[str, Callable[[Any], str]]] = {"大写": in_words, "金额": by_thousands}
"""How an amount may be written."""
MOST_ROWS: Final = 2_000
"""Rows that all tables of a paper may grow to."""

_ROW = re.compile(r"<w:tr(?=[ >])[^>]*>|</w:tr>")
_KEPT = re.compile(r"<w:keepNext\s*/>")


@dataclass(frozen=True, slots=True)
class Slot:
    """One place. ``field``: of each row of the list ``name``; ``written``: a word of ``WRITTEN``."""

    name: str
    field: str = ""
    written: str = ""

    @property
    def said(self) -> str:
        """As it stands in the template, without its braces."""
        return f"{self.name}.{self.field}" if self.field else self.name


def found(text: str) -> Iterator[Slot]:
    """The places of a text in which no tags stand."""
    for name, inside, written in PLACE.findall(text):
        yield Slot(name, inside, written)


def trial(places: Sequence[Slot]) -> dict[str, Any]:
    """Values that fill every place once."""
    values: dict[str, object] = {}
    for place in places:
        sample = 1 if place.written else "一"
        if not place.field:
            values[place.name] = sample
            continue
        rows = values.setdefault(place.name, [{}])
        if isinstance(rows, list):
            rows[0][place.field] = sample
    return values


@dataclass(slots=True)
class Laid:
    """A text of plain names, and what fills each."""

    values: Mapping[str, object]
    context: dict[str, object] = field(default_factory=dict)

    def out(self, xml: str) -> str:
        """The text with its rows grown and every place under a plain name. Raises BadInput."""
        made, at = [], 0
        for begin, end in _innermost(xml):
            lists = {place.name for place in found(_bare(xml[begin:end])) if place.field}
            if lists:
                made += [self._plain(xml[at:begin]), *self._grown(xml[begin:end], lists)]
                at = end
        return "".join([*made, self._plain(xml[at:])])

    def _grown(self, row: str, lists: set[str]) -> Iterator[str]:
        if len(lists) > 1:
            raise refused(say("表格的一行只能重复一个列表：{names}", names=", ".join(sorted(lists))))
        (name,) = lists
        items = self.values.get(name)
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            raise refused(say("“{name}”不是由若干行组成的列表", name=name))
        if len(items) > MOST_ROWS:
            raise refused(say("表格超过{most}行", most=MOST_ROWS))
        for number, item in enumerate(items or [None], 1):
            text = row if number >= len(items) else _KEPT.sub("", row)  # only the last row stays with what follows
            yield self._plain(text, item, name)

    def _plain(self, xml: str, item: Mapping[str, object] | None = None, name: str = "") -> str:
        return PLACE.sub(lambda place: self._named(Slot(*(part or "" for part in place.groups())), item, name), xml)

    def _named(self, place: Slot, item: Mapping[str, object] | None, name: str) -> str:
        if place.field and place.name != name:
            raise refused(say("“{place}”只能写在表格的一行里", place=place.said))
        own = f"p{len(self.context)}"
        self.context[own] = self._value(place, item)
        return f"{{{{ {own} }}}}"

    def _value(self, place: Slot, item: Mapping[str, object] | None) -> Any:
        if not place.field:
            value = self.values[place.name]
        elif item is None:  # a list of nothing leaves an empty row
            return ""
        elif place.field not in item:
            raise refused(say("没有内容可填：{names}", names=place.said))
        else:
            value = item[place.field]
        return WRITTEN[place.written](value) if place.written and value not in (None, "") else value


def refused(what: Words) -> BadInput:
    """What is wrong with a template or what is to fill it."""
    return BadInput(field=say("文书模板"), reason=what)


def _bare(xml: str) -> str:
    return re.sub(r"<[^>]*>", "", xml)


def _innermost(xml: str) -> Iterator[tuple[int, int]]:
    """Where the rows are that hold no table of their own."""
    begun = -1
    for edge in _ROW.finditer(xml):
        if edge[0] != "</w:tr>":
            begun = edge.start()
        elif begun >= 0:
            yield begun, edge.end()
            begun = -1
