"""What a comparison answers: plain data that passes as JSON. Labels are in Chinese and English. Compares nothing."""

from __future__ import annotations

from typing import Literal, TypedDict

from engine.words import Text

Kind = Literal["added", "removed", "changed", "moved"]
"""``moved``: nothing but its place has changed."""


class TextRun(TypedDict):
    """A run of text. ``kind``: same, added (of the later text only) or removed (of the earlier one only)."""

    kind: Literal["same", "added", "removed"]
    text: str


class ValueChange(TypedDict):
    """One field of something. ``pieces``: both texts at once."""

    kind: Kind
    label: Text
    pieces: list[TextRun]


class Change(TypedDict):
    """One element, field or entry. ``id``: where it stands in its file; ``sort``: what it is; ``moved``: that, too."""

    id: str
    kind: Kind
    label: Text
    sort: str
    moved: bool
    values: list[ValueChange]


class RowDifference(TypedDict):
    """A row of a table. ``before``, ``after``: its number from 1, 0 where it is not; ``cells``: of each column."""

    kind: Kind
    before: int
    after: int
    cells: list[list[TextRun]]


class TableDifference(TypedDict):
    """A decision table. ``columns``: its inputs, then its outputs; the cells of a row have the note after them.

    ``rows``: those that differ, in the later order, then what went; ``same``: how many do not.
    """

    id: str
    kind: Kind
    label: Text
    columns: list[str]
    outputs: int
    values: list[ValueChange]
    rows: list[RowDifference]
    same: int


class FileChange(TypedDict):
    """A file. ``sort``: diagram, table, form, entries, paper, or other (its content cannot be shown).

    ``lost``: whether a side could not be read as what it should be, so that it is compared line by line.
    """

    name: str
    kind: Kind
    sort: str
    lost: bool
    changes: list[Change]
    tables: list[TableDifference]
