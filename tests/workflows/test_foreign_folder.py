"""A folder that the program has never heard of runs when it is dropped in: nothing but its own files is needed."""

import shutil
from pathlib import Path

import pytest

from tests.workflows import player
from tests.workflows.world import found

FOREIGN = Path(__file__).resolve().parents[1] / "data" / "foreign" / "room_booking"


@pytest.mark.scenario
def test_a_foreign_folder_is_published_and_played_to_its_end(tmp_path):
    dropped = tmp_path / "workflows" / FOREIGN.name
    shutil.copytree(FOREIGN, dropped)
    world = found(tmp_path / "data", dropped.parent)
    player.play(world, dropped.name, player.read(dropped / "scenarios" / "large_meeting.toml"))
