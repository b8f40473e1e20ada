"""A person and a timer at the same moment: exactly one of them comes, the other one is told, nothing is half done."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from engine.errors import Conflict, TaskNotOpen
from storage.events import of_case
from tests.engine.jobs.sleepers import PERSON, WORKFLOWS, put_to_sleep
from tests.house import House, build_house

MOVES = {"task_completed", "timer_fired"}


def race(house: House, times: int) -> Counter[str]:
    """Race so often, a case each; who won how often."""
    now, chance = house.clock.now(), Random(3)
    asleep = put_to_sleep(house, "late", [now + timedelta(minutes=number + 1) for number in range(times)])
    number = house.task_of(PERSON, str(asleep[0])).partition("-")[2]  # the same in every copy
    gate = threading.Barrier(2)
    told: list[str] = []
    person = house.actor_once(PERSON)
    pauses = [chance.uniform(0, 0.001) for _ in asleep]
    pause = threading.Event()

    def complete() -> None:
        for case_id, seconds in zip(asleep, pauses, strict=True):
            gate.wait()
            pause.wait(seconds)
            try:
                house.application.cases.acting.complete(person, f"{case_id}-{number}", {}, "done")
                told.append("done")
            except (TaskNotOpen, Conflict) as lost:
                told.append(lost.message("zh"))
            gate.wait()

    other = threading.Thread(target=complete)
    other.start()
    for _ in asleep:
        house.clock.move(minutes=1)
        gate.wait()
        house.application.worker.run_due()
        gate.wait()
    other.join()
    house.application.worker.run_due()  # a timer that left its case to the person finds that it is over
    assert not [line for case_id in chance.sample(asleep, 10) for line in house.proof(str(case_id))]
    return Counter(judge(house, case_id, words) for case_id, words in zip(asleep, told, strict=True))


def judge(house: House, case_id: int, told: str) -> str:
    """Who won this race. Raises AssertionError unless it was exactly one, and the other one knows."""
    with house.application.database.read() as connection:
        log = of_case(connection, case_id)
    (move,) = [event["name"] for event in log if event["name"] in MOVES]
    expected = "done" if move == "task_completed" else "到时而撤销"
    assert expected in told, (case_id, move, told)
    return str(move)


@pytest.mark.parametrize("times", [100, pytest.param(1_000, marks=pytest.mark.slow)])
def test_of_a_person_and_a_timer_exactly_one_wins_and_the_other_is_told(tmp_path: Any, server: Any, times: int) -> None:
    house = build_house(tmp_path, WORKFLOWS, server=server)
    won = race(house, times)
    assert sum(won.values()) == times
    assert set(won) == MOVES, "no race at all"
    house.application.database.close()
