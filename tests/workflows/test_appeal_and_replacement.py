"""What a result has started is held while it is disputed, and freed or cancelled by the answer."""

import json
import shutil
from pathlib import Path

import pytest

from tests.workflows import player
from tests.workflows.world import WORKFLOWS, found

WAITING = Path(__file__).resolve().parents[1] / "data" / "waiting_replacement"


def let_write(register, process):
    """Name the process among those that write the register, of whatever organisation."""
    schema = json.loads(register.read_text("utf-8"))
    schema["gangwei"]["writers"][process] = "any"
    register.write_text(json.dumps(schema), "utf-8")


@pytest.mark.scenario
@pytest.mark.parametrize("path", sorted(WAITING.glob("scenarios/*.toml")), ids=lambda path: path.stem)
def test_a_replacement_waits_for_the_answer(path, tmp_path):
    folder = tmp_path / "workflows"
    shutil.copytree(WORKFLOWS, folder)
    shutil.copytree(WAITING, folder / WAITING.name)
    let_write(folder / "_registers" / "evaluation.schema.json", WAITING.name)
    world = found(tmp_path / "data", folder)
    player.play(world, WAITING.name, player.read(path))
    world.application.database.close()
