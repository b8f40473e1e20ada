"""The tree of organisations as rows. Knows no kind, no figure and no import file.

``path`` holds the codes from the root down, ``/130000/130100/130102/``: a subtree is a range of the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypedDict, cast

from sqlalchemy import Column, Connection, Index, Integer, String, Table, bindparam, func, or_, select

from storage import names as names_kept
from storage.columns import Flag
from storage.database import Json, metadata, rows_of
from storage.prepared import Prepared
from storage.spelling import says

organisations = Table(
    "organisations",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("short_name", String(50), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("parent_code", String(20)),
    Column("path", String(300), nullable=False),
    Column("level", Integer, nullable=False),  # 1 is the root
    Column("figures", Json, nullable=False),
    Column("valid", Flag, nullable=False),
    Column("successor_code", String(20)),  # into which it has gone
    Column("source", String(200), nullable=False),
    Index("ix_organisations_path", "path"),
    Index("ix_organisations_parent_code", "parent_code"),
)


class OrganisationRow(TypedDict):
    """An organisation in the tree."""

    code: str
    name: str
    short_name: str
    kind: str
    parent_code: str | None
    path: str
    level: int
    figures: Mapping[str, Any]
    valid: bool
    successor_code: str | None
    source: str


_t = organisations.c
_GET = Prepared(select(organisations).where(_t.code == bindparam("code")))


@cache
def _by_codes(count: int) -> Prepared:
    """As many as there are levels above an organisation: a handful."""
    return Prepared(select(organisations).where(_t.code.in_([bindparam(f"c{index}") for index in range(count)])))


def get(connection: Connection, code: str) -> OrganisationRow | None:
    """One organisation, valid or not."""
    return cast("OrganisationRow | None", _GET.one(connection, {"code": code}))


def by_codes(connection: Connection, codes: Iterable[str]) -> list[OrganisationRow]:
    """The organisations with these codes, in no order."""
    named = {f"c{index}": code for index, code in enumerate(codes)}
    return cast(list[OrganisationRow], _by_codes(len(named)).all(connection, named))


def paths_of(connection: Connection, code: str) -> set[str]:
    """Where the cases of an organisation may stand: at its place, or where that is which it has gone into.

    Empty when it is not in the tree.
    """
    found, seen, row = set[str](), set[str](), get(connection, code)
    while row is not None and row["code"] not in seen:
        seen.add(row["code"])
        heir = row["successor_code"]
        if row["valid"] or heir is None:
            found.add(row["path"])
        row = get(connection, heir) if heir is not None else None
    return found


def everything(connection: Connection) -> list[OrganisationRow]:
    """The whole tree, parents before children."""
    return rows_of(connection, select(organisations).order_by(_t.path), OrganisationRow)


def children(connection: Connection, code: str) -> list[OrganisationRow]:
    """Valid organisations directly under ``code``, by code."""
    found = select(organisations).where(_t.parent_code == code, _t.valid).order_by(_t.code)
    return rows_of(connection, found, OrganisationRow)


def under(
    connection: Connection, paths: Sequence[str], words: Sequence[str] = (), limit: int | None = None
) -> list[OrganisationRow]:
    """Valid organisations in the subtrees ``paths`` whose name or code holds every word, parents first."""
    if not paths:
        return []
    inside = or_(*(_t.path.startswith(path, autoescape=True) for path in paths))
    found = select(organisations).where(inside, _t.valid).order_by(_t.path).limit(limit)
    for word in words:
        named = says(connection, _t.name, word), names_kept.once_called(connection, _t.code, word)
        found = found.where(or_(*named, _t.code.istartswith(word, autoescape=True)))
    return rows_of(connection, found, OrganisationRow)


def count(connection: Connection) -> int:
    """How many organisations there are, valid or not."""
    return int(connection.execute(select(func.count()).select_from(organisations)).scalar_one())


def save(
    connection: Connection, added: Sequence[Mapping[str, object]], changed: Sequence[Mapping[str, object]]
) -> None:
    """Insert and update whole rows; the names of who is renamed are kept."""
    if added:
        connection.execute(organisations.insert(), list(added))
    if changed:
        names = {str(row["code"]): str(row["name"]) for row in changed}
        old = {row["code"]: row["name"] for row in by_codes(connection, names)}
        names_kept.keep(connection, {code: (old[code], names[code]) for code in old if old[code] != names[code]})
        statement = organisations.update().where(_t.code == bindparam("old_code"))
        connection.execute(statement, [{**row, "old_code": row["code"]} for row in changed])
