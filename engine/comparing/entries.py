"""Forms by field, JSON and TOML by entry. What names itself is found again by its name. Knows no other file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from engine.comparing.fields import Field, Thing
from engine.comparing.fields import changes as compared
from engine.comparing.views import Change

_NAMES: Final = ("key", "id", "name", "number", "value", "path")
"""The entry by which a thing in a list is known again."""
_FEEL: Final = "="
DEEPEST: Final = 40
_PARTS: Final = "components"


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
    return Thing((label, label), str(one.get("type", "")), dict(_leaves(own, "", 0)))


def _topmost(read: object) -> dict[str, Thing]:
    """Each entry of the top; of a list of things there, each of these."""
    found: dict[str, Thing] = {}
    for name, value in read.items() if isinstance(read, dict) else [("", read)]:
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            for step, one in _steps(value):
                own = f"{name}{step}"
                found[own] = Thing((own, own), "", dict(_leaves(one, "", 0)))
        else:
            found[name] = Thing((name, name), "", dict(_leaves(value, "", 0)))
    return found


def _leaves(value: object, path: str, depth: int) -> Iterator[tuple[str, Field]]:
    if depth < DEEPEST and isinstance(value, dict) and value:
        for name, one in value.items():
            yield from _leaves(one, f"{path}.{name}" if path else str(name), depth + 1)
    elif depth < DEEPEST and isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for step, one in _steps(value):
            yield from _leaves(one, f"{path}{step}", depth + 1)
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        yield path, Field((path, path), text, feel=text.startswith(_FEEL))


def _steps(several: list[Any]) -> Iterator[tuple[str, object]]:
    """Each thing of a list with the step that leads to it: its name where it has one of its own, else its number."""
    names = [_name(one) for one in several]
    for number, (name, one) in enumerate(zip(names, several, strict=True), 1):
        yield f"[{name if name and names.count(name) == 1 else number}]", one


def _name(one: object) -> str:
    if not isinstance(one, dict):
        return ""
    return next((str(one[name]) for name in _NAMES if isinstance(one.get(name), str | int)), "")
