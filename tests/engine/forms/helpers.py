"""Short ways to make a form and to hand something in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from engine.errors import DefinitionInvalid, InvalidForm
from engine.feel import Environment
from engine.forms import Form, load_form
from engine.words import Said, worded

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def environment(**functions: Any) -> Environment:
    return Environment(NOW, functions)


def source(*components: dict[str, Any], **extension: Any) -> bytes:
    schema: dict[str, Any] = {"type": "default", "id": "form", "schemaVersion": 19, "components": list(components)}
    if extension:
        schema["gangwei"] = extension
    return json.dumps(schema, ensure_ascii=False).encode()


def form(*components: dict[str, Any], **extension: Any) -> Form:
    return load_form("a.form.json", source(*components, **extension))


def part(kind: str, key: str, label: Any = "", **more: Any) -> dict[str, Any]:
    """A component; rules of ``validate`` are given as ``required=True``, ``min=1`` and so on."""
    names = ("required", "min", "max", "minLength", "maxLength", "pattern", "patternErrorMessage", "validationType",
             "notBefore", "notAfter", "minItems", "maxItems")  # fmt: skip
    validate = {name: more.pop(name) for name in names if name in more}
    hide = more.pop("hide", None)
    component = {"type": kind, "id": f"c_{key}", "label": label or key, **more}
    component["path" if kind in ("group", "dynamiclist") else "key"] = key
    if validate:
        component["validate"] = validate
    if hide is not None:
        component["conditional"] = {"hide": hide}
    if kind == "datetime":
        component["dateLabel"] = component["timeLabel"] = component["label"]
        component.setdefault("subtype", "date")
    return component


def _inside(key: str, components: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """The components with ids of their own: the same key may stand in several places."""
    return [{**one, "id": f"c_{key}_{one['id']}" if one["id"].startswith("c_") else one["id"]} for one in components]


def rows(key: str, *components: dict[str, Any], add: bool = True, **more: Any) -> dict[str, Any]:
    return part(
        "dynamiclist", key, components=_inside(key, components), isRepeating=True, **{"allowAddRemove": add, **more}
    )


def group(path: str, *components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return part("group", path, components=_inside(path, components), **more)


def choices(*values: Any) -> list[dict[str, Any]]:
    return [{"label": f"选项{value}", "value": value} for value in values]


def accept(made: Form, submission: Any, initial: Any = None, context: Any = None, **more: Any) -> dict[str, Any]:
    return made.accept(
        submission, initial=initial or {}, context=context or {}, environment=more.pop("env", environment()), **more
    )


def told(what: Said) -> tuple[str, str]:
    """A message in both languages."""
    return str(worded(what, "zh")), str(worded(what, "en"))


def errors(made: Form, submission: Any, initial: Any = None, context: Any = None, **more: Any) -> dict[str, Any]:
    """The errors of a submission, Chinese only."""
    try:
        accept(made, submission, initial, context, **more)
    except InvalidForm as refused:
        return {path: worded(text, "zh") for path, text in refused.errors.items()}
    return {}


def problems(data: bytes) -> list[tuple[str, str]]:
    """Place and English text of every problem."""
    try:
        load_form("a.form.json", data)
    except DefinitionInvalid as refused:
        return [(str(problem.place), str(worded(problem.what, "en"))) for problem in refused.problems]
    return []
