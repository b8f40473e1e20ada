"""The directory of an installation: its roles, kinds of organisation and figures. Pure: from files to a value.

Knows no row and no entry by name. What is wrong with such files is told by ``engine.checks.directory``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict, TypeVar, cast

from engine.directory.kinds import Choice, Figure, Kind
from engine.directory.roles import Role
from engine.errors import BadInput
from engine.words import Text, say

E = TypeVar("E")
DIRECTORY = "_directory"
"""The folder beside the processes, and the key under which it is published."""

ROLES, KINDS, FIGURES = "roles.toml", "kinds.toml", "figures.toml"


class _Named(TypedDict):
    """What every entry of a file has, and what many have."""

    id: str
    zh: str
    en: str
    aliases: NotRequired[list[str]]


class _RoleEntry(_Named):
    kinds: list[str]
    business: bool
    acts: bool
    own: NotRequired[bool]
    duty: NotRequired[str]
    may: NotRequired[list[str]]


class _KindEntry(_Named):
    parents: list[str]
    outside: NotRequired[bool]


class _FigureEntry(_Named):
    unit_zh: NotRequired[str]
    choices: NotRequired[list[_Named]]
    kinds: NotRequired[list[str]]


@dataclass(frozen=True, slots=True)
class Directory:
    """Roles, kinds and figures by id, each in the order of its file. Immutable and shared."""

    roles: Mapping[str, Role]
    kinds: Mapping[str, Kind]
    figures: Mapping[str, Figure]

    def role(self, role_id: str) -> Role:
        """The role of that id. Raises BadInput when there is none."""
        found = self.roles.get(role_id)
        if found is None:
            raise BadInput(field=say("角色"), reason=say("没有“{role_id}”这个角色", role_id=role_id))
        return found

    def role_name(self, role_id: str) -> Text:
        """What a role is called; one that is gone, by its id."""
        found = self.roles.get(role_id)
        return found.name if found else (role_id, role_id)

    def kind_name(self, kind_id: str) -> Text:
        """What a kind of organisation is called; one that is gone, by its id."""
        found = self.kinds.get(kind_id)
        return found.name if found else (kind_id, kind_id)

    def excluded_by(self, wanted: Role, held: Iterable[str]) -> Role | None:
        """The first role in ``held`` that may not stand beside ``wanted``; none when all may."""
        return next((other for other in map(self.roles.get, held) if other and wanted.excludes(other)), None)

    def acts_for_himself(self, candidate: str) -> bool:
        """Whether who acts by this inbox key (``role@code``) acts as a natural person, not for an organisation."""
        found = self.roles.get(candidate.partition("@")[0])
        return found is not None and found.own


EMPTY = Directory({}, {}, {})


def read_directory(files: Mapping[str, bytes]) -> Directory:
    """The directory that checked files say."""
    kinds = [_kind(one) for one in _entries(files, KINDS, "kind", _KindEntry)]
    outside = {one.id for one in kinds if one.outside}
    roles = (_role(one, outside) for one in _entries(files, ROLES, "role", _RoleEntry))
    figures = map(_figure, _entries(files, FIGURES, "figure", _FigureEntry))
    return Directory({one.id: one for one in roles}, {one.id: one for one in kinds}, {one.id: one for one in figures})


def _entries(files: Mapping[str, bytes], name: str, table: str, kind: type[E]) -> list[E]:
    """The entries of a checked file, by the type that they have."""
    return cast(list[E], tomllib.loads(files[name].decode("utf-8")).get(table, []))


def _role(row: _RoleEntry, outside: set[str]) -> Role:
    return Role(
        id=row["id"],
        name=_name(row),
        kinds=frozenset(row["kinds"]),
        business=row["business"],
        acts=row["acts"],
        own=row.get("own", False),
        duty=row.get("duty", ""),
        may=frozenset(row.get("may", ())),
        outside=bool(outside.intersection(row["kinds"])),
    )


def _kind(row: _KindEntry) -> Kind:
    return Kind(row["id"], _name(row), tuple(row["parents"]), tuple(row.get("aliases", ())), row.get("outside", False))


def _figure(row: _FigureEntry) -> Figure:
    choices = tuple(Choice(one["id"], _name(one), tuple(one.get("aliases", ()))) for one in row.get("choices", ()))
    kinds, aliases = tuple(row.get("kinds", ())), tuple(row.get("aliases", ()))
    return Figure(row["id"], _name(row), row.get("unit_zh", ""), choices, kinds, aliases)


def _name(row: _Named) -> Text:
    return row["zh"], row["en"]
