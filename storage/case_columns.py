"""What lists say of cases beside what every case has: the columns that their processes declare. Knows no diagram.

Each value stands twice: for its case, and for each open task of it beside the inbox that has the task, so that an inbox
is sorted by an index. A field is a process and a column, a point between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, TypedDict, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from storage.database import metadata, rows_of
from storage.prepared import Prepared
from storage.tables import cases, tasks
from storage.words import among

FEW: Final = 300
"""So many cases that a filter leaves are looked up by themselves; of more of them a page is met soon in its order."""

case_columns = Table(
    "case_columns",
    metadata,
    Column("case_id", Integer, primary_key=True),
    Column("field", String(160), primary_key=True),
    Column("value", String(70), nullable=False),  # sorts as the value does; empty for none
    Column("shown", String(200), nullable=False),
    Index("ix_case_columns_field", "field", "value", "case_id"),
)
task_columns = Table(
    "task_columns",
    metadata,
    Column("case_id", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),  # of an open task
    Column("field", String(160), primary_key=True),
    Column("candidate", String(120), nullable=False),
    Column("value", String(70), nullable=False),
    Index("ix_task_columns_inbox", "candidate", "field", "value", "case_id", "number"),
)
_c, _t = case_columns.c, task_columns.c


class CaseColumnRow(TypedDict):
    """The value of a case for a column."""

    case_id: int
    field: str
    value: str
    shown: str


class TaskColumnRow(TypedDict):
    """The same of an open task of the case."""

    case_id: int
    number: int
    field: str
    candidate: str
    value: str


class Wanted(TypedDict):
    """What a column is to be: one value, a part of a text, or between two values; empty: whatever."""

    field: str
    is_: str
    holds: str
    low: str
    high: str


_OPEN: Final = tasks.c.status == literal_column("'open'")
_OF_CASE: Final = Prepared(select(case_columns).where(_c.case_id == bindparam("b_case")))
_ADD: Final = Prepared(insert(case_columns).values({name: bindparam(name) for name in CaseColumnRow.__annotations__}))
_SAID: Final[dict[str, Any]] = {"value": bindparam("b_value"), "shown": bindparam("b_shown")}
_AT: Final = (_c.case_id == bindparam("b_case"), _c.field == bindparam("b_field"))
_CHANGE: Final = Prepared(update(case_columns).where(*_AT).values(_SAID))
_FOLLOW: Final = Prepared(
    update(task_columns)
    .where(_t.case_id == bindparam("b_case"), _t.field == bindparam("b_field"))
    .values(value=bindparam("b_value"))
)
_NAMES: Final = ["case_id", "number", "field", "candidate", "value"]
_PLACE: Final = Prepared(insert(task_columns).values({name: bindparam(name) for name in _NAMES}))
_LIFT: Final = Prepared(
    delete(task_columns).where(_t.case_id == bindparam("b_case"), _t.number == bindparam("b_number"))
)


def of_case(connection: Connection, case_id: int) -> dict[str, CaseColumnRow]:
    """The values of a case by field."""
    found = cast(list[CaseColumnRow], _OF_CASE.all(connection, {"b_case": case_id}))
    return {row["field"]: row for row in found}


def of_cases(connection: Connection, case_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """What is shown of each of these cases, by field."""
    found: dict[int, dict[str, str]] = {case_id: {} for case_id in case_ids}
    for row in rows_of(connection, select(case_columns).where(_c.case_id.in_(list(case_ids))), CaseColumnRow):
        found[row["case_id"]][row["field"]] = row["shown"]
    return found


def put(connection: Connection, case_id: int, values: Mapping[str, tuple[str, str]]) -> None:
    """Let these be the values of a case by field, as they sort and as they are shown; its open tasks follow."""
    stored = of_case(connection, case_id)
    for field, (value, shown) in values.items():
        had = stored.get(field)
        if had is None:
            _ADD.write(connection, {"case_id": case_id, "field": field, "value": value, "shown": shown})
        elif (had["value"], had["shown"]) != (value, shown):
            said = {"b_case": case_id, "b_field": field, "b_value": value, "b_shown": shown}
            _CHANGE.write(connection, said)
            _FOLLOW.write(connection, said)


def forget(connection: Connection, case_id: int, but: Iterable[str]) -> None:
    """Remove the values of a case for fields that there are no longer."""
    which = delete(case_columns).where(_c.case_id == case_id, _c.field.not_in(list(but)))
    connection.execute(which)


def place(connection: Connection, case_id: int, number: int, candidate: str, values: Mapping[str, str]) -> None:
    """A task has opened: it has the values of its case, as they sort."""
    task = {"case_id": case_id, "number": number, "candidate": candidate}
    for field, value in values.items():
        _PLACE.write(connection, {**task, "field": field, "value": value})


def lift(connection: Connection, case_id: int, number: int) -> None:
    """A task is over."""
    _LIFT.write(connection, {"b_case": case_id, "b_number": number})


def place_all(connection: Connection, case_id: int) -> None:
    """Let the open tasks of a case have its values, and no other ones."""
    open_with = select(tasks.c.case_id, tasks.c.number, _c.field, tasks.c.candidate, _c.value).where(
        tasks.c.case_id == case_id, _c.case_id == tasks.c.case_id, _OPEN
    )
    connection.execute(delete(task_columns).where(_t.case_id == case_id))
    connection.execute(insert(task_columns).from_select(_NAMES, open_with))


def list_by(connection: Connection, case_id: int, digest: str | None) -> None:
    """Whose columns a case has: those of the definition of that digest."""
    connection.execute(update(cases).where(cases.c.id == case_id).values(listed_by=digest))


def next_of(connection: Connection, key: str, after: int, most: int) -> list[int]:
    """The next cases of a process behind an id."""
    found = select(cases.c.id).where(cases.c.key == key, cases.c.id > after).order_by(cases.c.id).limit(most)
    return list(connection.execute(found).scalars())


def has_cases(connection: Connection, key: str) -> bool:
    """Whether there is any case of a process."""
    return bool(next_of(connection, key, 0, 1))


def value_of(connection: Connection, case_id: int, field: str) -> str:
    """How a case sorts by a field; empty for none."""
    row = of_case(connection, case_id).get(field)
    return row["value"] if row is not None else ""


def fits(connection: Connection, case_id: ColumnElement[int], wanted: Wanted) -> ColumnElement[bool]:
    """Of rows with a case: whether its value is what is wanted."""
    few = _few(connection, wanted)
    if few is not None:
        return among(connection, case_id, few)
    own = case_columns.alias("own")
    there = and_(own.c.case_id == case_id, own.c.field == wanted["field"], *_said(connection, wanted, own))
    return exists().where(there).correlate_except(own)


def few_of(connection: Connection, asked: Iterable[Wanted]) -> list[int] | None:
    """The fewest cases that one of these leaves, if they are so few that a list is looked up by them; else None."""
    return min((few for one in asked if (few := _few(connection, one)) is not None), key=len, default=None)


def at_hand(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of a row that was found by its case: an index of the column itself would find far too many."""
    return column + literal_column("0") if isinstance(column.type, Integer) else column.op("||")(literal_column("''"))


def _few(connection: Connection, wanted: Wanted) -> list[int] | None:
    asked = and_(_c.field == wanted["field"], *_said(connection, wanted))
    found = list(connection.execute(select(_c.case_id).where(asked).limit(FEW + 1)).scalars())
    return found if len(found) <= FEW else None


def _said(connection: Connection, wanted: Wanted, of: Any = case_columns) -> list[ColumnElement[bool]]:
    value, found = of.c.value, list[ColumnElement[bool]]()
    if wanted["is_"]:
        found.append(value == wanted["is_"])
    if wanted["holds"]:
        at = func.instr if connection.dialect.name == "sqlite" else func.strpos
        found.append(at(value, wanted["holds"]) > 0)
    if wanted["low"]:
        found.append(value >= wanted["low"])
    if wanted["high"]:
        found += [value <= wanted["high"], value != ""]
    return found
