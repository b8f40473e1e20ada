"""Putting in force what was proposed, because a case has decided it. Nobody decides alone what he has made.

The bytes are those of the proposal, by their digest; all checks of publishing are made again. What keeps them from
coming in force is told to the case and to the operator, and nothing is published. Knows no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from engine.cases.base import Parts
from engine.definition import SHARED, digest_of
from engine.errors import Conflict, DataUnreadable, NotFound, Refusal
from engine.feel import to_stored
from engine.model import Publication, Thrown
from engine.publishing.catalog import Publishable
from engine.words import Words, both, say
from storage import cases as rows
from storage import definitions, jobs, proposals
from storage.cases import Done
from storage.database import Connection
from storage.rows import CaseRow

_WHAT = say("提请发布的设计稿")


class DecidedAlone(Refusal):
    """Whoever has decided it has proposed or edited it himself, or nobody has decided it. Nothing was published."""

    sentence = say("没有施行：作出决定的人提请过或者编辑过这份设计稿，或者没有人作出决定。请由另一人决定。")


@dataclass(frozen=True, slots=True)
class Publications:
    """Publishes in the caller's transaction."""

    parts: Parts

    def look_ahead(self, asked: Publication) -> None:
        """Make the checks that take long before anybody waits: what they found is remembered. Raises as they do."""
        with self.parts.database.read() as connection:
            row = proposals.get(connection, asked.proposal)
        if row is not None:
            self._checked(row)

    def come(self, connection: Connection, case_id: int, asked: Publication) -> Thrown:
        """Put it in force, or say why not; what the case hears. Raises Conflict when another publication was first."""
        case = rows.get(connection, case_id)
        if case is None:
            raise NotFound(what=say("事项"))
        try:
            told = {"done": True, "version": self._publish(connection, case, asked), "reason": ""}
        except Conflict:
            raise
        except Refusal as refused:
            told = {"done": False, "version": None, "reason": refused.words.text()}
            self._tell_operator(connection, case, asked, refused.words)
        return Thrown("message", asked.reply, case["number"], to_stored(told), case["status"] != "running", format=2)

    def _publish(self, connection: Connection, case: CaseRow, asked: Publication) -> int:
        row = proposals.get(connection, asked.proposal)
        if row is None:
            raise NotFound(what=_WHAT)
        who = decided_by(connection, case["id"], asked.decided)
        if who is None or rows.people_of(who) & {row["proposed_by"], *row["editors"]}:
            raise DecidedAlone
        now = self.parts.now()
        ((_, version, _),) = self.parts.catalog.put(connection, self._checked(row), now, who["completed_by"])
        proposals.came_in_force(connection, row["id"], now)
        return version

    def _checked(self, row: proposals.ProposalRow) -> Publishable:
        files, key = definitions.unpacked(row["files"]), row["key"]
        if digest_of(key, files) != row["digest"]:
            raise DataUnreadable(what=_WHAT)
        paths = {name if name.startswith(f"{SHARED}/") else f"{key}/{name}": data for name, data in files.items()}
        return self.parts.catalog.checked(paths, self.parts.now())

    def _tell_operator(self, connection: Connection, case: CaseRow, asked: Publication, why: Words) -> None:
        zh, en = both(why)
        jobs.open_once(
            connection,
            {
                "case_id": case["id"], "act": jobs.PUBLISH, "code": "NotPublished", "message_zh": zh,
                "message_en": en, "opened_at": self.parts.now(),
            },
        )  # fmt: skip


def decided_by(connection: Connection, case_id: int, element: str) -> Done | None:
    """Who completed a step of a case the last time that somebody did, and in whose place."""
    done = [task for task in rows.tasks_of(connection, case_id) if task["element"] == element and task["completed_by"]]
    return cast(Done, done[-1]) if done else None
