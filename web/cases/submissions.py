"""How a submission is laid out on a page: the last one of each step, single values in one list. Knows no request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from engine.views import FieldView, Submission
from web.common.i18n import language

SHORT: Final = 24
"""Half-width characters of a cell that stands beside others."""
NAMING: Final = 2
"""Cells of a row by which a person knows it."""


def latest_of_each(submissions: Iterable[Submission]) -> list[Submission]:
    """The last submission of every step and what it was about, in the order of time: what counts now."""
    latest = {(one.element_id, one.about): one for one in submissions}
    return sorted(latest.values(), key=lambda one: one.at)


@dataclass(frozen=True, slots=True)
class Fields:
    """Single values that stand together in one list."""

    fields: tuple[FieldView, ...]
    kind: str = "fields"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the cells that stand side by side, and the long texts (label, words) under them."""

    cells: tuple[str, ...]
    long: tuple[tuple[str, str], ...]
    marked: bool  # it must catch the eye


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list as a table that fits a small screen: short columns side by side, long texts in a line of their own."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    personal: bool
    amounts: frozenset[int] = frozenset()  # of the columns, those of numbers
    kind: str = "table"


def laid_out(table: FieldView) -> ListTable:
    """Which columns stand side by side: those whose texts are short."""
    short = [n for n in range(len(table.columns)) if all(_is_short(row[n]) for row in table.rows)]
    rows = tuple(
        Row(
            tuple(cells[n] for n in short),
            tuple((table.columns[n], cell) for n, cell in enumerate(cells) if n not in short and cell),
            number in table.marked,
        )
        for number, cells in enumerate(table.rows)
    )
    amounts = frozenset(place for place, n in enumerate(short) if n in table.amounts)
    return ListTable(table.label, tuple(table.columns[n] for n in short), rows, table.personal, amounts)


def _is_short(cell: str) -> bool:
    return "\n" not in cell and sum(1 if letter.isascii() else 2 for letter in cell) <= SHORT


def warnings_of(submission: Submission) -> list[FieldView]:
    """What of a submission must catch the eye before anything else is read: single values, texts, marked rows."""
    found: list[FieldView] = []
    for part in submission.fields(language()):
        if part.kind == "table":
            found += (
                FieldView("text", f"{part.label} {number + 1}", "；".join(_told(part, number)), personal=part.personal)
                for number in sorted(part.marked)
            )
        elif part.warning and part.kind in ("field", "text") and part.value:
            found.append(part)
    return found


def _told(table: FieldView, number: int) -> Iterable[str]:
    """Of a marked row: its first texts, which name it, and its last, which say why."""
    cells = [cell for cell in table.rows[number] if cell]
    return dict.fromkeys([*cells[:NAMING], cells[-1]]) if cells else ()


def fields_of(submission: Submission) -> list[FieldView | Fields | ListTable]:
    """The parts of a submission, neighbouring single values joined into lists."""
    parts: list[FieldView | Fields | ListTable] = []
    for is_field, group in groupby(submission.fields(language()), key=lambda one: one.kind == "field"):
        neighbours = tuple(group)
        parts += (
            (Fields(neighbours),) if is_field else [laid_out(one) if one.kind == "table" else one for one in neighbours]
        )
    return parts
