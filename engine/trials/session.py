"""One trial as the server speaks to it: asked for one thing at a time; how it has ended, in words. Knows no page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from engine.errors import InvalidForm, Refusal
from engine.files.apart import MEGABYTE, OUT_OF_MEMORY, START, NotStarted
from engine.files.children import Conversation, Gone
from engine.files.pristine import OUT_OF_TIME
from engine.trials.child import MEMORY, PATIENCE, SECONDS, TO_OPEN
from engine.trials.requests import Request, TrialAnswer, TrialOpening
from engine.words import Text, Words, say
from storage import exact

MODULE: Final = "engine.trials.child"
LONGEST: Final = 12 * 3600.0
"""Seconds after which every trial ends."""
LARGEST: Final = 8 * MEGABYTE
"""Bytes of one answer."""
TO_BEGIN: Final = 90
"""Seconds that the process may take to be there on a busy machine."""
_READY: Final = b"ready"


class TrialEnded(Refusal):
    """A trial that has ended: nothing more can be done in it; a new one can be begun."""

    sentence = say("这次试运行已经结束：{why}可以重新开始。")

    def __init__(self, why: Words) -> None:
        self.why = why
        super().__init__(why=why)


class TrialRefused(Refusal):
    """What the application of a trial refuses, in its words."""

    sentence = say("{said}")


class TrialFailed(Refusal):
    """Something that the design brings about and nobody has foreseen; the trial goes on."""

    sentence = say("这一步没有办成（{why}），试运行停在上一步。")


class TrialSession:
    """The process of one trial. Safe to share between threads: who comes second waits."""

    def __init__(self, opening: TrialOpening, now: Callable[[], float] = time.monotonic) -> None:
        """Raises NotStarted, and what refuses the definition."""
        self._turn = threading.Lock()
        self._now = now
        self.heard_at = now()
        self.why: Words | None = None
        self._talk = self._begun()
        try:
            self._said(self._talk.ask(exact.dumps(opening), TO_OPEN.patience, LARGEST))
        except Gone as gone:
            raise TrialEnded(self._over(gone.code)) from gone

    @staticmethod
    def _begun() -> Conversation:
        for again in (True, False):
            try:
                talk = Conversation(MODULE, START, LONGEST)
            except OSError as error:
                raise NotStarted(str(error)) from error
            with suppress(OSError):
                if talk.hear(time.monotonic() + TO_BEGIN, LARGEST) == _READY:
                    return talk
            talk.end(late=True)
            if not again:
                break
        raise NotStarted(MODULE)

    def ask(self, asked: Request) -> Any:
        """What an act of the trial gives, as JSON (``told.read`` reads it).

        Raises TrialEnded, TrialRefused, InvalidForm, TrialFailed.
        """
        with self._turn:
            if self.why is not None:
                raise TrialEnded(self.why)
            self.heard_at = self._now()
            try:
                return self._said(self._talk.ask(exact.dumps(asked), PATIENCE, LARGEST))
            except Gone as gone:
                raise TrialEnded(self._over(gone.code)) from gone
            except ValueError as error:
                why = say("它的回答无法读取。")
                self.end(why)
                raise TrialEnded(why) from error

    def end(self, why: Words) -> None:
        """Let it end."""
        if self.why is None:
            self.why = why
            self._talk.end(late=True)

    def _over(self, code: int | None) -> Words:
        if code == OUT_OF_TIME:
            why = say("这一步用时超过{seconds}秒。", seconds=SECONDS)
        elif code == OUT_OF_MEMORY:
            why = say("这一步所用内存超过{size}MB。", size=MEMORY // MEGABYTE)
        else:
            why = say("进程意外终止（{code}）。", code="—" if code is None else code)
        self.why = why
        return why

    def _said(self, line: bytes) -> Any:
        said: TrialAnswer = exact.loads(line)
        if "refused" in said:
            errors = {str(path): _text(text) for path, text in said["errors"].items()}
            if errors:
                raise InvalidForm(errors)
            raise TrialRefused(said=_text(said["refused"]))
        if "failed" in said:
            raise TrialFailed(why=str(said["failed"]))
        return said["told"]


def _text(said: Any) -> Text:
    zh, en = said
    return str(zh), str(en)
