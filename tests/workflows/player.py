"""Plays a scenario file with the engine's own player, and then has every case of it rebuilt from its events.

Knows no process, element, decision or register by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from engine import errors
from engine.cases.reading.history import submissions_of
from engine.evidence import replay
from engine.trials import scenario as scenarios
from engine.trials.expecting import play_step
from engine.trials.player import Player
from engine.trials.shapes import Scenario
from storage import cases, events
from storage.database import Connection
from tests.workflows.world import World

MACHINE_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:")
"""A moment as machines write it, which people are not to read."""


def read(path: Path) -> Scenario:
    """A scenario of a file."""
    return scenarios.read(path.read_text(encoding="utf-8"))


def play(world: World, key: str, scenario: Scenario, before: Player | None = None) -> Player:
    """Play a scenario to its end; every case of it must then be rebuilt from its events without a difference.

    ``before``: who has played the one that it follows, whose installation ``world`` is a copy of.
    """
    if before is None:
        world.clock.time = datetime.fromisoformat(scenario["now"]).astimezone(UTC)
        player = Player(world, key, scenario)
    else:
        world.clock.time, world.people = before.stage.clock.time, dict(before.stage.people)
        player = before.followed(world, key, scenario)
    player.enter()
    for number, step in enumerate(scenario["step"], 1):
        try:
            play_step(player, number, step)
        except errors.Refusal as failure:
            details = failure.errors if isinstance(failure, errors.InvalidForm) else ""
            failure.add_note(f"at step {number}: {step['do']} {step.get('element', '')} {details}")
            raise
    with world.application.database.read() as connection:
        for case_id in player.cases:
            assert replay.differences(connection, world.application.catalog, case_id) == []
            assert [words for words in _read(world, connection, case_id) if MACHINE_TIME.search(words)] == []
    return player


def _read(world: World, connection: Connection, case_id: int) -> Iterator[str]:
    """The title and the summary of a case, and whatever was handed in, as people read it."""
    row = cases.get(connection, case_id)
    assert row is not None
    yield from filter(None, (row["title"], row["summary"]))
    definition = world.application.catalog.definition(connection, row["digest"])
    for handed in submissions_of(definition, events.of_case(connection, case_id)):
        for field in handed.fields("zh"):
            yield field.value
            yield from (cell for line in field.rows for cell in line)
