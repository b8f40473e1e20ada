"""Killed at random, the system loses and doubles nothing; and the harness would see it if it did."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.crash import harness
from tests.crash.worker import act, note
from tests.postgres import Server

KILLS = 50  # on each database


@pytest.mark.slow
def test_processes_killed_at_random_lose_double_and_half_do_nothing(tmp_path: Path, server: Server | None) -> None:
    house = harness.build(tmp_path, server)
    found = harness.run(house, KILLS)
    house.application.database.close()
    assert found.broken == []
    assert found.kills == KILLS and found.acknowledged >= KILLS and found.fired
    assert set(found.refusals) <= harness.EXPECTED


@pytest.mark.slow
def test_without_its_guards_against_races_the_damage_is_found(tmp_path: Path, postgresql: Server) -> None:
    house = harness.build(tmp_path, postgresql)
    found = harness.run(house, 40, workers=4, without="lock compare-and-set key")
    house.application.database.close()
    assert found.broken != []


@pytest.mark.slow
def test_without_lock_and_compare_and_set_the_key_of_the_log_still_guards(tmp_path: Path, postgresql: Server) -> None:
    house = harness.build(tmp_path, postgresql)
    found = harness.run(house, 20, workers=4, without="lock compare-and-set")
    house.application.database.close()
    assert found.broken == []


def test_the_checker_sees_a_lost_act_and_a_changed_one(tmp_path: Path) -> None:
    house = harness.build(tmp_path)
    chance = random.Random(3)
    with (tmp_path / "notes.0").open("a", encoding="utf-8") as out:
        for _ in range(12):
            note(out, act(house, chance))
    assert harness.check(house).broken == []
    with (tmp_path / "notes.0").open("a", encoding="utf-8") as out:
        out.write('{"completed": [1, 99, "0.5"]}\n')
    with house.application.database.write() as connection:
        connection.execute(text("UPDATE tasks SET status = 'open'"))
    broken = harness.check(house).broken
    for word in ("lost", "status", "must be"):
        assert any(word in line for line in broken), word
    house.application.database.close()
