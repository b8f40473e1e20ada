"""Random acts of many people on one task agree with a model written from the rules, and what is forgotten is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.cases import involving
from engine.cases.acting import answering, steps
from engine.cases.receiving import Receiving
from storage import involvements
from tests.house import House, build_house
from tests.soak.verbs import FOLDER, away, walk

WALKS, STEPS = 3, 12  # thousands in make soak PART=verbs


@pytest.fixture(scope="module")
def house(tmp_path_factory: Any) -> Iterator[House]:
    made = build_house(Path(tmp_path_factory.mktemp("verbs")), FOLDER)
    away(made)
    yield made
    made.application.database.close()


def test_every_act_is_allowed_and_ends_as_the_rules_say(house: House) -> None:
    done = 0
    for number in range(WALKS):
        wrong, told = walk(house, Random(f"v {number}"), STEPS)
        assert wrong == [], f"walk {number}"
        done += sum(told.values())
    assert done == WALKS * STEPS


@pytest.mark.parametrize(
    ("place", "name", "instead", "seed", "said"),
    [
        (steps, "must_sign", lambda rows: False, "f 27", "the model says open"),
        (answering, "_owner", lambda turn: None, "f 0", "has it"),
        (involving, "_in_turn", lambda rows: rows, "f 0", "lacks it"),
        (involvements, "lapse", lambda *_: None, "f 4", "the people of its tasks differ"),
        # of a substitute: whose the task is again, who has acted by him, whom he may not choose
        (answering, "in_right", lambda event: ([event["actor_id"], ""], {event["actor_id"]}), "f 0", "has it"),
        (steps, "acted_for", lambda place: {}, "f 12", "must stand aside"),
        (Receiving, "_themselves", lambda self: {self.actor.user_id}, "f 3", "allowed False, done True"),
    ],
)
def test_what_is_forgotten_is_seen(
    house: House, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, instead: Any, seed: str, said: str
) -> None:
    monkeypatch.setattr(place, name, instead)
    wrong, _ = walk(house, Random(seed), STEPS)
    assert said in "\n".join(wrong)
