"""Rows of a sheet, saved one by one while a step is filled in, so that two who fill in the same task lose nothing.

Each row has a version: what was saved by somebody else meanwhile is not written over, but told. Shared by all who may
act on the task, and gone when it is done; of a start they are the person's own. No part of the case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine.cases.access import must_act, starter_candidate
from engine.cases.acting.drafts import must_be_open, small
from engine.cases.acting.transaction import Transactions
from engine.cases.base import Parts, task_and_case
from engine.cases.saved_rows import of_place, place_of_start
from engine.database import writing
from engine.definition import Definition
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.errors import BadInput, NotFound
from engine.forms.guard import check_shape
from engine.forms.model import MAX_ROWS
from engine.views import SavedRow
from engine.words import say
from storage import row_drafts as rows
from storage.database import Connection

MOST: Final = 4 * MAX_ROWS
"""Rows that are kept of one step, those that were taken away among them."""
LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row as somebody wants it kept. ``version``: what he has seen, 0 for none; ``data`` none: taken away."""

    id: str
    version: int
    place: float
    data: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class RowDrafts:
    """Saves rows of sheets of tasks and of start forms."""

    parts: Parts
    transactions: Transactions

    def save(
        self, actor: Actor, task_id: str, sheet: str, changes: Sequence[RowChange], known: Mapping[str, int]
    ) -> tuple[SavedRow, ...]:
        """Save rows of an open task; the rows whose versions ``known`` does not have, whoever saved them.

        A change of a row that another person has saved meanwhile is not made. Raises NotAllowed, TaskNotOpen, BadInput,
        NotFound for a sheet that the form does not have.
        """
        with writing(self.transactions.database) as connection:
            task, case = task_and_case(connection, task_id)
            must_act(self.parts, connection, actor, task, case)
            definition = self.parts.definition(connection, case)
            must_be_open(definition, task["element"])
            _must_have(definition, task["element"], sheet)
            return self._saved(connection, actor, (f"task:{task_id}", sheet), changes, known)

    def save_start(
        self,
        actor: Actor,
        start: tuple[str, str],
        sheet: str,
        changes: Sequence[RowChange],
        known: Mapping[str, int],
    ) -> tuple[SavedRow, ...]:
        """The same of a start form; ``start``: the key of the kind, and the organisation's code."""
        key, code = start
        with writing(self.transactions.database) as connection:
            definition = self.parts.catalog.current(connection, key)
            starter_candidate(connection, actor, definition, organisations.get(connection, code))
            _must_have(definition, definition.process.start.id if definition.process.start else "", sheet)
            return self._saved(connection, actor, (place_of_start(key, code, actor.user_id), sheet), changes, known)

    def _saved(
        self,
        connection: Connection,
        actor: Actor,
        where: tuple[str, str],
        changes: Sequence[RowChange],
        known: Mapping[str, int],
    ) -> tuple[SavedRow, ...]:
        place, sheet = where
        fresh = sum(one.version == 0 for one in changes)  # what is saved again takes no more room
        if fresh and rows.count(connection, place) + fresh > MOST:
            raise BadInput(field=say("草稿"), reason=say("保存的行过多，不得超过{most}行", most=MOST))
        now = self.parts.now()
        for one in changes:
            rows.save(connection, _row(one, place, sheet, actor.user_id, now))
        found = of_place(connection, place).get(sheet, ())
        return tuple(row for row in found if known.get(row.id) != row.version)


def _row(one: RowChange, place: str, sheet: str, user_id: int, now: datetime) -> rows.SavedDraft:
    if not one.id or len(one.id) > LONGEST_NAME or one.version < 0:
        raise BadInput(field=say("草稿"), reason=say("内容无法保存"))
    return {
        "place": place,
        "sheet": sheet,
        "row": one.id,
        "version": one.version + 1,
        "position": one.place,
        "data": small(check_shape(one.data)) if one.data is not None else {},
        "removed": one.data is None,
        "user_id": user_id,
        "saved_at": now,
    }


def _must_have(definition: Definition, element: str, sheet: str) -> None:
    form = definition.form_of(element)
    if form is None or sheet not in form.sheets:
        raise NotFound(what=say("这张表"))
