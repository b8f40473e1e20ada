"""Carries out what people have asked for many tasks in one go, task after task, until all are settled.

Each task is one transaction, in which its result is written, too: what is reported is done, and it is done once. Who
asked for it has been told that it goes on: after a stop it does so by itself, under the rights that he has by then.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from engine.cases import Cases
from engine.cases.acting.transaction import INCIDENTS
from engine.directory import actors
from engine.errors import Refusal, Resting
from engine.feel import Allowance, again_if_long, step
from engine.jobs.worker import GIVE_WAY_SECONDS, TURN_SECONDS
from engine.views.bulks import Picked, Wanted
from engine.words import Text, both, say
from storage import bulks, jobs, restores
from storage.bulks import Asked, AskedPart, BulkRow, ItemRow
from storage.database import Connection, Database, LostRace, Unavailable
from storage.failing import BUSY

logger = logging.getLogger(__name__)

FORMAT: Final = 1
"""The form of ``bulks.asked``."""
REST: Final = 0.5
"""After each task as long a rest, in parts of what it took: others are to feel little of five hundred."""
_FAILED: Final = say("系统出错，这一件没有办理，已通知系统管理员。")


class _Later(Exception):
    """Another worker was first, or somebody has stopped it."""


@dataclass(frozen=True, slots=True)
class BulkRunner:
    """Goes on with all that has not ended, a task of each in turn. Several may run at once."""

    database: Database
    cases: Cases

    def run(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Try every task that waits once; how many were settled. Raises what the database does when it is away.

        Nothing while a restored installation's outbox waits for an operator.
        """
        settled, beyond = 0, dict[int, int]()
        turn_ends = time.monotonic() + TURN_SECONDS
        while not stop():
            with self.database.read() as connection:
                found = [] if restores.is_held(connection) else bulks.next_of_each(connection, beyond)
            if not found:
                break
            for item in found:
                if stop():
                    break
                began = time.monotonic()
                settled += self._one(item)
                beyond[item["bulk_id"]] = item["place"]
                time.sleep((time.monotonic() - began) * REST)
                if self.database.is_sqlite and time.monotonic() > turn_ends:
                    time.sleep(GIVE_WAY_SECONDS)
                    turn_ends = time.monotonic() + TURN_SECONDS
        return settled

    def _one(self, item: ItemRow) -> bool:
        """One task; False when it is left for another look, or settled by another worker."""
        with self.database.read() as connection:
            row = bulks.get(connection, item["bulk_id"])
        if row is None:
            return False
        try:
            with step(Allowance()):
                again_if_long(lambda: self._do(row, item))
        except (LostRace, Resting, _Later):
            return False
        except Unavailable as passing:
            if passing.why != BUSY:
                raise
            return False
        except Refusal as refused:
            if isinstance(refused.__cause__, LostRace):
                return False
            told = both(refused.words)  # what the act itself has told an operator went with the act
            return self._not_done(row, item, bulks.REFUSED, told, (refused.code, told) if _is_fault(refused) else None)
        except Exception as error:  # one task may fail in any way; the others go on, and an operator hears of it
            logger.exception("task %s-%s of the bulk %s failed", item["case_id"], item["number"], row["id"])
            told = both(say("批量办理失败：{error}", error=f"{type(error).__name__}: {error}"))
            return self._not_done(row, item, bulks.FAILED, both(_FAILED), (type(error).__name__, told))
        return True

    def _do(self, row: BulkRow, item: ItemRow) -> None:
        """The act and its result in one transaction, which begins with the act. Raises _Later."""
        with self.database.together(lambda _: None):
            with self.database.read() as connection:
                who = actors.actor(connection, row["user_id"], self.cases.parts.clock.now())
            picked = Picked(f"{item['case_id']}-{item['number']}", item["revision"], item["part"])
            said = self.cases.many.act(row["verb"], who, picked, wanted_of(row["asked"], item["part"]))
            with self.database.write() as connection:
                if not bulks.take(connection, item):
                    raise _Later  # all of it is undone
                self._settle(connection, row, item, bulks.DONE, both(said))

    def _not_done(self, row: BulkRow, item: ItemRow, status: str, said: Text, fault: tuple[str, Text] | None) -> bool:
        """Nothing of the act was kept: say why, and let an operator hear of a fault."""
        with self.database.write() as connection:
            if not bulks.take(connection, item):
                return False
            self._settle(connection, row, item, status, said)
            if fault is not None:
                told = {"case_id": item["case_id"], "act": row["verb"], "code": fault[0], "actor_id": row["user_id"]}
                words = {"message_zh": fault[1][0], "message_en": fault[1][1]}
                jobs.add_incident(connection, {**told, **words, "opened_at": self.cases.parts.clock.now()})
        return True

    def _settle(self, connection: Connection, row: BulkRow, item: ItemRow, status: str, said: Text) -> None:
        now = self.cases.parts.clock.now()
        bulks.settle(connection, item, status, said, now)
        if not bulks.waits(connection, row["id"]):
            bulks.end(connection, row["id"], without_words(row["asked"]), now)


def _is_fault(refused: Refusal) -> bool:
    """Whether the diagram is to blame, and not the person."""
    return isinstance(refused, INCIDENTS)


def asked_of(parts: Iterable[Wanted]) -> Asked:
    """What is to be done with each group, as it is stored."""
    told: list[AskedPart] = [
        {"outcome": one.outcome, "words": one.words, "return_to": one.return_to, "data": dict(one.data),
         "people": list(one.people)} for one in parts
    ]  # fmt: skip
    return {"format": FORMAT, "parts": told}


def wanted_of(asked: Asked, part: int) -> Wanted:
    """What is to be done with a group."""
    one = asked["parts"][part]
    return Wanted(one["outcome"], one["words"], one["return_to"], one["data"], tuple(one["people"]))


def without_words(asked: Asked) -> Asked:
    """What is kept when all is settled: what people wrote stands in the events of the cases, and is hidden there."""
    return asked_of(Wanted(one["outcome"]) for one in asked["parts"])
