"""Samples of registers: drawn again alike from the seed, by strata, and never more than there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from engine.directory import organisations
from engine.errors import BadInput
from engine.operations.registry import ask
from engine.operations.samples import shared
from storage import records as record_rows
from storage.tables import records
from tests.engine.operations.test_writing import FOLDER, OFFICER, PLACE, READER
from tests.house import House, build_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Twenty-one readers: the first, and of the others 15 called 甲 and 5 called 乙."""
    made = build_house(Path(tmp_path_factory.mktemp("samples")), FOLDER)
    made.start(OFFICER, "enrol", PLACE, READER)
    with made.application.database.write() as connection:
        (row,) = record_rows.in_force(connection, "reader")
        for index in range(20):
            data = {**row["data"], "called": "乙" if index % 4 == 3 else "甲"}
            connection.execute(insert(records), {**row, "number": f"DZ1{index:02}", "data": data})
    yield made
    made.application.database.close()


def drawn(house: House, size: Any, *, reading: bool = False, **more: Any) -> Any:
    asked = {"register": "reader", "organisation": PLACE, "size": size, **more}
    with house.application.database.read() as connection:
        place = organisations.get(connection, PLACE)
        scene = house.application.cases.parts.scene(connection, place, 1, house.clock.now())
        return ask(scene, "sample.draw", asked, reading=reading)


def numbers(found: Any) -> list[str]:
    return [one["number"] for one in found["drawn"]]


def test_the_same_seed_draws_the_same_and_what_it_draws_can_be_worked_out_by_hand(house: House) -> None:
    found = drawn(house, 4, seed="abc")
    assert found == drawn(house, 4, seed="abc")
    assert (found["seed"], found["of"], len(found["drawn"])) == ("abc", 21, 4)
    every = numbers(drawn(house, 21, seed="abc"))
    by_hand = sorted(every, key=lambda number: sha256(f"abc\n{number}".encode()).hexdigest())[:4]
    assert numbers(found) == sorted(by_hand)
    assert {tuple(numbers(drawn(house, 4, seed=str(seed)))) for seed in range(5)} != {tuple(numbers(found))}


def test_a_seed_that_nobody_gave_is_new_each_time_and_told(house: House) -> None:
    first, second = drawn(house, 4), drawn(house, 4)
    assert first["seed"] != second["seed"]
    assert drawn(house, 4, seed=first["seed"]) == first


def test_each_stratum_has_its_share_and_only_what_is_asked_for_is_drawn_from(house: House) -> None:
    found = drawn(house, 4, by="called", seed="abc")
    kinds = Counter(one["called"] for one in found["drawn"])
    assert kinds == {"甲": 3, "乙": 1}  # of 15, 5 and 1: 2.86, 0.95 and 0.19
    some = drawn(house, 9, equals={"called": "乙"}, seed="abc")
    assert (some["of"], len(some["drawn"])) == (5, 5)  # never more than there is


@pytest.mark.parametrize("size", [0, -1, 1.5])
def test_a_size_that_is_none_is_refused(house: House, size: Any) -> None:
    with pytest.raises(BadInput):
        drawn(house, size)


def test_no_form_draws_for_each_look_would_draw_another_one(house: House) -> None:
    with pytest.raises(BadInput):
        drawn(house, 4, reading=True)


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 50), min_size=1, max_size=6), st.integers(0, 300))
def test_shares_add_up_and_are_off_by_less_than_one(strata: dict[str, int], size: int) -> None:
    total = sum(strata.values())
    asked = min(size, total)
    shares = shared(asked, strata)
    assert sum(shares.values()) == asked
    assert all(abs(shares[name] * total - asked * count) < total for name, count in strata.items())
    assert all(shares[name] <= count for name, count in strata.items())
