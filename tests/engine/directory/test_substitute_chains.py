"""Chains, circles and periods of substitutes, against a model that asks day by day and kind by kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from engine.directory import substitute_rules, substitutes
from engine.directory.substitute_rules import Span, clashing, comes_back, too_long
from engine.directory.substitutes import MOST_LINKS, Link, chains, kinds_of

RUNS = 150
PEOPLE, DAYS, KINDS = range(1, 7), range(6), ("a", "b")
BEGIN = datetime(2026, 11, 23, tzinfo=UTC)


def at(day: int) -> datetime:
    return BEGIN + timedelta(days=day)


def holds(span: Span, day: int, kind: str) -> bool:
    return span.begin <= at(day) < span.end and (not span.kinds or kind in span.kinds)


class Model:
    """On a day, of a kind, a person has one substitute or none: whoever asks follows him from one to the next."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def next_of(self, person: int, day: int, kind: str) -> int | None:
        found = [one.substitute for one in self.spans if one.absent == person and holds(one, day, kind)]
        assert len(found) < 2
        return found[0] if found else None

    def walk(self, person: int, day: int, kind: str) -> list[int]:
        """Who acts for a person, one after the other."""
        found: list[int] = []
        here = self.next_of(person, day, kind)
        while here is not None and here != person and len(found) < len(PEOPLE):
            found.append(here)
            here = self.next_of(here, day, kind)
        return found + ([person] if here == person else [])

    def refuses(self, new: Span) -> bool:
        moments = [(day, kind) for day in DAYS for kind in KINDS if holds(new, day, kind)]
        if any(self.next_of(new.absent, *moment) is not None for moment in moments):
            return True
        self.spans.append(new)
        walks = [(person, self.walk(person, *moment)) for moment in moments for person in PEOPLE]
        self.spans.pop()
        return any(person in walk or len(walk) > MOST_LINKS for person, walk in walks)


def drawn(draw: random.Random) -> Span:
    absent, substitute = draw.sample(PEOPLE, 2)
    first = draw.choice(DAYS)
    kinds = frozenset(draw.sample(KINDS, draw.choice((0, 0, 1))))
    return Span(absent, substitute, at(first), at(draw.randint(first + 1, len(DAYS))), kinds)


def in_force(spans: Sequence[Span], day: int) -> Callable[[Sequence[int]], Iterator[Link]]:
    def taken_by(ids: Sequence[int]) -> Iterator[Link]:
        for number, one in enumerate(spans):
            if one.substitute in ids and one.begin <= at(day) < one.end:
                yield Link(number, (one.absent, ""), (one.substitute, ""), one.kinds, one.end)

    return taken_by


def acts_for(spans: Sequence[Span], who: int, day: int, kind: str) -> set[int]:
    found = set()
    for chain in chains(who, in_force(spans, day)):
        kinds = kinds_of(chain)
        if kinds is not None and (not kinds or kind in kinds):
            found.add(chain[0].absent[0])
    return found


def play(runs: int = RUNS) -> str:
    """The first difference between rules and model; empty for none."""
    draw = random.Random(12)
    refused = longest = 0
    for _ in range(runs):
        model = Model()
        for _ in range(12):
            new = drawn(draw)
            wrong = clashing(new, model.spans) is not None or comes_back(new, model.spans) or too_long(new, model.spans)
            if wrong != model.refuses(new):
                return f"{new} beside {model.spans}"
            refused += wrong
            if not wrong:
                model.spans.append(new)
            if model.spans and draw.random() < 0.2:
                model.spans.pop(draw.randrange(len(model.spans)))
        day, kind = draw.choice(DAYS), draw.choice(KINDS)
        for who in PEOPLE:
            walks = {person: model.walk(person, day, kind) for person in PEOPLE}
            longest = max(longest, *map(len, walks.values()))
            if acts_for(model.spans, who, day, kind) != {one for one, walk in walks.items() if who in walk}:
                return f"{who} on {day}, {kind}: {model.spans}"
    assert refused > runs and longest == MOST_LINKS
    return ""


def test_rules_and_chains_are_those_of_the_model() -> None:
    assert play() == ""


@pytest.mark.parametrize("fault", ["kinds", "period", "length"])
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "kinds":  # a chain passes on more than each of its links
        for module in (substitutes, substitute_rules):
            monkeypatch.setattr(module, "narrowed", lambda one, other: one | other)
    elif fault == "period":  # days that do not meet are taken for days in common
        monkeypatch.setattr(substitute_rules, "_common", lambda one, other: one)
    else:
        monkeypatch.setattr(substitute_rules, "MOST_LINKS", MOST_LINKS + 1)
    assert play() != ""
