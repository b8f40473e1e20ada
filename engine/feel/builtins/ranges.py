"""How points and ranges lie to each other (clause 10.3.4.8), and ranges from texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Environment
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Token, tokenize
from engine.feel.operators import comparable, compare, equal
from engine.feel.texts import parse_date, parse_duration, parse_moment, parse_temporal, parse_time, readable
from engine.feel.values import Range, lift, number
from engine.words import say


def as_range(value: Any) -> Range:
    """A point is the range that holds it alone."""
    return value if isinstance(value, Range) else Range(value, True, value, True)


def _fit(a: Range, b: Range) -> bool:
    ends = [lift(end) for end in (a.low, a.high, b.low, b.high) if end is not None]
    return bool(ends) and all(comparable(ends[0], end) for end in ends)


def _below(env: Environment, a: Any, b: Any) -> bool:
    return compare("<", lift(a), lift(b), env) is True


def _same(env: Environment, a: Any, b: Any) -> bool:
    return a is not None and b is not None and equal(a, b, env) is True


def _before(e: Environment, a: Range, b: Range) -> bool:
    if a.high is None or b.low is None:
        return False
    return _below(e, a.high, b.low) or (_same(e, a.high, b.low) and not (a.high_closed and b.low_closed))


def _meets(e: Environment, a: Range, b: Range) -> bool:
    return _same(e, a.high, b.low) and a.high_closed and b.low_closed


def _starts_no_later(e: Environment, a: Range, b: Range) -> bool:
    """Whether a holds everything at the lower end that b holds."""
    if a.low is None or b.low is None:
        return a.low is None
    return _below(e, a.low, b.low) or (_same(e, a.low, b.low) and (a.low_closed or not b.low_closed))


def _ends_no_earlier(e: Environment, a: Range, b: Range) -> bool:
    if a.high is None or b.high is None:
        return a.high is None
    return _below(e, b.high, a.high) or (_same(e, a.high, b.high) and (a.high_closed or not b.high_closed))


def _includes(e: Environment, a: Range, b: Range) -> bool:
    return _starts_no_later(e, a, b) and _ends_no_earlier(e, a, b)


def _overlaps(e: Environment, a: Range, b: Range) -> bool:
    return not _before(e, a, b) and not _before(e, b, a)


def _same_start(e: Environment, a: Range, b: Range) -> bool:
    return _starts_no_later(e, a, b) and _starts_no_later(e, b, a)


def _same_end(e: Environment, a: Range, b: Range) -> bool:
    return _ends_no_earlier(e, a, b) and _ends_no_earlier(e, b, a)


def _overlaps_before(e: Environment, a: Range, b: Range) -> bool:
    earlier = _starts_no_later(e, a, b) and not _same_start(e, a, b)
    return earlier and _ends_no_earlier(e, b, a) and _overlaps(e, a, b)


def _overlaps_after(e: Environment, a: Range, b: Range) -> bool:
    later = _starts_no_later(e, b, a) and not _same_start(e, a, b)
    return later and _ends_no_earlier(e, a, b) and _overlaps(e, a, b)


def _finishes(e: Environment, a: Range, b: Range) -> bool:
    return _same_end(e, a, b) and _starts_no_later(e, b, a)


def _starts(e: Environment, a: Range, b: Range) -> bool:
    return _same_start(e, a, b) and _ends_no_earlier(e, b, a)


def _coincides(e: Environment, a: Range, b: Range) -> bool:
    return _same_start(e, a, b) and _same_end(e, a, b)


Relation = Callable[[Environment, Range, Range], bool]
_POINTS, _POINT_RANGE, _RANGE_POINT = (
    "point1: point, point2: point",
    "point: point, range: range",
    "range: range, point: point",
)
_RANGES = "range1: range, range2: range"


def _turned(relation: Relation) -> Relation:
    return lambda e, a, b: relation(e, b, a)


_TABLE: tuple[tuple[str, Relation, tuple[str, ...]], ...] = (
    ("before", _before, (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)),
    ("after", _turned(_before), (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)),
    ("meets", _meets, (_RANGES,)),
    ("met by", _turned(_meets), (_RANGES,)),
    ("overlaps", _overlaps, (_RANGES,)),
    ("overlaps before", _overlaps_before, (_RANGES,)),
    ("overlaps after", _overlaps_after, (_RANGES,)),
    ("finishes", _finishes, (_POINT_RANGE, _RANGES)),
    ("finished by", _turned(_finishes), (_RANGE_POINT, _RANGES)),
    ("includes", _includes, (_RANGE_POINT, _RANGES)),
    ("during", _turned(_includes), (_POINT_RANGE, _RANGES)),
    ("starts", _starts, (_POINT_RANGE, _RANGES)),
    ("started by", _turned(_starts), (_RANGE_POINT, _RANGES)),
    ("coincides", _coincides, (_POINTS, _RANGES)),
)


def _register(name: str, relation: Relation, shapes: tuple[str, ...]) -> None:
    def call(env: Environment, a: Any, b: Any) -> Any:
        left, right = as_range(a), as_range(b)
        if not _fit(left, right) or left.apart or right.apart:
            return env.null(say("两者不能比较大小"))
        return relation(env, left, right)

    builtin(*(f"{name}({shape})" for shape in shapes), cost=8)(call)


for _name, _relation, _shapes in _TABLE:
    _register(_name, _relation, _shapes)


LONGEST = 1_000  # characters of a range in a text
LITERALS: dict[str, Callable[[str], Any]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_moment,
    "duration": parse_duration,
}


@builtin("range(from: string)", cost=40)
def range_of_text(env: Environment, text: str) -> Any:
    """``[1..10]``, ``("a".."c")``, ``[2..)`` (rule 66): literals stand at the ends, and one may be missing."""
    try:
        tokens = tokenize(text)[:-1] if len(text) <= LONGEST else []
    except FeelSyntaxError:
        tokens = []
    known = all(token.kind != "string" or readable(token.value, env.semantics) for token in tokens)
    made = _range(tokens, env) if tokens and known else None
    return made or env.null(say("“{text}”不是区间"), text=text[:40])


def _range(tokens: list[Token], env: Environment) -> Range | None:
    dots = next((at for at, token in enumerate(tokens) if token.kind == "sign" and token.text == ".."), 0)
    if not dots or tokens[0].text not in ("[", "(", "]") or tokens[-1].text not in ("]", ")", "["):
        return None
    closed = tokens[0].text == "[", tokens[-1].text == "]"
    given = tokens[1:dots], tokens[dots + 1 : -1]
    ends = [_literal(end) for end in given]
    wrong = any(
        bool(end) == (value is None) or (shut and not end) for end, value, shut in zip(given, ends, closed, strict=True)
    )
    if wrong or ends == [None, None] or (None not in ends and compare("<=", ends[0], ends[1], env) is not True):
        return None
    return Range(ends[0], closed[0], ends[1], closed[1])


def _literal(tokens: list[Token]) -> Any:
    """A literal at the end of a range (rule 67), or None."""
    kinds = [token.kind if token.kind != "sign" else token.text for token in tokens]
    if kinds in (["number"], ["-", "number"]):
        value = number(tokens[-1].text)
        return value if value is None or len(tokens) == 1 else value.copy_negate()
    if kinds == ["string"]:
        return tokens[0].value
    if kinds == ["@", "string"]:
        return parse_temporal(tokens[1].value)
    if kinds[-3:] == ["(", "string", ")"]:
        reader = LITERALS.get(" ".join(token.text for token in tokens[:-3]))
        return reader(tokens[-2].value) if reader else None
    return None
