"""Every scenario under ``workflows/`` is played to its end; adding a file there adds a test here."""

import pytest

from tests.workflows import player
from tests.workflows.world import WORKFLOWS, copied, found

SCENARIOS = sorted(WORKFLOWS.glob("[!_]*/scenarios/*.toml"))


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """An installation in which nothing has happened yet, to be copied."""
    folder = tmp_path_factory.mktemp("founded")
    found(folder).service.database.engine.dispose()
    return folder


@pytest.mark.scenario
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_the_scenario_plays_to_its_end(path, founded, tmp_path):
    player.play(copied(founded, tmp_path), path.parts[-3], player.read(path))
