"""What differs between two directories, and which roles may more than before. Pure; knows no person and no row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.directory.contents import FIGURES, KINDS, ROLES, Directory
from engine.directory.roles import Role
from engine.words import Text

ADDED, CHANGED, REMOVED = "added", "changed", "removed"


class _Entry(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Text: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that is new, another one than before, or gone. ``gains``: what a role may that it could not before."""

    how: str
    file: str
    id: str
    name: Text
    gains: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The entry as events and messages name it."""
        return f"{self.file}/{self.id}"


def changes(before: Directory, after: Directory) -> tuple[Change, ...]:
    """Every entry that differs, file by file in the order of ``after``."""
    return (
        *_differing(ROLES, before.roles, after.roles),
        *_differing(KINDS, before.kinds, after.kinds),
        *_differing(FIGURES, before.figures, after.figures),
    )


def _differing(file: str, before: Mapping[str, _Entry], after: Mapping[str, _Entry]) -> Iterator[Change]:
    for one in after.values():
        old = before.get(one.id)
        if old != one:
            yield Change(ADDED if old is None else CHANGED, file, one.id, one.name, _gains(old, one))
    for old in before.values():
        if old.id not in after:
            yield Change(REMOVED, file, old.id, old.name)


def _gains(before: _Entry | None, after: _Entry) -> tuple[str, ...]:
    if not isinstance(after, Role):
        return ()
    return tuple(sorted(_powers(after) - (_powers(before) if isinstance(before, Role) else set())))


def _powers(role: Role) -> set[str]:
    flags = {"business": role.business, "acts": role.acts, "own": role.own}
    return {*role.may, *(name for name, has in flags.items() if has)}
