"""Registers and their records, as the reader may see them.

``registers.all(actor) -> tuple[RegisterHead, ...]``, ``registers.search(actor, name, RegisterFilters) ->
RegisterPage``, ``registers.record(actor, name, number) -> RecordView``. Only what the reader may see is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.views.basic import OrganisationName
from engine.views.cases import Change
from engine.views.groups import NO_GROUP, Group
from engine.words import Text


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a register. ``choices`` maps stored values to words and is empty when the value is free."""

    key: str
    label: Text
    kind: str = "text"  # text, number, money, date, choice, list
    choices: Mapping[str, Text] = field(default_factory=dict)
    members: Mapping[str, Column] = field(default_factory=dict)  # of each of its rows, when it holds rows
    personal: bool = True  # it may say something of a person: its schema does not say that it never does

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers: they stand to the right, are sorted and added up as numbers."""
        return self.kind in ("number", "money")


@dataclass(frozen=True, slots=True)
class RegisterHead:
    """A register by name, with the number of records that the reader may see, and its place in lists."""

    name: str
    title: Text
    description: Text
    count: int
    group: Group = NO_GROUP


@dataclass(frozen=True, slots=True)
class RegisterFilters:
    """What is looked for. ``equals``: column key to stored value, for columns with choices."""

    q: str = ""
    place: str = ""  # code of an organisation; its subtree counts
    equals: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""  # a column key, with "-" for descending; empty: by number
    after: str = ""
    limit: int = 50
    at: datetime | None = None  # as everything stood at that moment; None: now
    unless: Mapping[str, str] = field(default_factory=dict)  # of columns with choices: the value that is left out
    hides: bool = False  # what is personal is hidden from the reader: nothing is looked for or sorted by it


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record in a list. ``values`` are as stored; the column says how they read."""

    number: str
    organisation: OrganisationName
    values: Mapping[str, object]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of a register. ``columns`` are those that a list shows."""

    head: RegisterHead
    columns: tuple[Column, ...]
    rows: tuple[RecordRow, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """A state of a record and the event of a case that brought it about.

    ``valid_to`` is None for the present one, ``case_id`` when the reader may not open the case.
    """

    version: int
    valid_from: datetime
    valid_to: datetime | None
    values: Mapping[str, object]
    changes: tuple[Change, ...]
    by: str
    case_id: str | None
    case_number: str
    sequence: int  # of the event in the history of the case


@dataclass(frozen=True, slots=True)
class Referring:
    """Records of one register that refer to a record by one field: the first of them by number, and how many."""

    register: str
    title: Text
    field: Text
    numbers: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record with its whole past, the newest version first.

    ``shown``: the version that stood at the moment ``at``, or the newest; None: there was none then. ``versions``:
    none made after it. ``values``: its fields and what is derived from them. ``refers``: fields to the register whose
    numbers they hold; ``reachable``: the records (register, number) among those to which it refers that the reader may
    open.
    """

    head: RegisterHead
    number: str
    organisation: OrganisationName
    columns: tuple[Column, ...]
    versions: tuple[RecordVersion, ...]
    at: datetime | None
    shown: RecordVersion | None
    values: Mapping[str, object]
    refers: Mapping[str, str]
    reachable: frozenset[tuple[str, str]]
    referring: tuple[Referring, ...]
