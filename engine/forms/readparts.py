"""Options, tables and other parts of a component, read with every problem noted. Checks no data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel import Expression
from engine.forms import expressions
from engine.forms.model import Option
from engine.forms.readbase import Notes
from engine.words import Text, say

SUBTYPES = ("date", "time", "datetime")
MAX_REPETITIONS = 100


def read_options(notes: Notes, raw: Mapping[str, Any], identity: str) -> tuple[Option, ...] | None:
    sources = [name for name in ("values", "valuesKey", "valuesExpression") if raw.get(name)]
    if len(sources) != 1:
        notes.problem(
            identity,
            say("选项应由 values、valuesKey、valuesExpression 之一给出"),
        )
    if "values" not in sources:
        return None
    values = raw.get("values")
    if not isinstance(values, list):
        notes.problem(identity, say("values 应为列表"))
        return None
    name = str(raw.get("key") or identity)
    return tuple(option for item in values if (option := _option(notes, item, name, identity)))


def _option(notes: Notes, raw: Any, name: str, identity: str) -> Option | None:
    value = raw.get("value") if isinstance(raw, dict) else raw
    label = raw.get("label") if isinstance(raw, dict) else raw
    if value in (None, "") or isinstance(value, list | dict):
        notes.problem(identity, say("选项缺少有效的 value"))
        return None
    if not isinstance(label, str) or not label:
        notes.problem(identity, say("选项“{value}”缺少标签", value=value))
        label = str(value)
    return Option(value, (label, notes.translated(name, identity, str(value)) or label))


def read_unit(notes: Notes, raw: Mapping[str, Any], identity: str) -> Text:
    appearance = raw.get("appearance")
    unit = appearance.get("suffixAdorner") if isinstance(appearance, dict) else None
    if not isinstance(unit, str) or expressions.template_parts(unit):
        return "", ""
    return unit, notes.translated(str(raw.get("key") or identity), identity, "suffix") or unit


def read_rows_from(notes: Notes, raw: Mapping[str, Any], identity: str) -> Expression | None:
    if not raw.get("dataSource"):
        notes.problem(identity, say("表格缺少 dataSource"))
    return notes.expression(raw, "dataSource", identity)


def read_columns(notes: Notes, raw: Mapping[str, Any], identity: str) -> tuple[tuple[Text, Text], ...]:
    """Keys and labels by language: an English page may read its words from a field of their own (``column:key``)."""
    columns = raw.get("columns")
    if not isinstance(columns, list) or not all(isinstance(c, dict) and c.get("key") for c in columns):
        notes.problem(identity, say("表格应以 columns 列出各列"))
        return ()
    names = [(str(column["key"]), str(column.get("label") or column["key"])) for column in columns]
    found: list[tuple[Text, Text]] = []
    for key, label in names:
        keys = (key, notes.translated(identity, identity, f"{key}:key") or key)
        found.append((keys, (label, notes.translated(identity, identity, key) or label)))
    return tuple(found)


def read_repetitions(notes: Notes, raw: Mapping[str, Any], identity: str) -> int:
    count = raw.get("defaultRepetitions", 1)
    if type(count) is int and 0 <= count <= MAX_REPETITIONS:
        return count
    notes.problem(identity, say("默认行数应为0至100的整数"))
    return 1


def read_subtype(notes: Notes, raw: Mapping[str, Any], kind: str, identity: str) -> str:
    if kind != "datetime":
        return ""
    subtype = raw.get("subtype")
    if subtype in SUBTYPES:
        return str(subtype)
    notes.problem(identity, say("日期组件的 subtype 应为 date、time 或 datetime"))
    return "date"


def disables(raw: Mapping[str, Any]) -> bool:
    """Whether a component inside is disabled."""
    inside = raw.get("components")
    found = [item for item in inside if isinstance(item, dict)] if isinstance(inside, list) else []
    return any(item.get("disabled") or disables(item) for item in found)
