"""Writers of one process take turns in the order in which they came, and nobody waits forever."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from storage.database import Database
from storage.turns import TooLong, Turns, turns_at


def test_who_came_first_writes_first() -> None:
    turns, order = Turns(), []
    came = [threading.Event() for _ in range(5)]

    def write(number: int) -> None:
        came[number].set()
        with turns.turn(60):
            order.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    with turns.turn(60):
        for number, one in enumerate(threads):
            one.start()
            assert came[number].wait(60)
            while len(turns.waiting) <= number:
                pass
    for one in threads:
        one.join(60)
    assert order == [0, 1, 2, 3, 4]


def test_who_waits_too_long_is_told_and_keeps_no_place() -> None:
    turns = Turns()
    with turns.turn(60), pytest.raises(TooLong, match="locked"), turns.turn(0.01):
        pass
    assert not turns.waiting
    with turns.turn(0.01):
        pass


def test_a_turn_ends_with_whatever_went_wrong_in_it() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="wrong"), turns.turn(60):
        raise ValueError("wrong")
    with turns.turn(0.01):
        pass


def test_two_that_open_one_file_share_its_turns(tmp_path: Path) -> None:
    first, second = (Database(f"sqlite:///{tmp_path / 'one.db'}") for _ in range(2))
    turns, wrote = turns_at(str(tmp_path / "one.db")), []

    def write() -> None:
        with second.write():
            wrote.append("second")

    thread = threading.Thread(target=write)
    with first.write():
        thread.start()
        while not turns.waiting:
            pass
        wrote.append("first")
    thread.join(60)
    assert wrote == ["first", "second"]
    first.close()
    second.close()
