"""Boards (看板): the cases of a kind that a reader may see, in lanes by a column that its diagram declares for it.

A lane is what the list of all cases gives for that choice, no more and no other. Knows no process.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from engine.cases.base import Parts
from engine.cases.reading.columns import Columns, columns_of
from engine.cases.reading.visible import VisibleCases
from engine.directory.actors import Actor
from engine.errors import NotFound
from engine.views import CaseFilters, ListedCase
from engine.views.basic import MOST_COUNTED
from engine.views.boards import Board, Lane
from engine.views.columns import ColumnAsked, ColumnView
from engine.words import Text, say
from storage.database import Connection
from storage.paging import Listing, sizes
from storage.visible_cases import VisibleCase

SHOWN: Final = 20
"""Cases of a lane that are shown; its list has all of them."""
RUNNING: Final = "running"
LISTED: Final = 50
"""Rows of the list to which a lane leads."""


@dataclass(frozen=True, slots=True)
class Boards:
    """The boards of a reader."""

    parts: Parts

    def kinds(self, actor: Actor) -> tuple[tuple[str, Text], ...]:
        """The kinds of cases that have a board, by key and name."""
        with self.parts.database.read() as connection:
            kinds = self.parts.catalog.all(connection)
            with_board = [one for one in kinds if any(column.board for column in one.process.columns)]
            return tuple(
                (one.key, one.process.name)
                for one in with_board
                if _lanes_of(columns_of(self.parts, connection, one.key, actor)) is not None
            )

    def of(self, actor: Actor, filters: CaseFilters) -> Board:
        """The board of the kind ``filters.key``; of what runs, unless another state is asked for.

        Raises NotFound where the kind is unknown, has no board, or the reader does not see the column of its lanes.
        """
        asked = replace(filters, state=filters.state or RUNNING, after="", limit=SHOWN)
        with self.parts.database.read() as connection:
            columns = columns_of(self.parts, connection, asked.key, actor)
            column = _lanes_of(columns)
            if column is None:
                raise NotFound(what=say("看板"))
            return Board(
                kind=self.parts.catalog.current(connection, asked.key).process.name,
                column=column,
                columns=columns.views,
                lanes=self._lanes(connection, actor, asked, columns, column),
                asked=asked,
                filling=columns.is_filling(connection),
            )

    def _lanes(
        self, connection: Connection, actor: Actor, asked: CaseFilters, columns: Columns, column: ColumnView
    ) -> tuple[Lane, ...]:
        visible = VisibleCases(self.parts)
        others = tuple(one for one in asked.columns if one.id != column.id)
        wanted = [
            replace(asked, columns=(*others, ColumnAsked(column.id, is_=choice)), limit=LISTED)
            for choice in column.choices
        ]
        lists = [visible.listing(connection, actor, one) for one in wanted]
        totals = sizes(connection, lists, MOST_COUNTED)
        return tuple(
            Lane(
                column.named(choice),
                self._shown(connection, actor, one, columns) if total else (),
                total,
                lane,
            )
            for choice, one, total, lane in zip(column.choices, lists, totals, wanted, strict=True)
        )

    def _shown(
        self, connection: Connection, actor: Actor, one: Listing[VisibleCase], columns: Columns
    ) -> tuple[ListedCase, ...]:
        found = one.page(connection, "", SHOWN)[:SHOWN]
        return tuple(VisibleCases(self.parts).read(connection, actor, found, columns))


def _lanes_of(columns: Columns) -> ColumnView | None:
    return next((one for one in columns.views if one.board), None)
