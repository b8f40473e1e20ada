"""The process of one trial: the whole application over a database in memory, asked by lines of JSON.

It knows no settings, no environment and no file of the installation; what it writes is gone with it. Each request has
its own limits, beyond which the process ends, and with it this trial alone.
"""

from __future__ import annotations

import sys
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from engine.application import Application, open_application
from engine.definition import assemble, digest_of
from engine.desks.playback_views import Position
from engine.errors import InvalidForm, Refusal
from engine.feel import step as one_step
from engine.files.apart import MEGABYTE, Limits, answer, limit, ready
from engine.files.store import MemoryFiles
from engine.publishing import timed_starts
from engine.publishing.playing import example
from engine.trials import requests
from engine.trials.expecting import play_step
from engine.trials.looking import Looking
from engine.trials.offering import coverable, covered, starters
from engine.trials.player import Player
from engine.trials.requests import Request, TrialAnswer, TrialOpening
from engine.trials.scenario import read as read_scenario
from engine.trials.stage import CHEAP, Invented, MovedClock
from engine.trials.told import told
from engine.trials.views import Reached, TrialOffer, TrialState, WrittenWalk
from engine.trials.walking import TrialWalk
from engine.views import Checked, StartView, TaskView
from engine.words import both
from storage import definitions as rows
from storage import exact
from storage.furnishing import memory

SECONDS: Final = 2
"""Of the processor, for one request."""
MEMORY: Final = 512 * MEGABYTE
PATIENCE: Final = 20
"""Seconds in all after which an answer is no longer waited for, however busy the machine."""
TO_OPEN: Final = Limits(10, MEMORY, 60)
EACH: Final = Limits(SECONDS, MEMORY, PATIENCE)


@dataclass(frozen=True, slots=True)
class _Place:
    """What an application needs to know; there is no such folder, and nothing is written to it."""

    data_dir: Path = Path("/nonexistent")
    database_url: str = ""
    production: bool = False


class Trial:
    """One trial. Each act is a method; what it returns is told."""

    def __init__(self, asked: TrialOpening, stack: ExitStack) -> None:
        """``asked``: the image, key and files of the definition, the moment at which it begins."""
        database, keeper = stack.enter_context(memory(b64decode(asked["image"])))
        clock = MovedClock(datetime.fromisoformat(asked["now"]).astimezone(UTC))
        self.key, self.files = asked["key"], {name: b64decode(one) for name, one in asked["files"].items()}
        opened = open_application(_Place(), clock, entrance=CHEAP, database=database, files=MemoryFiles())
        self._enter(opened, clock)
        self.stage = Invented(opened, clock)
        self.player = Player(self.stage, self.key, {"organisation": "", "step": []})
        self.walk = TrialWalk(self.stage, self.player, keeper)
        self.looking = Looking(self.walk, self.key)

    def _enter(self, opened: Application, clock: MovedClock) -> None:
        digest = digest_of(self.key, self.files)
        made = assemble(self.key, self.files, 0)
        with opened.database.write() as connection:
            rows.publish(connection, self.key, digest, made.process.name, self.files, clock.now(), None)
            timed_starts.keep(connection, self.key, made if timed_starts.has_any(self.files) else None, clock.now())

    @property
    def application(self) -> Application:
        """That in which all of it happens."""
        return self.stage.application

    def offer(self, asked: requests.Look) -> TrialOffer:
        """What there is to begin with."""
        with self.application.database.read() as connection:
            definition = self.application.catalog.current(connection, self.key)
            roles, places = starters(connection, definition)
        xml = definition.xml.decode("utf-8", "replace")
        return TrialOffer(self.key, definition.process.name, xml, roles, places, coverable(definition, self.files))

    def state(self, asked: requests.Look) -> TrialState:
        """How it stands."""
        return self.looking.state()

    def step(self, asked: requests.TakeStep) -> TrialState:
        """A step of the walk; then how it stands."""
        step = asked["step"]
        if step["do"] == "start" and not self.player.cases:
            self.player.scenario = {**self.player.scenario, "organisation": step["organisation"]}
        self.walk.take(step)
        return self.looking.state()

    def clock(self, asked: requests.LetPass) -> TrialState:
        """Let time pass; then how it stands."""
        self.walk.let_pass(asked["how"])
        return self.looking.state()

    def back(self, asked: requests.GoBack) -> TrialState:
        """Back to how it stood after a step."""
        self.walk.back(asked["to"])
        return self.looking.state()

    def choose(self, asked: requests.ChooseCase) -> TrialState:
        """Another case becomes the current one; the next step says so."""
        self.walk.choose(asked["place"])
        return self.looking.state()

    def position(self, asked: requests.SeeEvent) -> Position:
        """A case right after one of its events."""
        return self.looking.position(int(asked["case"]), asked["seq"])

    def task(self, asked: requests.SeeTask) -> TaskView:
        """A task as somebody sees it."""
        return self.application.cases.reading.task(self.stage.actor(asked["actor"]), asked["task"])

    def check(self, asked: requests.CheckTask) -> Checked:
        """What follows from the form of a task as it stands."""
        return self.application.cases.reading.check(self.stage.actor(asked["actor"]), asked["task"], asked["data"])

    def called(self, asked: requests.NameOf) -> str:
        """The name of somebody."""
        return self.stage.actor(asked["actor"]).name

    def example(self, asked: requests.MadeUp) -> Mapping[str, object]:
        """Made-up values for the form of an element; none: of the start."""
        with self.application.database.read() as connection:
            definition = self.application.catalog.current(connection, self.key)
        start = definition.process.start
        element = asked["element"] or (start.id if start is not None else "")
        form = definition.form_of(element) if element in definition.elements else None
        return example(form.fields) if form is not None else {}

    def start_form(self, asked: requests.SeeStart) -> StartView:
        """The form with which a case begins."""
        door, actor = self.application.cases.reading, self.stage.actor(asked["actor"])
        return door.start_form(actor, asked["process"], asked["organisation"])

    def check_start(self, asked: requests.CheckStart) -> Checked:
        """What follows from it as it stands."""
        door, actor = self.application.cases.reading, self.stage.actor(asked["actor"])
        return door.check_start(actor, asked["process"], asked["organisation"], asked["data"])

    def attach(self, asked: requests.AttachFile) -> str:
        """A file of that name; its digest. What is in it is none of a trial's business."""
        return self.walk.attached(asked["actor"], asked["name"])

    def walked(self, asked: requests.Look) -> WrittenWalk:
        """The steps as a scenario says them, and who was there before."""
        people = [names for names in self.stage.people if not names.endswith("#2")]
        organisation = self.player.scenario["organisation"]
        return WrittenWalk(self.walk.steps, self.walk.seen, organisation, people)

    def covered(self, asked: requests.Look) -> Reached:
        """What has been reached so far."""
        return covered(self.player, self.key)

    def scenario(self, asked: requests.BeginScenario) -> int:
        """Begin to play a written scenario, after the one that it follows if there is one; how many steps it has."""
        scenario = read_scenario(asked["text"])
        if "follows" in scenario:
            self.player = self.player.followed(self.stage, self.key, scenario)
        else:
            self.stage.clock.time = datetime.fromisoformat(scenario["now"]).astimezone(UTC)
            self.player = Player(self.stage, self.key, scenario)
        self.player.enter()
        return len(scenario["step"])

    def play(self, asked: requests.PlayStep) -> None:
        """The next step of it, compared with what it expects. Raises Differs."""
        number = asked["number"]
        play_step(self.player, number, self.player.scenario["step"][number - 1])


ACTS: Final[dict[str, Callable[[Trial, Any], object]]] = {
    one.__name__: one
    for one in (
        Trial.offer, Trial.state, Trial.step, Trial.clock, Trial.back, Trial.choose, Trial.position, Trial.task,
        Trial.check, Trial.called, Trial.example,
        Trial.start_form, Trial.check_start, Trial.attach, Trial.walked, Trial.covered, Trial.scenario,
        Trial.play,
    )
}  # fmt: skip


def answered(trial: Trial, line: bytes) -> bytes:
    """One request: what it gives, or what refused it, in both languages."""
    asked: Request = exact.loads(line)
    try:
        with one_step():
            return exact.dumps({"told": told(ACTS[asked["act"]](trial, asked))})
    except Refusal as refused:
        return _refused(refused)
    except MemoryError:
        raise
    except Exception as error:  # whatever a draft brings about: the trial goes on, and says so
        return exact.dumps({"failed": f"{type(error).__name__}: {error}"[:400]})


def _refused(refused: Refusal) -> bytes:
    errors = {path: both(said) for path, said in refused.errors.items()} if isinstance(refused, InvalidForm) else {}
    said: TrialAnswer = {"refused": both(refused.words), "code": refused.code, "errors": errors}
    return exact.dumps(said)


def main() -> None:
    """Open the trial that the first line describes, then answer the others."""
    ready()
    limit(TO_OPEN)
    with ExitStack() as stack:
        try:
            opening: TrialOpening = exact.loads(sys.stdin.buffer.readline())
            trial = Trial(opening, stack)
        except Refusal as refused:
            said = _refused(refused)
        else:
            said = exact.dumps({"told": None})
        sys.stdout.buffer.write(said + b"\n")
        sys.stdout.buffer.flush()
        answer(lambda line: answered(trial, line), EACH)
