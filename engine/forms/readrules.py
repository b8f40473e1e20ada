"""From the validation properties of a component to ``Rules``, noting every problem. Checks no data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.forms import expressions
from engine.forms.model import MAX_ROWS, Bound, Rules
from engine.forms.moments import read
from engine.forms.patterns import KINDS, MAX_PATTERN, as_decimal, compiled_pattern
from engine.forms.readbase import Notes
from engine.words import Text, Words, say

_KNOWN = frozenset(
    {
        "required",
        "min",
        "max",
        "minLength",
        "maxLength",
        "pattern",
        "patternErrorMessage",
        "validationType",
        "notBefore",
        "notAfter",
        "minItems",
        "maxItems",
    }
)


def read_rules(notes: Notes, raw: Mapping[str, Any], kind: str, identity: str) -> Rules:
    """The rules of a component, with its problems noted on the notes."""
    given = raw.get("validate") or {}
    if not isinstance(given, dict):
        notes.problem(identity, say("validate 应为对象"))
        given = {}
    for name in sorted(set(given) - _KNOWN):
        notes.problem(identity, say("未知的校验规则“{name}”", name=name))
    bound = _Bounds(notes, given, identity)
    return Rules(
        required=given.get("required") is True,
        minimum=bound.number("min"),
        maximum=bound.number("max"),
        min_length=bound.number("minLength"),
        max_length=bound.number("maxLength"),
        pattern=_read_pattern(notes, given, identity),
        pattern_message=_pattern_message(notes, raw, given, identity),
        kind=_read_kind(notes, given, identity),
        digits=bound.whole(raw, "decimalDigits"),
        step=bound.step(raw),
        not_before=bound.moment("notBefore"),
        not_after=bound.moment("notAfter"),
        no_past=raw.get("disallowPassedDates") is True,
        min_rows=bound.whole(given, "minItems") or 0,
        max_rows=min(MAX_ROWS, bound.whole(given, "maxItems") or MAX_ROWS),
    )


class _Bounds:
    """Reads limits that are numbers, moments or FEEL."""

    def __init__(self, notes: Notes, given: Mapping[str, Any], identity: str) -> None:
        self.notes, self.given, self.identity = notes, given, identity

    def _bound(self, name: str, fits: Callable[[Any], bool], kind: Words) -> Bound:
        value = self.given.get(name)
        if value in (None, ""):
            return None
        if expressions.is_expression(value):
            return self.notes.compiled(value, name, self.identity)
        if fits(value):
            return value  # type: ignore[no-any-return]
        self.notes.problem(self.identity, say("{name} 应为{kind}或表达式", name=name, kind=kind))
        return None

    def number(self, name: str) -> Bound:
        return self._bound(name, lambda value: as_decimal(value) is not None, say("数字"))

    def moment(self, name: str) -> Bound:
        return self._bound(name, lambda value: read(value) is not None, say("日期"))

    def whole(self, given: Mapping[str, Any], name: str) -> int | None:
        value = given.get(name)
        if value is None or (type(value) is int and 0 <= value <= 1_000_000):
            return value
        self.notes.problem(self.identity, say("{name} 应为不小于0的整数", name=name))
        return None

    def step(self, raw: Mapping[str, Any]) -> float | int | None:
        step = as_decimal(raw.get("increment"))
        if raw.get("increment") in (None, ""):
            return None
        if step is None or step <= 0:
            self.notes.problem(self.identity, say("increment 应为大于0的数"))
            return None
        return int(step) if step == int(step) else float(step)


def _read_pattern(notes: Notes, given: Mapping[str, Any], identity: str) -> str:
    pattern = given.get("pattern") or ""
    if not pattern:
        return ""
    if isinstance(pattern, str) and len(pattern) <= MAX_PATTERN and compiled_pattern(pattern) is not None:
        return pattern
    notes.problem(
        identity,
        say("pattern 无效、过长，或用了不支持的写法（如前瞻、反向引用）"),
    )
    return ""


def _pattern_message(notes: Notes, raw: Mapping[str, Any], given: Mapping[str, Any], identity: str) -> Text | None:
    zh = given.get("patternErrorMessage")
    if not isinstance(zh, str) or not zh:
        return None
    return zh, notes.translated(str(raw.get("key") or identity), identity, "pattern") or zh


def _read_kind(notes: Notes, given: Mapping[str, Any], identity: str) -> str:
    kind = given.get("validationType") or ""
    if kind in ("", "custom") or kind in KINDS:
        return "" if kind == "custom" else str(kind)
    notes.problem(identity, say("未知的 validationType “{kind}”", kind=kind))
    return ""
