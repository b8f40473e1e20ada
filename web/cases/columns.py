"""What an address asks of the columns of a kind of case: the value, the least and the most of each. Knows no page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext

from engine.diagram.columns import MOST
from engine.views.columns import ColumnAsked, ColumnView
from web.common.i18n import pick

AT: Final = "c."
LONGEST: Final = 60


def read_columns(query: Mapping[str, str]) -> tuple[ColumnAsked, ...]:
    """The columns of an address of which something is asked."""
    found: dict[str, dict[str, str]] = {}
    for name, value in query.items():
        column, _, end = name.removeprefix(AT).partition(".")
        if name.startswith(AT) and value.strip() and end in ("", "from", "to") and len(column) <= LONGEST:
            found.setdefault(column, {})[end] = value.strip()[:LONGEST]
    asked = [
        ColumnAsked(one, said.get("", ""), said.get("from", ""), said.get("to", "")) for one, said in found.items()
    ]
    return tuple(asked[:MOST])


def words_of(asked: Iterable[ColumnAsked]) -> dict[str, str]:
    """The same as words of an address."""
    words: dict[str, str] = {}
    for one in asked:
        words |= {f"{AT}{one.id}": one.is_, f"{AT}{one.id}.from": one.low, f"{AT}{one.id}.to": one.high}
    return words


def is_order(sort: str) -> bool:
    """Whether a list is put in order by a column."""
    return sort.removeprefix("-").startswith(AT) and len(sort) <= LONGEST


@dataclass(frozen=True, slots=True)
class Heads:
    """The columns of a list with what is asked of them, and where each head leads. ``at``: the address of a change."""

    views: tuple[ColumnView, ...]
    asked: Mapping[str, ColumnAsked]
    sort: str
    at: Callable[[str], str]

    def turned(self, one: ColumnView) -> str:
        """Where the list is in the order of a column, or turned round when it is already."""
        own = f"{AT}{one.id}"
        return self.at(f"-{own}" if self.sort == own else own)

    def order(self, one: ColumnView) -> str:
        """How the list is in order by a column, as ``aria-sort`` says it; empty: by another one."""
        own = f"{AT}{one.id}"
        return {own: "ascending", f"-{own}": "descending"}.get(self.sort, "")


def address(endpoint: str, words: Mapping[str, str]) -> str:
    """The address of a list that is asked for this."""
    return f"{url_for(endpoint)}?{urlencode(words)}"


def heads(views: tuple[ColumnView, ...], asked: Iterable[ColumnAsked], sort: str, at: Callable[[str], str]) -> Heads:
    """The columns for a page."""
    return Heads(views, {one.id: one for one in asked}, sort, at)


def shown(column: ColumnView, text: str) -> str:
    """A value as people read it."""
    if column.type == "boolean" and text:
        return str(gettext("是") if text == "true" else gettext("否"))
    return pick(column.named(text)) if column.type == "choice" else text
