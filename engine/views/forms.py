"""Forms: to fill in, as handed in, and as checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.words import Said, Text


@dataclass(frozen=True, slots=True)
class FormView:
    """A form to fill in: form-js schema by language, the values that stand in it, the answers of its sources.

    ``sheets``: its sheets by name, each with the rows that were saved since the step was reached. ``about``: what tells
    it from other forms of its step, a stage or a round; empty where no field says so.
    """

    schema: Callable[[str], Mapping[str, Any]]
    values: Mapping[str, Any]
    data: Mapping[str, Any]
    sheets: Mapping[str, tuple[SavedRow, ...]] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One part of a submission as it is read. ``kind``: heading, text, field or table."""

    kind: str
    label: str
    value: str = ""  # field and text: already formatted for reading
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    warning: bool = False  # the form says that this must catch the eye
    marked: frozenset[int] = frozenset()  # table: the rows that must
    computed: bool = field(default=False, compare=False)  # nobody fills it in
    computed_columns: frozenset[int] = field(default=frozenset(), compare=False)
    key_columns: frozenset[int] = field(default=frozenset(), compare=False)  # table: what identifies a row
    amounts: frozenset[int] = field(default=frozenset(), compare=False)  # table: columns of numbers, no codes of digits
    personal: bool = field(
        default=False, compare=False
    )  # it may say something of a person: its field does not say that it never does
    sheet: bool = field(default=False, compare=False)  # table: it was filled in cell by cell, and is read so


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody handed in at one step, the latest of that step last in time."""

    element_id: str
    name: Text
    by: str
    at: datetime
    fields: Callable[[str], tuple[FieldView, ...]]
    outcome: Text | None = None
    outcome_kind: str = ""
    opinion: str = ""
    sequence: int = 0  # of its event in the case
    about: str = ""  # what tells it from others of this step: a stage, a round


@dataclass(frozen=True, slots=True)
class RowNote:
    """What a form says of a row or of a cell of a sheet beside errors; ``warns``: it must catch the eye."""

    text: Said
    warns: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A form looked at without handing it in: the cleaned data with all derived values, errors and notes by path."""

    data: Mapping[str, Any]
    errors: Mapping[str, Said]
    notes: Mapping[str, RowNote] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A row of a sheet as somebody saved it. ``data``: what people fill in of it; none: he has taken the row away.

    ``place``: where the row stands among the others. ``version``: how often it was saved.
    """

    id: str
    version: int
    place: float
    data: Mapping[str, Any] | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet for a workbook. ``kind``: text, number, date, moment, choice or tick."""

    heading: Text
    kind: str
    fixed: bool
    digits: int | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet as it stands, for a workbook: each row as texts, numbers and truths, choices by their words."""

    name: Text
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that a workbook fills in. ``index``: of the sheet, from 0; none: a new one."""

    index: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetRead:
    """What a workbook says of a sheet: rows, or what is wrong (where, what is written there, why); then no rows."""

    rows: tuple[SheetRow, ...]
    wrong: tuple[tuple[Said, str, Said], ...]
    notes: tuple[Said, ...]
