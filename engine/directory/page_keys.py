"""The door through which whatever makes something goes once: the same key of a page gets the same answer.

A key is a person's own. It is used in the transaction of what is done under it, and the answer is kept with it there:
either both are there or neither. What is refused uses no key. Knows no page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from typing import Any, Final, TypedDict, cast

from engine.database import raced, writing
from engine.directory.actors import Actor
from engine.errors import Conflict
from engine.model import Clock
from engine.words import say
from storage import page_keys as rows
from storage.database import Connection, Database, Unreachable

KEPT: Final = timedelta(days=7)
"""How long a key and its answer are kept; no session that could repeat it lasts so long."""


SILENCE: Final = timedelta(minutes=2)
"""So long nothing is heard of who does something under a key before he counts as dead."""
HEARD_SECONDS: Final = 15.0


class Answer(TypedDict, total=False):
    """What a page was answered with: a status, and where it led or what it told; ``told``: (kind, words, markup)."""

    status: int
    json: Any
    location: str
    told: list[tuple[str, str, bool]]


class PageUsed(Conflict):
    """Something else was handed in from the same page before; ``answer`` is what was answered to that."""

    sentence = say("这一页已经提交过，这次的内容与上次不同，没有办理。请先查看上次的结果，再刷新页面。")

    def __init__(self, answer: Answer | None = None) -> None:
        self.answer: Answer = answer or {}
        super().__init__()


class BeingDone(Conflict):
    """The same was handed in a moment ago and is not done yet."""

    sentence = say("同一内容正在办理，请稍候再查看结果。")


class AlreadyAnswered(Exception):
    """The key was used for the same: ``answer`` is what was answered then."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__("answered before")


@dataclass(slots=True)
class Act:
    """What is being done under a key. ``answer``: what it is to be answered with, none while it may be refused."""

    answer: Answer | None = field(default=None)


class PageKeys:
    """Does under a key what is to be done once."""

    def __init__(self, database: Database, machine: Clock) -> None:
        self._database = database
        self._machine = machine

    @contextmanager
    def once(self, actor: Actor, key: str, content: str) -> Iterator[Act]:
        """One transaction for all that is written inside, kept with the answer that the act is given.

        Without an answer the key stays unused, and what was written stands as it would without one. ``content``: a
        digest of what was handed in. Raises AlreadyAnswered, PageUsed, Conflict.
        """
        with self._database.autocommit() as connection:
            _refuse_used(rows.used(connection, actor.user_id, key), content)
        act, failure = Act(), None
        with raced(), self._database.together(lambda c: self._take(c, actor.user_id, key, content)) as whole:
            try:
                yield act
            except Exception as error:
                act.answer, failure = None, error
            if whole.connection is not None:
                _settle(whole.connection, actor.user_id, key, act.answer)
        if failure is not None:
            raise failure

    @contextmanager
    def long(self, actor: Actor, key: str, content: str) -> Iterator[Act]:
        """The same for what takes many transactions of its own; a key without an answer is of what still runs.

        Its holder lets himself be heard meanwhile. Of whom nothing was heard for ``SILENCE`` is dead: his program was
        ended, and the person goes on where it stopped. Raises BeingDone, too.
        """
        with writing(self._database) as connection:
            now = self._machine.now()
            if not rows.take_over(connection, actor.user_id, key, content, now, now - SILENCE):
                self._take(connection, actor.user_id, key, content)
        act, over = Act(), Event()
        heard = Thread(target=self._be_heard, args=(actor.user_id, key, over), name="page key", daemon=True)
        heard.start()
        try:
            yield act
        finally:
            over.set()
            heard.join()
            with writing(self._database) as connection:
                _settle(connection, actor.user_id, key, act.answer)

    def _be_heard(self, user_id: int, key: str, over: Event) -> None:
        while not over.wait(HEARD_SECONDS):
            with suppress(Conflict, *Unreachable), writing(self._database) as connection:
                rows.still_held(connection, user_id, key, self._machine.now())

    def forget_old(self) -> int:
        """Remove the keys that nobody can use again; how many."""
        with writing(self._database) as connection:
            return rows.forget_before(connection, self._machine.now() - KEPT)

    def _take(self, connection: Connection, user_id: int, key: str, content: str) -> None:
        if not rows.take(connection, user_id, key, content, self._machine.now()):
            _refuse_used(rows.used(connection, user_id, key), content)
            raise Conflict()


def _settle(connection: Connection, user_id: int, key: str, answer: Answer | None) -> None:
    if answer is None:
        rows.forget(connection, user_id, key)
    else:
        rows.keep(connection, user_id, key, answer)


def _refuse_used(row: rows.PageKeyRow | None, content: str) -> None:
    if row is None:
        return
    if row["content"] != content:
        raise PageUsed(cast("Answer | None", row["answer"]))
    if row["answer"] is None:
        raise BeingDone
    raise AlreadyAnswered(cast(Answer, row["answer"]))
