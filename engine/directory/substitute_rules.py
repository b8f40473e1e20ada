"""Whether a substitution may be named beside those that stand: no circle, no chain that is too long. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.directory.substitutes import MOST_LINKS, narrowed


@dataclass(frozen=True, slots=True)
class Span:
    """That one person stands in for another from a moment to before another one. ``kinds``: none for all."""

    absent: int
    substitute: int
    begin: datetime
    end: datetime
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What one chain around a new substitution passes on, from the first who is away to the last who stands in."""

    span: Span
    length: int = 1


def _common(one: Span, other: Span) -> Span | None:
    """``one`` where ``other`` holds, too."""
    begin, end, kinds = max(one.begin, other.begin), min(one.end, other.end), narrowed(one.kinds, other.kinds)
    return None if begin >= end or kinds is None else replace(one, begin=begin, end=end, kinds=kinds)


def clashing(new: Span, others: Iterable[Span]) -> Span | None:
    """A substitution of the same person that holds for the same days and kinds."""
    return next((one for one in others if one.absent == new.absent and _common(new, one)), None)


def chained(new: Span, others: Sequence[Span]) -> Iterator[tuple[Span, int]]:
    """Every chain in which the new substitution would be a link: who is away, who acts at last; and its length."""
    waiting = [_Stretch(new)]
    while waiting:
        here = waiting.pop()
        yield here.span, here.length
        if here.length > MOST_LINKS or here.span.absent == here.span.substitute:
            continue
        for one in others:
            left = _common(here.span, one)
            if left is None:
                continue
            if one.absent == here.span.substitute:
                waiting.append(_Stretch(replace(left, substitute=one.substitute), here.length + 1))
            if one.substitute == here.span.absent:
                waiting.append(_Stretch(replace(left, absent=one.absent), here.length + 1))


def comes_back(new: Span, others: Sequence[Span]) -> bool:
    """Whether somebody would at some moment stand in for himself."""
    return any(span.absent == span.substitute for span, _ in chained(new, others))


def too_long(new: Span, others: Sequence[Span]) -> bool:
    """Whether a chain would at some moment have more links than are followed."""
    return any(length > MOST_LINKS for _, length in chained(new, others))
