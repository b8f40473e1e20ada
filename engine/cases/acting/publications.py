"""Putting in force what was proposed, or withdrawing what is, because a case has decided it. Nobody decides alone.

The bytes are those of the proposal, by their digest; all checks of publishing are made again. What keeps them from
coming in force is told to the case and to the operator, and nothing is published. Knows no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from engine.cases.base import Parts
from engine.definition import SHARED, digest_of
from engine.designing.proposing import must_differ
from engine.errors import Conflict, DataUnreadable, NotFound, Refusal
from engine.feel import to_stored
from engine.model import Publication, Thrown
from engine.publishing.catalog import COLUMNS, Publishable
from engine.publishing.withdrawing import withdraw
from engine.words import Words, both, say
from storage import cases as rows
from storage import definitions, fills, jobs, proposals
from storage.cases import Done
from storage.database import Connection
from storage.rows import CaseRow

_WHAT = say("提请发布的设计稿")


class DecidedAlone(Refusal):
    """Whoever has decided it has proposed or edited it himself, or nobody has decided it. Nothing was published."""

    sentence = say("没有施行：作出决定的人提请过，或者编辑过提请的内容，或者没有人作出决定。请由另一人决定。")


class OwnProcess(Refusal):
    """A case would withdraw what it runs by itself. Nothing was withdrawn."""

    sentence = say("“{name}”是本事项自己的流程，不能由它停用；需要时先发布新的版本。")


@dataclass(frozen=True, slots=True)
class Publications:
    """Publishes in the caller's transaction."""

    parts: Parts

    def look_ahead(self, asked: Publication) -> None:
        """Make the checks that take long before anybody waits: what they found is remembered. Raises as they do."""
        with self.parts.database.read() as connection:
            row = proposals.get(connection, asked.proposal) if not asked.withdraws else None
        if row is not None:
            self._checked(row)

    def come(self, connection: Connection, case_id: int, asked: Publication) -> Thrown:
        """Put it in force, or say why not; what the case hears. Raises Conflict when another publication was first."""
        case = rows.get(connection, case_id)
        if case is None:
            raise NotFound(what=say("事项"))
        try:
            act = self._withdraw if asked.withdraws else self._publish
            told = {"done": True, "version": act(connection, case, asked), "reason": ""}
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
        who = _decided(connection, case, asked, {row["proposed_by"], *row["editors"]})
        must_differ(connection, row["key"], row["digest"])
        now = self.parts.now()
        ((_, version, _),) = self.parts.catalog.put(connection, self._checked(row), now, who["completed_by"])
        proposals.came_in_force(connection, row["id"], now)
        return version

    def _withdraw(self, connection: Connection, case: CaseRow, asked: Publication) -> int:
        who, key = _decided(connection, case, asked, {case["starter_id"]}), asked.withdraws
        if key == case["key"]:
            raise OwnProcess(name=self.parts.definition(connection, case).process.name)
        in_force, now = self.parts.catalog.all(connection), self.parts.now()
        version = withdraw(connection, key, in_force, now, who["completed_by"], case["number"])
        fills.end(connection, f"{COLUMNS}{key}")
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


def _decided(connection: Connection, case: CaseRow, asked: Publication, others: set[int]) -> Done:
    """Who has decided it, who must be none of these others. Raises DecidedAlone."""
    who = decided_by(connection, case["id"], asked.decided)
    if who is None or rows.people_of(who) & others:
        raise DecidedAlone
    return who


def decided_by(connection: Connection, case_id: int, element: str) -> Done | None:
    """Who completed a step of a case the last time that somebody did, and in whose place."""
    done = [task for task in rows.tasks_of(connection, case_id) if task["element"] == element and task["completed_by"]]
    return cast(Done, done[-1]) if done else None
