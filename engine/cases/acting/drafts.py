"""What a person has typed and not yet handed in: his own, and no part of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.cases.access import must_act, starter_candidate
from engine.cases.acting.transaction import Transactions
from engine.cases.base import LONGEST_ID, Parts, task_and_case
from engine.database import writing
from engine.definition import Definition
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.errors import BadInput, NotAllowed
from engine.forms.guard import must_be_object
from engine.words import say
from storage import cases as rows
from storage import drafts as draft_rows
from storage import exact

MAX_DRAFT = 1024 * 1024
"""Bytes of a draft as JSON."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """Keeps drafts of tasks and of start forms."""

    parts: Parts
    transactions: Transactions

    def save(self, actor: Actor, task_id: str, data: Mapping[str, Any]) -> None:
        """Keep what a person has typed into an open task. Raises NotAllowed, TaskNotOpen, BadInput."""
        with writing(self.transactions.database) as connection:
            task, case = task_and_case(connection, task_id)
            must_act(self.parts, connection, actor, task, case)
            must_be_open(self.parts.definition(connection, case), task["element"])
            rows.save_draft(connection, actor.user_id, f"task:{task_id}", small(data), self.parts.now())

    def save_start(self, actor: Actor, key: str, organisation_code: str, data: Mapping[str, Any]) -> None:
        """Keep what a person has typed into a start form. Raises NotAllowed, BadInput."""
        with writing(self.transactions.database) as connection:
            organisation = organisations.get(connection, organisation_code)
            starter_candidate(connection, actor, self.parts.catalog.current(connection, key), organisation)
            place = f"start:{key}:{organisation_code}"
            rows.save_draft(connection, actor.user_id, place, small(data), self.parts.now())

    def discard(self, actor: Actor, draft_id: str) -> None:
        """Forget one of a person's own drafts; one that is gone already is no fault."""
        if draft_id.isascii() and draft_id.isdigit() and len(draft_id) <= LONGEST_ID:
            with writing(self.transactions.database) as connection:
                draft_rows.discard(connection, actor.user_id, int(draft_id))


def must_be_open(definition: Definition, element: str) -> None:
    """Refuse to keep what is to be sealed: it stays with who writes it. Raises NotAllowed."""
    if definition.elements[element].sealing.kind:
        reason = say("密封提交的草稿只保存在您的浏览器里，系统不保存")
        raise NotAllowed(act=say("保存草稿"), reason=reason)


def small(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be kept, if it can be kept and is not too much. Raises BadInput."""
    must_be_object(data)
    try:
        size = len(exact.dumps(data))
    except TypeError as error:  # a number beyond 64 bits, or nested too deeply
        raise BadInput(field=say("草稿"), reason=say("内容无法保存")) from error
    if size > MAX_DRAFT:
        raise BadInput(field=say("草稿"), reason=say("内容超过1MB"))
    return dict(data)
