"""Scenarios as they are written down: read with every word looked at, and written in the very format. Knows no case."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeVar

from engine.checks.folder import MAX_DOTS, MAX_TOML
from engine.errors import BadInput
from engine.trials import told
from engine.trials.shapes import EXPECTED, SCENARIO, STEP, Scenario, Step
from engine.words import Words, say

DOES: Final = frozenset({
    "start", "complete", "share", "hand_in", "unseal", "withdraw", "cancel", "terminate", "send", "wait", "propose",
})  # fmt: skip
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_FIELD: Final = say("情景")
T = TypeVar("T")


def read(text: str) -> Scenario:
    """A scenario; a word that the format does not know is refused, so that no expectation is passed over.

    Raises BadInput.
    """
    if len(text) > MAX_TOML or any(line.count(".") > MAX_DOTS and "=" in line for line in text.splitlines()):
        raise _wrong(say("内容过大"))
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _wrong(say("不是TOML：{why}", why=str(error)[:200])) from error
    _known("scenario", said, SCENARIO)
    steps = said.setdefault("step", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise _wrong(say("步骤应写成[[step]]"))
    for number, step in enumerate(steps, 1):
        _known(str(number), step, STEP)
        _known(str(number), step.get("expect", {}), EXPECTED)
        _does(number, _shaped(str(number), Step, step))
    scenario = _shaped("scenario", Scenario, said)
    if "follows" not in scenario:
        _moment(scenario)
    return scenario


def _does(number: int, step: Step) -> None:
    if step.get("do") not in DOES:
        raise _wrong(say("第{number}步的do不认识：{do}", number=number, do=str(step.get("do"))))
    if step["do"] not in ("send", "wait") and not isinstance(step.get("actor"), str):
        raise _wrong(say("第{number}步没有写由谁办理（actor）", number=number))


def _shaped(where: str, kind: type[T], said: object) -> T:
    try:
        return told.read(kind, said)
    except ValueError as error:
        raise _wrong(_no_group(where)) from error


def _known(where: str, said: object, words: frozenset[str]) -> None:
    if not isinstance(said, Mapping):
        raise _wrong(_no_group(where))
    unknown = sorted(said.keys() - words)
    if unknown:
        raise _wrong(say("{where}：不认识的词“{word}”", where=where, word=unknown[0]))


def _moment(scenario: Scenario) -> None:
    try:
        moment = datetime.fromisoformat(scenario["now"])
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(say("now应为时刻，如2026-03-02T09:00:00+08:00")) from error
    if moment.tzinfo is None:
        raise _wrong(say("now应写明时区，如2026-03-02T09:00:00+08:00"))


def _no_group(where: str) -> Words:
    return say("{where}：应为一组词和值", where=where)


def _wrong(reason: Words) -> BadInput:
    return BadInput(field=_FIELD, reason=reason)


def written(title: str, organisation: str, now: str, people: Sequence[str], steps: Sequence[Step]) -> str:
    """A scenario as a file; what ``read`` reads of it is what it was made of."""
    lines = [f"# {one}" for one in title.splitlines()]
    lines += [f"organisation = {_value(organisation)}", f"now = {_value(now)}"]
    if people:
        lines.append(f"people = {_value(list(people))}")
    for step in steps:
        lines += ["", "[[step]]", *_entries({name: one for name, one in step.items() if name != "expect"})]
        expected = step.get("expect")
        if expected:
            lines += ["", "[step.expect]", *_entries(expected)]
    return "\n".join(lines) + "\n"


def _entries(table: Mapping[str, object]) -> list[str]:
    return [f"{_key(name)} = {_value(one)}" for name, one in table.items() if one is not None]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _value(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(str(name))} = {_value(one)}" for name, one in value.items() if one is not None)
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(one) for one in value if one is not None)}]"
    if isinstance(value, Decimal):
        return format(value, "f")
    return repr(value)
