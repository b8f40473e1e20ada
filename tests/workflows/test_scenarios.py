"""Every scenario under ``workflows/`` is played to its end; adding a file there adds a test here.

One that others follow is played once, for all of them.
"""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.workflows import player
from tests.workflows.world import WORKFLOWS, copied, found

SCENARIOS = {f"{path.parts[-3]}-{path.stem}": path for path in sorted(WORKFLOWS.glob("[!_]*/scenarios/*.toml"))}
READ = {name: player.read(path) for name, path in SCENARIOS.items()}
FOLLOWED = {scenario["follows"].replace("/", "-") for scenario in READ.values() if "follows" in scenario}


@cache
def founded(server):
    """An installation in which nothing has happened yet, to be copied."""
    world = found(Path(mkdtemp(prefix="gangwei-")), server=server)
    world.application.database.close()
    return world


@cache
def followed(server, name):
    """Who has played a scenario that others follow; its installation is to be copied."""
    return played(server, name, Path(mkdtemp(prefix="gangwei-")))


def played(server, name, folder):
    """A scenario played to its end in a folder, after the one that it follows."""
    before = READ[name].get("follows", "").replace("/", "-")
    first = followed(server, before) if before else None
    world = copied(first.stage if first else founded(server), folder, server)
    left = player.play(world, SCENARIOS[name].parts[-3], READ[name], first)
    world.application.database.close()
    return left


@pytest.mark.scenario
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_scenario_plays_to_its_end(name, server, tmp_path):
    if name in FOLLOWED:
        followed(server, name)
    else:
        played(server, name, tmp_path)
