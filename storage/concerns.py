"""Which records the running cases are about. The rows follow from the events of the cases; knows no register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from sqlalchemy import Column, Connection, Index, Integer, String, Table, delete, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from storage.columns import Flag
from storage.database import Json, metadata, rows_of
from storage.tables import cases

concerns = Table(
    "concerns",
    metadata,
    Column("case_id", Integer, primary_key=True),
    Column("register", String(60), primary_key=True),
    Column("number", String(80), primary_key=True),
    Column("exclusive", Flag, nullable=False),  # one such case at a time
    Column("fields", Json, nullable=False),  # that no other case may write; none: all, when exclusive
    Column("version", Integer, nullable=False, server_default="0"),  # of the record, as the case saw it first; 0: none
    Index("ix_concerns_record", "register", "number"),
    Index(
        "uq_concerns_exclusive",
        "register",
        "number",
        unique=True,
        sqlite_where=text("exclusive"),
        postgresql_where=text("exclusive"),
    ),
)


class ConcernRow(TypedDict):
    """A record that a running case is about."""

    case_id: int
    register: str
    number: str
    exclusive: bool
    fields: list[str]
    version: int


class Concerning(ConcernRow):
    """The same with its case."""

    case_number: str
    organisation_name: str
    organisation_path: str
    starter_id: int
    opened_at: datetime
    revision: int
    title: str


def of_case(connection: Connection, case_id: int) -> list[ConcernRow]:
    """What a case is about, in order."""
    query = select(concerns).where(concerns.c.case_id == case_id)
    return rows_of(connection, query.order_by(concerns.c.register, concerns.c.number), ConcernRow)


def about(connection: Connection, register: str, numbers: Iterable[str] | None = None) -> list[Concerning]:
    """The running cases that are about records of a register, or about some of them; the oldest case first."""
    names = ("organisation_name", "organisation_path", "starter_id", "opened_at", "revision", "title")
    case = (cases.c.number.label("case_number"), *(cases.c[name] for name in names))
    query = select(concerns, *case).join(cases, cases.c.id == concerns.c.case_id)
    query = query.where(concerns.c.register == register)
    if numbers is not None:
        query = query.where(concerns.c.number.in_(list(numbers)))
    return rows_of(connection, query.order_by(concerns.c.case_id, concerns.c.number), Concerning)


def exclusive(connection: Connection, register: str, numbers: Iterable[str] | None = None) -> dict[str, Concerning]:
    """Records of a register that a running case has for itself, by number."""
    return {row["number"]: row for row in about(connection, register, numbers) if row["exclusive"]}


def add(connection: Connection, row: ConcernRow) -> bool:
    """Note that a case is about a record. False when it asks to be the only such case and another one is first.

    Whoever asks while another transaction does, waits for how that ends.
    """
    if not row["exclusive"]:
        connection.execute(insert(concerns), dict(row))
        return True
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    fresh = kind.insert(concerns).values(**row).on_conflict_do_nothing()
    query = select(concerns.c.case_id).where(
        concerns.c.register == row["register"], concerns.c.number == row["number"], concerns.c.exclusive
    )
    holder = None
    while holder is None:  # whoever had it may end between the two statements
        connection.execute(fresh)
        holder = connection.execute(query).scalar_one_or_none()
    return bool(holder == row["case_id"])


def drop(connection: Connection, case_id: int, register: str = "", number: str = "") -> None:
    """Forget that a case is about a record, or about any."""
    gone = delete(concerns).where(concerns.c.case_id == case_id)
    if number:
        gone = gone.where(concerns.c.register == register, concerns.c.number == number)
    connection.execute(gone)
