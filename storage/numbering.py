"""The numbers of cases and records: sequences without a gap, and how they go on after a restoring. Knows no format.

After a restoring nothing that was issued since the backup may be issued again: every sequence is moved on, ids too.
"""

from __future__ import annotations

from typing import Final, TypedDict, cast

from sqlalchemy import Connection, Integer, bindparam, case, func, insert, inspect, literal_column, select, text, update
from sqlalchemy.exc import IntegrityError

from storage.prepared import Prepared, is_foreseen
from storage.tables import cases, sequences

CASE_IDS: Final = "floor:case ids"
NEW_SEQUENCES: Final = "floor:new sequences"
"""Names in ``sequences``: up to which ids of cases may have been given, and to which a sequence not yet begun may have
counted. No other sequence begins so."""
_s = sequences.c


class _Counted(TypedDict):
    """The id of a case to come, and how far its series has been counted."""

    id: int
    value: int


_COUNTED = (
    update(sequences)
    .where(_s.name == bindparam("b_name"))
    .values(value=_s.value + literal_column("1"))
    .returning(_s.value)
)
_COUNT = Prepared(_COUNTED)
# SQLite's one writer counts; PostgreSQL leaves a gap among the ids where a transaction is rolled back.
_NEW_ID = {
    "sqlite": "(SELECT max(coalesce((SELECT max(id) FROM cases), 0), "
    "coalesce((SELECT value FROM sequences WHERE name = 'floor:case ids'), 0)) + 1)",
    "postgresql": "nextval(pg_get_serial_sequence('cases', 'id'))",
}
_NEXT_CASE = {name: Prepared(_COUNTED.returning(literal_column(sql).label("id"))) for name, sql in _NEW_ID.items()}


def next_case(connection: Connection, series: str) -> tuple[int, int]:
    """The id of a case to come, and its number within a series, without a gap but for a restoring.

    What is only foreseen has no id yet, and the number that comes unless another transaction takes it.
    """
    if is_foreseen(connection):
        return 0, coming(connection, series)
    count = _NEXT_CASE[connection.dialect.name]
    found = count.one(connection, {"b_name": series})
    if found is None:
        _begin(connection, series, _floor(connection, NEW_SEQUENCES))
        found = count.one(connection, {"b_name": series})
    assert found is not None
    number = cast(_Counted, found)
    return number["id"], number["value"]


def next_in_sequence(connection: Connection, name: str) -> int:
    """The next number of a named sequence, without a gap but for a restoring; it rolls back with the transaction."""
    if is_foreseen(connection):
        return coming(connection, name)
    number = _COUNT.value(connection, {"b_name": name})
    if number is None:
        first = _floor(connection, NEW_SEQUENCES) + 1
        if _begin(connection, name, first):
            return first
    return int(number or _COUNT.value(connection, {"b_name": name}))


def coming(connection: Connection, name: str) -> int:
    """What the next number will be unless another transaction takes it; it is left there."""
    found = connection.execute(select(_s.value).where(_s.name == name)).scalar()
    return (_floor(connection, NEW_SEQUENCES) if found is None else found) + 1


def count_on(connection: Connection, ahead: int) -> int:
    """Let every number to come lie beyond what may have been issued since a backup: each sequence moves on by as much
    as it has counted so far, by ``ahead`` at least. How many sequences there are."""
    further = _s.value + case((_s.value > ahead, _s.value), else_=ahead)
    moved = connection.execute(update(sequences).where(_s.name.not_like("floor:%")).values(value=further))
    last = connection.execute(select(func.coalesce(func.max(cases.c.id), 0))).scalar_one()
    _raise(connection, CASE_IDS, last + max(last, ahead))
    _raise(connection, NEW_SEQUENCES, ahead)
    if connection.dialect.name == "postgresql":
        _move_identities(connection, ahead)
    return moved.rowcount


def _floor(connection: Connection, name: str) -> int:
    return connection.execute(select(_s.value).where(_s.name == name)).scalar() or 0


def _raise(connection: Connection, name: str, value: int) -> None:
    if not _begin(connection, name, value):
        connection.execute(update(sequences).where(_s.name == name, _s.value < value).values(value=value))


def _begin(connection: Connection, name: str, value: int) -> bool:
    """A new sequence, unless another transaction has just begun it."""
    try:
        with connection.begin_nested():
            connection.execute(insert(sequences), {"name": name, "value": value})
    except IntegrityError:
        return False
    return True


def _move_identities(connection: Connection, ahead: int) -> None:
    """PostgreSQL counts ids by itself: all of them go on beyond, too."""
    known = inspect(connection)
    for table in known.get_table_names():
        counted = [one["name"] for one in known.get_columns(table) if one["name"] == "id" and one.get("autoincrement")]
        counter = connection.execute(select(func.pg_get_serial_sequence(table, "id"))).scalar() if counted else None
        if counter is not None:
            newest = select(func.coalesce(func.max(literal_column("id", Integer)), 0)).select_from(text(table))
            last = connection.execute(newest).scalar_one()
            connection.execute(select(func.setval(counter, last + max(last, ahead))))
