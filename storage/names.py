"""The names that renamed organisations have had, each with the present one. What never had another name is not here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from sqlalchemy import Column, ColumnElement, Connection, String, Table, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import metadata
from storage.spelling import says

organisation_names = Table(
    "organisation_names",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("name", String(100), primary_key=True),
)


class OrganisationNameRow(TypedDict):
    """A name that an organisation has or once had."""

    code: str
    name: str


def keep(connection: Connection, names: Mapping[str, Sequence[str]]) -> None:
    """Note the names that organisations have had, by code."""
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    rows = [{"code": code, "name": name} for code, said in names.items() for name in said]
    if rows:
        connection.execute(kind.insert(organisation_names).on_conflict_do_nothing(), rows)


def once_called(connection: Connection, code: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether the organisation with a code is renamed and one of its names, old or new, holds a word."""
    kept = organisation_names.c
    return exists().where(kept.code == code, says(connection, kept.name, word))


def codes_of(connection: Connection, word: str) -> list[str]:
    """The renamed organisations of which one name, old or new, holds a word."""
    named = says(connection, organisation_names.c.name, word)
    query = select(organisation_names.c.code).where(named).distinct()
    return list(connection.execute(query.order_by(organisation_names.c.code)).scalars())
