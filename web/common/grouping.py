"""Lists of kinds and of registers: in groups, and those that fit what is looked for. Knows neither of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from flask import Response, make_response, render_template, request

from engine import letters
from engine.views import Group as Placed
from engine.words import Text

LONGEST_SEARCH = 100
LAST = 10_000
"""Behind every place that may be declared."""


class Grouped(Protocol):
    """What a designer has given a place in a group; a place of 0 is the last one."""

    @property
    def group(self) -> Placed: ...
    @property
    def description(self) -> Text: ...


T = TypeVar("T", bound=Grouped)


@dataclass(frozen=True, slots=True)
class GroupOfThings(Generic[T]):
    """Things of one group, in their order. ``name``: empty for what is in none."""

    name: Text
    things: tuple[T, ...]


def asked_words() -> str:
    """What the address looks for."""
    return request.args.get("q", "").strip()[:LONGEST_SEARCH]


def grouped(found: Iterable[tuple[Text, T]], words: str) -> list[GroupOfThings[T]]:
    """What fits these words, by group; each comes with its name. A group stands where its first thing stands.

    Groups are the same when their Chinese names are: who writes another English one does not make another group.
    """
    fitting = [one for name, one in found if _fits(words, (*name, *one.group.name, *one.description))]
    places = {one.group.name[0]: LAST for one in fitting}
    for one in fitting:
        places[one.group.name[0]] = min(places[one.group.name[0]], _place(one))
    in_order = sorted(
        fitting, key=lambda one: (not one.group.name[0], places[one.group.name[0]], one.group.name[0], _place(one))
    )
    groups = (tuple(things) for _, things in groupby(in_order, key=lambda one: one.group.name[0]))
    return [GroupOfThings(things[0].group.name, things) for things in groups]


def list_in_groups(whole: str, part: str, **shown: object) -> Response:
    """The page of a list, or only what stands in it when htmx asks."""
    partial = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"
    answer = make_response(render_template(part if partial else whole, **shown))
    answer.vary.add("HX-Request")
    return answer


def _place(one: Grouped) -> int:
    return one.group.order or LAST


def _fits(words: str, texts: Iterable[str]) -> bool:
    folded = letters.folded(" ".join(texts))
    return all(letters.folded(one) in folded for one in letters.words(words))
