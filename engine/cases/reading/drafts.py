"""The drafts of a person (草稿箱): of tasks that wait, and of starts that were not handed in. Shows nothing typed."""

from __future__ import annotations

from dataclasses import dataclass

from engine.cases.access import must_act, starter_candidate
from engine.cases.base import Parts, task_and_case
from engine.cases.veil import Veil
from engine.damage import legible
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.errors import NotAllowed, NotFound, Refusal
from engine.views import Draft, DraftPage
from engine.views.basic import MOST_COUNTED
from engine.words import Words, say
from storage import drafts as rows
from storage.database import Connection

TASK, START = "task", "start"
PAGE = 20


@dataclass(frozen=True, slots=True)
class DraftList:
    """Of each draft where it belongs, and whether its owner may still go on with it."""

    parts: Parts

    def page(self, actor: Actor, after: str = "", limit: int = PAGE) -> DraftPage:
        """A page of them, the one saved last first."""
        with self.parts.database.read() as connection:
            wanted = rows.of_person(actor.user_id)
            found = wanted.page(connection, after, limit)
            return DraftPage(
                rows=tuple(legible(found[:limit], lambda row: self._row(connection, actor, row), _named)),
                total=wanted.count(connection, MOST_COUNTED),
                next=wanted.mark(found[limit - 1]) if len(found) > limit else None,
            )

    def _row(self, connection: Connection, actor: Actor, row: rows.DraftPlace) -> Draft:
        kind, _, where = row["place"].partition(":")
        if kind == TASK:
            return self._of_task(connection, actor, row, where)
        key, _, code = where.partition(":")
        return self._of_start(connection, actor, row, key, code)

    def _of_task(self, connection: Connection, actor: Actor, row: rows.DraftPlace, task_id: str) -> Draft:
        task, case = task_and_case(connection, task_id)
        definition = self.parts.definition(connection, case)
        try:
            must_act(self.parts, connection, actor, task, case)
            may = True
        except Refusal:
            may = False
        return Draft(
            id=str(row["id"]),
            kind=definition.process.name,
            title=Veil(connection, actor, case, definition).title(),
            step=(task["name_zh"], task["name_en"]),
            number=case["number"],
            organisation=case["organisation_name"],
            saved_at=row["saved_at"],
            open=may,
            task_id=task_id,
        )

    def _of_start(self, connection: Connection, actor: Actor, row: rows.DraftPlace, key: str, code: str) -> Draft:
        try:
            definition, organisation = (
                self.parts.catalog.current(connection, key),
                organisations.get(connection, code),
            )
        except NotFound:  # a kind or an organisation that is no longer there
            return Draft(str(row["id"]), (key, key), "", ("", ""), "", code, row["saved_at"], open=False)
        try:
            starter_candidate(connection, actor, definition, organisation)
            may = True
        except NotAllowed:
            may = False
        start = definition.process.start
        return Draft(
            id=str(row["id"]),
            kind=definition.process.name,
            title="",
            step=start.name if start else ("", ""),
            number="",
            organisation=organisation.name,
            saved_at=row["saved_at"],
            open=may,
            key=key,
            code=code,
        )


def _named(row: rows.DraftPlace) -> tuple[Words, int | None]:
    return say("草稿{id}", id=row["id"]), None
