"""The roles, read from ``roles.toml``, and which of them one person may hold together. Knows no person and no row."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.errors import BadInput

Text = tuple[str, str]
FILE = Path(__file__).with_name("roles.toml")


@dataclass(frozen=True, slots=True)
class Role:
    """One role. The fields are explained at the head of ``roles.toml``."""

    id: str
    name: Text
    kinds: frozenset[str]
    business: bool
    acts: bool
    own: bool = False
    duty: str = ""
    may: frozenset[str] = frozenset()

    def excludes(self, other: Role) -> bool:
        """Whether one person must not hold both. GB/T 22239-2019, 8.1.5: three administrators, three persons."""
        return self.id != other.id and bool(self.duty or other.duty)


def read_roles(text: str) -> Mapping[str, Role]:
    """The roles of a TOML text by id, in its order."""
    rows = tomllib.loads(text)["role"]
    return {
        row["id"]: Role(
            id=row["id"],
            name=(row["zh"], row["en"]),
            kinds=frozenset(row["kinds"]),
            business=row["business"],
            acts=row["acts"],
            own=row.get("own", False),
            duty=row.get("duty", ""),
            may=frozenset(row.get("may", ())),
        )
        for row in rows
    }


@cache
def roles() -> Mapping[str, Role]:
    """The roles of this installation."""
    return read_roles(FILE.read_text(encoding="utf-8"))


def role(role_id: str) -> Role:
    """The role of that id. Raises BadInput when there is none."""
    found = roles().get(role_id)
    if found is None:
        raise BadInput(field=("角色", "role"), reason=(f"没有“{role_id}”这个角色", f"there is no role “{role_id}”"))
    return found


def excluded_by(wanted: Role, held: Iterable[str]) -> Role | None:
    """The first role in ``held`` that may not stand beside ``wanted``; none when all may."""
    return next((other for other in map(roles().get, held) if other and wanted.excludes(other)), None)
