"""Lists that are filled in as sheets, cell by cell like a workbook: which lists may be, and what their columns are.

A sheet is a dynamic list whose ``properties`` say ``"sheet": "true"``: editors of form-js open it as the list that it
is, and its rules, conditions and derived values are those of a list. Knows no page, no workbook and no draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.forms.model import ONE_OF, TEXTS, Field
from engine.forms.readbase import Notes
from engine.words import listed, say

CELLS: Final = TEXTS | ONE_OF | {"number", "checkbox", "datetime", "expression"}
"""Kinds of component that fit a cell."""
BESIDE: Final = frozenset({"text", "separator", "spacer"})
"""What may stand between the columns: texts are the notes of a row, the others are not drawn."""
MOST_COLUMNS: Final = 40


def read_mark(notes: Notes, raw: Mapping[str, Any], kind: str, identity: str, depth: int) -> bool:
    """Whether a component is declared as a sheet; what cannot be one is noted."""
    properties = raw.get("properties")
    value = properties.get("sheet") if isinstance(properties, dict) else None
    if value in (None, False, "false"):
        return False
    if value not in (True, "true"):
        notes.problem(identity, say("properties.sheet 只能是 true 或 false"))
        return False
    if kind != "dynamiclist" or raw.get("isRepeating", True) is False:
        notes.problem(identity, say("只有动态列表可以作为表（properties.sheet）"))
        return False
    path = raw.get("path")
    if depth or not isinstance(path, str) or "." in path:
        notes.problem(identity, say("作为表的动态列表应直接放在表单里，字段名（path）不含点"))
    return True


def check_columns(notes: Notes, sheet: Field) -> None:
    """Note what a sheet cannot show: rows in rows, files, several choices in a cell, names with dots."""
    unfit = [item.id for item in sheet.children if item.type not in CELLS | BESIDE or len(item.path) > 1]
    if unfit:
        what = say(
            "表里只能有文字、数字、日期、勾选、单选和计算的列，字段名不含点；不能用：{names}", names=listed(unfit)
        )
        notes.problem(sheet.id, what)
    if len(columns(sheet)) > MOST_COLUMNS:
        notes.problem(sheet.id, say("表超过{most}列", most=MOST_COLUMNS))
    if not columns(sheet):
        notes.problem(sheet.id, say("表里没有列"))


def sheets(fields: Iterable[Field]) -> tuple[Field, ...]:
    """The sheets of a form, in its order."""
    return tuple(item for item in fields if item.sheet)


def columns(sheet: Field) -> tuple[Field, ...]:
    """The columns of a sheet, in their order: what holds a value and has a heading."""
    return tuple(item for item in sheet.children if item.is_input and item.label[0])


def keys(sheet: Field) -> tuple[Field, ...]:
    """The columns by which a row is known again (``properties.identifies``)."""
    return tuple(item for item in columns(sheet) if item.identifies)


def grows(sheet: Field) -> bool:
    """Whether rows may be added and taken away by whoever fills it in."""
    return sheet.add_remove and sheet.readonly is not True
