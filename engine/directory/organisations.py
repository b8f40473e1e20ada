"""The tree of trade-union organisations: who stands under whom, and the figures kept of each. Knows no import file.

What kinds and figures there are says the directory in force (``contents``). What a reader may not see is answered like
what is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine import letters
from engine.errors import NotFound
from engine.words import say
from storage import organisations as rows
from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation. ``path`` holds the codes from the root down, ``level`` is the depth (1 is the root)."""

    code: str
    name: str
    short_name: str
    kind: str
    parent_code: str | None
    path: str
    level: int
    figures: Mapping[str, Any] = field(default_factory=dict, hash=False)
    valid: bool = True

    def inside(self, paths: Iterable[str]) -> bool:
        """Whether it lies in one of the subtrees ``paths``."""
        return any(self.path.startswith(path) for path in paths)


def from_row(row: rows.OrganisationRow) -> Organisation:
    """An organisation of a row that has at least its columns."""
    return Organisation(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        kind=row["kind"],
        parent_code=row["parent_code"],
        path=row["path"],
        level=row["level"],
        figures=row["figures"],
        valid=row["valid"],
    )


def get(connection: Connection, code: str) -> Organisation:
    """The organisation of that code, also one no longer valid (old cases name it). Raises NotFound."""
    row = rows.get(connection, code)
    if row is None:
        raise NotFound(what=say("这个单位"))
    return from_row(row)


def ancestors(connection: Connection, code: str) -> tuple[Organisation, ...]:
    """Everything above, the nearest first. Raises NotFound for an unknown code."""
    return above(connection, get(connection, code))


def above(connection: Connection, organisation: Organisation) -> tuple[Organisation, ...]:
    """Everything above an organisation that is at hand, the nearest first. One query."""
    codes = organisation.path.strip("/").split("/")[:-1]
    found = {row["code"]: from_row(row) for row in rows.by_codes(connection, codes)} if codes else {}
    return tuple(found[one] for one in reversed(codes))


def children(connection: Connection, code: str) -> tuple[Organisation, ...]:
    """The valid organisations directly under ``code``, by code."""
    return tuple(map(from_row, rows.children(connection, code)))


def subtree(connection: Connection, path: str) -> tuple[Organisation, ...]:
    """The valid organisations under ``path`` and the one at it, parents before children."""
    return tuple(map(from_row, rows.under(connection, [path])))


def search(
    connection: Connection, words: str, paths: Sequence[str] | None = None, limit: int = 50
) -> tuple[Organisation, ...]:
    """Valid organisations whose name holds, or whose code begins with, every word; inside ``paths`` when given."""
    inside = ["/"] if paths is None else list(paths)
    return tuple(map(from_row, rows.under(connection, inside, letters.words(words), limit)))
