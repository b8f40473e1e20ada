"""Decision tables against each other: decisions by id, their rows with added, removed, changed and moved cells.

Compiles no FEEL. Knows no other file of the folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from engine.comparing.fields import Property, values
from engine.comparing.texts import blocks, out_of_order, pieces
from engine.comparing.views import Kind, RowDifference, TableDifference, TextRun
from engine.dmn.facts import DecisionFacts, RuleFacts, read_facts
from engine.words import say

_NAME, _ABOUT, _POLICY, _TEXT = say("名称"), say("说明"), say("命中方式"), say("表达式")
_COLUMN, _VALUES = say("列“{name}”"), say("列“{name}”的取值")
Rows = Sequence[RuleFacts]
Pair = tuple[int, int]
"""Place of a row before and after, -1 where it is not."""
NOTHING: Final = -1
_NONE: Final = DecisionFacts("", ("", ""), "", "", "", (), (), (), "")


def changes(file: str, before: bytes, after: bytes) -> list[TableDifference]:
    """The decisions that differ. Empty files are files without any. Raises XmlRefused."""
    old, new = ({one.id: one for one in read_facts(file, data)} if data else {} for data in (before, after))
    found = [_table(old.get(name), new.get(name)) for name in dict.fromkeys((*new, *old))]
    return [one for one in found if one["kind"] != "changed" or one["rows"] or one["values"]]


def _table(old: DecisionFacts | None, new: DecisionFacts | None) -> TableDifference:
    shown = new or old or _NONE
    a, b = old.rules if old else (), new.rules if new else ()
    rows = _rows(a, b)
    return {
        "id": shown.id,
        "kind": "changed" if old and new else "added" if new else "removed",
        "label": shown.name,
        "columns": [one.label for one in (*shown.inputs, *shown.outputs)],
        "outputs": len(shown.outputs),
        "values": values(_facts(old), _facts(new)),
        "rows": rows,
        "same": sum(1 for i, k in _pairs(a, b) if i >= 0 and k >= 0)
        - sum(1 for r in rows if r["before"] and r["after"]),
    }


def _facts(one: DecisionFacts | None) -> dict[str, Property]:
    """What is said of a decision beside its rows."""
    if one is None:
        return {}
    found = {"name": Property(_NAME, one.name[0]), "about": Property(_ABOUT, one.description)}
    found |= {"policy": Property(_POLICY, one.policy), "text": Property(_TEXT, one.text, feel=True)}
    for number, column in enumerate((*one.inputs, *one.outputs)):
        found[f"column {number}"] = Property(_COLUMN.about(name=column.label), column.text, feel=True)
        found[f"values {number}"] = Property(_VALUES.about(name=column.label), column.allowed, feel=True)
    return {name: field for name, field in found.items() if field.text}


def _rows(before: Rows, after: Rows) -> list[RowDifference]:
    pairs = list(_pairs(before, after))
    stay = [(i, k) for i, k in pairs if i >= 0 and k >= 0]
    moved = out_of_order([str(pair) for pair in sorted(stay)], [str(pair) for pair in sorted(stay, key=lambda p: p[1])])
    found: list[RowDifference] = []
    for i, k in pairs:
        old, new = before[i] if i >= 0 else None, after[k] if k >= 0 else None
        kind: Kind = "changed" if old and new else "added" if new else "removed"
        if old and new and _cells(old) == _cells(new):
            if str((i, k)) not in moved:
                continue
            kind = "moved"
        found.append({"kind": kind, "before": i + 1, "after": k + 1, "cells": _compared(old, new)})
    return found


def _cells(row: RuleFacts) -> tuple[str, ...]:
    return (*row.inputs, *row.outputs, row.note)


def _compared(old: RuleFacts | None, new: RuleFacts | None) -> list[list[TextRun]]:
    if old is None or new is None:
        one = new or old
        kind: Literal["added", "removed"] = "added" if new else "removed"
        return [[{"kind": kind, "text": text}] for text in (_cells(one) if one else ())]
    a, b = _cells(old), _cells(new)
    last = max(len(a), len(b)) - 1
    padded = ((list(cells[:-1]) + [""] * (last - len(cells) + 1) + [cells[-1]]) for cells in (a, b))
    return [pieces(one, other, feel=number < last) for number, (one, other) in enumerate(zip(*padded, strict=True))]


def _pairs(before: Rows, after: Rows) -> Iterator[Pair]:
    """Which row has become which: by its id, else by what it says, else by its place among those left over."""
    places = {row.id: number for number, row in enumerate(before) if row.id}
    named = {k: places[row.id] for k, row in enumerate(after) if row.id in places}
    left = [i for i in range(len(before)) if i not in set(named.values())]
    free = [k for k in range(len(after)) if k not in named]
    for same, (i, j, k, m) in blocks([_cells(before[one]) for one in left], [_cells(after[one]) for one in free]):
        both_ids = bool(before) and all(before[one].id for one in left[i:j]) and all(after[one].id for one in free[k:m])
        if same or not both_ids:  # rows with ids of their own that differ are other rows
            named |= dict(zip(free[k:m], left[i:j], strict=False))
    gone = sorted(set(range(len(before))) - set(named.values()))
    for k in range(len(after)):
        yield named.get(k, NOTHING), k
    yield from ((i, NOTHING) for i in gone)
