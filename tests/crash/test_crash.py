"""Killed at random, the system loses and doubles nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.crash import harness
from tests.crash.worker import act, note
from tests.house import build_house

APPROVAL = Path(__file__).resolve().parents[1] / "benchmarks" / "workflows"
KILLS = 10


@pytest.mark.slow
def test_processes_killed_at_random_lose_double_and_half_do_nothing(tmp_path: Path) -> None:
    house = build_house(tmp_path, APPROVAL)
    found = harness.run(house, KILLS)
    assert found.broken == []
    assert found.kills == KILLS and found.acknowledged > KILLS
    assert set(found.refusals) <= {"TaskNotOpen", "Conflict"}


def test_the_checker_sees_a_lost_act_and_a_changed_one(tmp_path: Path) -> None:
    house = build_house(tmp_path, APPROVAL)
    chance = random.Random(3)
    with (tmp_path / "notes.0").open("a", encoding="utf-8") as out:
        for _ in range(12):
            note(out, act(house, chance))
    assert harness.check(house).broken == []
    with (tmp_path / "notes.0").open("a", encoding="utf-8") as out:
        out.write('{"completed": [1, 99, "0.5"]}\n')
    with house.service.database.write() as connection:
        connection.execute(text("UPDATE tasks SET status = 'open'"))
    broken = harness.check(house).broken
    assert any("lost" in line for line in broken) and any("status" in line for line in broken)
