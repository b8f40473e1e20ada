"""The trials of one server: who has which, how many run at once, who waits, and when they end. Knows no page."""

from __future__ import annotations

import secrets
import threading
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from engine.application import Application
from engine.calendar.days import LEGAL_ZONE
from engine.designing.folder import checked
from engine.designing.keeping import ACT
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.errors import NotFound, Problem, Refusal
from engine.trials.requests import TrialOpening
from engine.trials.running import Ran
from engine.trials.session import TrialEnded, TrialSession
from engine.words import Words, say
from storage import definitions as rows
from storage.furnishing import Rows, image, standing

AT_ONCE: Final = 4
"""Trials that run at once; the next waits."""
GIVEN_UP: Final = timedelta(minutes=2)
"""Whoever waits and has not looked for so long has gone."""
REMEMBERED: Final = timedelta(hours=12)
_IDLE, _REPLACED = say("很久没有操作。"), say("您又开始了另一次试运行。")
_CLOSED: Final = say("您结束了它。")


class TrialUnfit(Refusal):
    """A design that cannot be played: the checks find errors."""

    sentence = say("设计稿有{count}处错误，改正后才能试运行。第一处：{first}")

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(count=len(problems), first=problems[0])


@dataclass(slots=True)
class TrialPlace:
    """A trial of somebody, running, waiting or over. ``design``: its number, None for a published process."""

    token: str
    user_id: int
    design: int | None
    key: str
    files: Mapping[str, bytes]
    seen_at: datetime
    playing: TrialSession | None = None
    why: Words | None = None
    begun: str = ""  # the moment at which it begins
    ran: dict[str, Ran] = field(default_factory=dict)
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.why is not None


class Trials:
    """Begins trials and finds them again. Safe to share between threads."""

    def __init__(self, application: Application, idle: timedelta) -> None:
        """``idle``: after so long without an act a trial ends."""
        self._application, self._idle = application, idle
        self._turn, self._places = threading.Lock(), dict[str, TrialPlace]()
        self._image: tuple[Rows, str] | None = None

    def of_design(self, actor: Actor, number: int) -> str:
        """Begin a trial of a design as it stands; its token. Raises TrialUnfit, NotFound."""
        workshop = self._application.workshop
        problems = [one for one in workshop.checking.check(actor, number).problems if one.severity == "error"]
        if problems:
            raise TrialUnfit(problems)
        key, _, files = workshop.reading.files(actor, number)
        return self._begin(actor, number, key, files)

    def of_published(self, actor: Actor, key: str) -> str:
        """The same of the process in force. Raises NotFound."""
        require(actor, DESIGNS, ACT)
        with self._application.database.read() as connection:
            digest = None if key.startswith("_") else rows.current_digests(connection).get(key)
            stored = rows.get(connection, digest) if digest else None
        if stored is None:
            raise NotFound(what=say("这类事项"))
        return self._begin(actor, None, key, stored.files)

    def _begin(self, actor: Actor, design: int | None, key: str, files: Mapping[str, bytes]) -> str:
        place = TrialPlace(secrets.token_urlsafe(16), actor.user_id, design, key, files, self._now())
        with self._turn:
            for other in self._places.values():
                if other.user_id == actor.user_id:
                    _end(other, _REPLACED)
            self._places[place.token] = place
        return place.token

    def place(self, actor: Actor, token: str) -> tuple[TrialPlace, int]:
        """A trial of somebody, and how many wait before it (0: it runs, or is over). Begins it when there is room.

        Raises NotFound for one that is not his or is forgotten.
        """
        require(actor, DESIGNS, ACT)
        with self._turn:
            place = self._places.get(token)
            if place is None or place.user_id != actor.user_id:
                raise NotFound(what=say("这次试运行"))
            place.seen_at = self._now()
            self._tidy()
            queue = [one for one in self._places.values() if not one.over]
            before = queue.index(place) + 1 - AT_ONCE if not place.over else 0
        if before <= 0:
            with place.turn:
                if not place.over and place.playing is None:
                    self._open(place)
        return place, max(0, before)

    def playing(self, actor: Actor, token: str) -> TrialSession:
        """The running trial. Raises NotFound, and TrialEnded with why."""
        place, before = self.place(actor, token)
        if place.playing is None or place.over:
            raise TrialEnded(place.why or say("前面还有{many}个试运行。", many=before))
        return place.playing

    def close(self, actor: Actor, token: str) -> None:
        """End it."""
        with self._turn:
            place = self._places.get(token)
            if place is not None and place.user_id == actor.user_id:
                _end(place, _CLOSED)

    def opening(self, place: TrialPlace) -> TrialOpening:
        """What a trial of it begins with, at the moment at which it first did."""
        files = {name: b64encode(data).decode() for name, data in checked(place.files).items()}
        place.begun = place.begun or self._application.clock.now().astimezone(LEGAL_ZONE).isoformat(timespec="seconds")
        return {"image": self._furnished(), "key": place.key, "files": files, "now": place.begun}

    def end(self) -> None:
        """End all of them."""
        with self._turn:
            for place in self._places.values():
                _end(place, _CLOSED)

    def _open(self, place: TrialPlace) -> None:
        try:
            place.playing = TrialSession(self.opening(place))
        except Refusal as refused:
            place.why = refused.why if isinstance(refused, TrialEnded) else refused.words

    def _furnished(self) -> str:
        """What of the installation is nobody's secret, as a database; made again when something of it has changed."""
        with self._application.database.read() as connection:
            found = standing(connection)
        if self._image is None or self._image[0] != found:
            self._image = (found, b64encode(image(found)).decode())
        return self._image[1]

    def _tidy(self) -> None:
        now = self._now()
        for place in list(self._places.values()):
            silent = now - place.seen_at
            if place.playing is not None and place.playing.why is not None and not place.over:
                place.why = place.playing.why
            if not place.over and silent > (self._idle if place.playing is not None else GIVEN_UP):
                _end(place, _IDLE)
            if place.over and silent > REMEMBERED:
                del self._places[place.token]

    def _now(self) -> datetime:
        return self._application.machine.now()


def _end(place: TrialPlace, why: Words) -> None:
    if place.over:
        return
    place.why = why
    if place.playing is not None:
        place.playing.end(why)
