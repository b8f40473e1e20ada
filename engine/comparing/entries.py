"""Forms by field, JSON and TOML by entry. What names itself is found again by its name. Knows no other file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from engine.comparing.fields import Property, Thing
from engine.comparing.fields import changes as compared
from engine.comparing.views import Change
from engine.words import Said, say

_NAMES: Final = ("key", "id", "name", "number", "value", "path")
"""The entry by which a thing in a list is known again."""
_FEEL: Final = "="
DEEPEST: Final = 40
_PARTS: Final = "components"
_SAID: Final[dict[str, Said]] = {
    "label": say("标签"),
    "text": say("文字"),
    "description": say("说明"),
    "key": say("字段"),
    "type": say("类型"),
    "readonly": say("只读"),
    "defaultValue": say("预设值"),
    "validate.required": say("必填"),
    "validate.minLength": say("最少字数"),
    "validate.maxLength": say("最多字数"),
    "validate.min": say("最小值"),
    "validate.max": say("最大值"),
    "validate.pattern": say("格式"),
    "conditional.hide": say("隐藏的条件"),
    "expression": say("表达式"),
    "valuesExpression": say("选项的表达式"),
    "valuesKey": say("选项的来源"),
    "values": say("选项"),
    "layout": say("版面"),
}
"""What a property of a field is called, by its path, or the beginning of it."""


def form_changes(before: bytes, after: bytes) -> list[Change]:
    """The fields of two forms that differ, and (id "") what is said of the form itself. Raises ValueError."""
    return compared(_form(before), _form(after))


def entry_changes(name: str, before: bytes, after: bytes) -> list[Change]:
    """The topmost entries of two files of JSON or TOML that differ. Raises ValueError."""
    old, new = (_topmost(_read(name, data)) for data in (before, after))
    return compared(old, new)


def _read(name: str, data: bytes) -> object:
    text = data.decode()
    if not text.strip():
        return {}
    try:
        return tomllib.loads(text) if name.endswith(".toml") else json.loads(text)
    except RecursionError as error:
        raise ValueError(str(error)) from error


def _form(data: bytes) -> dict[str, Thing]:
    read = _read("", data)
    if not isinstance(read, dict):
        raise ValueError("form")
    return {"": _component({**read, "type": "form"}), **dict(_components(read, "", 0))}


def _components(container: dict[str, Any], above: str, depth: int) -> Iterator[tuple[str, Thing]]:
    parts = container.get(_PARTS)
    for number, one in enumerate(parts if isinstance(parts, list) and depth < DEEPEST else ()):
        if isinstance(one, dict):
            own = f"{above}{one.get('key') or one.get('path') or one.get('id') or number}"
            yield own, _component(one)
            yield from _components(one, f"{own}.", depth + 1)


def _component(one: dict[str, Any]) -> Thing:
    own = {name: value for name, value in one.items() if name != _PARTS}
    label = str(one.get("label") or one.get("text") or one.get("key") or one.get("id") or "").strip()
    label = label.lstrip("# ").partition("\n")[0][:60]
    fields = {path: replace(field, label=_said(path)) for path, field in _leaves(own, "", 0)}
    return Thing(label, str(one.get("type", "")), fields)


def _said(path: str) -> Said:
    known = next((name for name in (path, re.split(r"[.\[]", path)[0]) if name in _SAID), None)
    if known is None:
        return path
    rest = path.removeprefix(known).lstrip(".")
    return say("{label} {rest}", label=_SAID[known], rest=rest) if rest else _SAID[known]


def _topmost(read: object) -> dict[str, Thing]:
    """Each entry of the top; of a list of things there, each of these."""
    found: dict[str, Thing] = {}
    for name, value in read.items() if isinstance(read, dict) else [("", read)]:
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            for step, one in _steps(value):
                own = f"{name}{step}"
                found[own] = Thing(own, "", dict(_leaves(one, "", 0)))
        else:
            found[name] = Thing(name, "", dict(_leaves(value, "", 0)))
    return found


def _leaves(value: object, path: str, depth: int) -> Iterator[tuple[str, Property]]:
    if depth < DEEPEST and isinstance(value, dict) and value:
        for name, one in value.items():
            yield from _leaves(one, f"{path}.{name}" if path else str(name), depth + 1)
    elif depth < DEEPEST and isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for step, one in _steps(value):
            yield from _leaves(one, f"{path}{step}", depth + 1)
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        yield path, Property(path, text, feel=text.startswith(_FEEL))


def _steps(several: list[Any]) -> Iterator[tuple[str, object]]:
    """Each thing of a list with the step that leads to it: its name where it has one of its own, else its number."""
    names = [_name(one) for one in several]
    for number, (name, one) in enumerate(zip(names, several, strict=True), 1):
        yield f"[{name if name and names.count(name) == 1 else number}]", one


def _name(one: object) -> str:
    if not isinstance(one, dict):
        return ""
    return next((str(one[name]) for name in _NAMES if isinstance(one.get(name), str | int)), "")
