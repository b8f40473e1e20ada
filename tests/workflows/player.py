"""Plays a scenario file with the engine's own player, and then has every case of it rebuilt from its events.

Knows no process, element, decision or register by name.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine import errors
from engine.evidence import replay
from engine.trials import scenario as scenarios
from engine.trials.expecting import play_step
from engine.trials.player import Player
from engine.trials.shapes import Scenario
from tests.workflows.world import World


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
    return player
