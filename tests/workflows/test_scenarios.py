"""Every scenario under ``workflows/`` is played to its end; adding a file there adds a test here."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.workflows import player
from tests.workflows.world import WORKFLOWS, copied, found

SCENARIOS = sorted(WORKFLOWS.glob("[!_]*/scenarios/*.toml"))


@cache
def founded(server):
    """An installation in which nothing has happened yet, to be copied."""
    world = found(Path(mkdtemp(prefix="gangwei-")), server=server)
    world.application.database.close()
    return world


@pytest.mark.scenario
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_the_scenario_plays_to_its_end(path, server, tmp_path):
    world = copied(founded(server), tmp_path, server)
    player.play(world, path.parts[-3], player.read(path))
    world.application.database.close()
