"""The declared columns of a kind of case on a list: what is asked of them, and what a page of cases shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.cases.base import Parts
from engine.cases.columns import key_of
from engine.cases.veil.cutting import ALL
from engine.cases.veil.veil import shown_of
from engine.damage import note
from engine.diagram.columns import Column
from engine.directory.actors import Actor
from engine.errors import DataUnreadable, NotFound
from engine.publishing.catalog import COLUMNS
from engine.views.columns import ColumnAsked, ColumnView
from engine.words import say
from storage import case_columns as rows
from storage import fills
from storage.database import Connection

AT: Final = "c."
"""Before the id of a column, where an order is named; ``-`` before it: the last first."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one kind of case; none for every kind together."""

    key: str
    declared: tuple[Column, ...] = ()

    @property
    def views(self) -> tuple[ColumnView, ...]:
        """As pages see them."""
        return tuple(
            ColumnView(one.id, one.name, one.type, one.choices, one.choices_en, one.board) for one in self.declared
        )

    def wanted(self, asked: Iterable[ColumnAsked]) -> list[rows.Wanted]:
        """What is asked of them, as it is stored; what no column has is left out."""
        types = {one.id: one.type for one in self.declared}
        return [self._wanted(one, types[one.id]) for one in asked if one.id in types]

    def order(self, sort: str) -> tuple[str, bool]:
        """The field by which a list is put in order, and whether the last comes first; none for another order."""
        name = sort.removeprefix("-")
        known = name.startswith(AT) and any(name == f"{AT}{one.id}" for one in self.declared)
        return (self._field(name.removeprefix(AT)), sort.startswith("-")) if known else ("", False)

    def shown(self, connection: Connection, case_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """What each of these cases has in them, in their order."""
        if not self.declared:
            return dict.fromkeys(case_ids, ())
        found = rows.of_cases(connection, case_ids)
        return {
            case_id: tuple(values.get(self._field(one.id), "") for one in self.declared)
            for case_id, values in found.items()
        }

    def is_filling(self, connection: Connection) -> bool:
        """Whether older cases are still to get them."""
        return bool(self.declared) and fills.after(connection, f"{COLUMNS}{self.key}") is not None

    def _field(self, name: str) -> str:
        return f"{self.key}.{name}"

    def _wanted(self, asked: ColumnAsked, kind: str) -> rows.Wanted:
        typed = key_of(kind, asked.is_)
        whole = kind != "text"
        return {
            "field": self._field(asked.id), "is_": typed if whole else "", "holds": "" if whole else typed,
            "low": key_of(kind, asked.low), "high": key_of(kind, asked.high),
        }  # fmt: skip


NO_COLUMNS: Final = Columns("")


def columns_of(parts: Parts, connection: Connection, key: str, actor: Actor) -> Columns:
    """The columns that the process of that key declares now, as far as a reader sees them."""
    if not key:
        return Columns("")
    try:
        process = parts.catalog.current(connection, key).process
        shown = shown_of(process.seeing.seen, actor) if actor.outside else ALL
        return Columns(key, tuple(one for one in process.columns if shown is not None and shown.has(one.id)))
    except NotFound:
        return Columns(key)
    except DataUnreadable as error:
        note(say("流程定义{key}（重新发布同一文件夹即可恢复）", key=key), error)
        return Columns(key)
