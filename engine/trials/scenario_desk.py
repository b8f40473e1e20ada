"""The scenarios of designs that are tried: found in a design, run one at a time on this server, saved from a walk."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Mapping

from engine.application import Application
from engine.directory.actors import Actor
from engine.errors import BadInput, NotFound
from engine.trials.running import Ran, ran, saved, scenarios_in
from engine.trials.session import TrialSession
from engine.trials.trials import Trials
from engine.words import say


class ScenarioDesk:
    """Each act is of somebody, on a trial of his: NotFound for any other. Safe to share between threads."""

    def __init__(self, application: Application, trials: Trials) -> None:
        self._application, self._trials = application, trials
        self._running = threading.Lock()

    def of(self, actor: Actor, token: str) -> dict[str, str]:
        """Those of the design as it stands now, by name; a published process keeps none."""
        place, _ = self._trials.place(actor, token)
        if place.design is None:
            return {}
        return scenarios_in(self._application.workshop.reading.files(actor, place.design)[2])

    def run(self, actor: Actor, token: str, name: str) -> Ran:
        """Play one; how it went, which is kept with the trial."""
        scenarios = self.of(actor, token)
        if name not in scenarios:
            raise NotFound(what=say("这个情景"))
        place, _ = self._trials.place(actor, token)
        with self._running:
            found = ran(lambda: TrialSession(self._trials.opening(place)), place.key, scenarios, name)
        place.ran[name] = found
        return found

    def save(self, actor: Actor, token: str, name: str, title: str, chosen: Mapping[int, Iterable[str]]) -> str:
        """Keep the walk in the design as a scenario; the name of the file. Raises BadInput, HeldByAnother."""
        session, (place, _) = self._trials.playing(actor, token), self._trials.place(actor, token)
        if place.design is None:
            raise BadInput(field=say("情景"), reason=say("情景存在设计稿里：请先复制成设计稿再试运行"))
        file, content = saved(session, name, title, place.begun, chosen)
        editing, own = self._application.workshop.editing, secrets.token_hex(8)
        opened = editing.edit(actor, place.design, own)
        try:
            editing.save(actor, place.design, (opened.revision, own), {file: content})
        finally:
            editing.leave(actor, place.design, own)
        return file
