"""The walks of the soak would see a process that goes elsewhere, a state that is read otherwise, and a lost event."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.engine.runtime import models
from tests.house import build_house
from tests.soak import walks


def broken(folder: Path, tries: int = 8) -> str:
    house = build_house(folder, walks.APPROVAL)
    found = [line for number in range(tries) for line in walks.walk(house, Random(number))]
    house.application.database.close()
    return "\n".join(found)


def test_walks_of_sound_processes_are_proved(tmp_path: Path) -> None:
    assert broken(tmp_path) == ""


def test_a_process_that_opens_something_else_is_seen(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(models, "open_now", lambda left: {"another"})
    assert "must be" in broken(tmp_path)


def test_a_state_that_is_read_otherwise_is_seen(tmp_path: Path, monkeypatch: Any) -> None:
    again = walks._again
    monkeypatch.setattr(walks, "_again", lambda made, state: again(made, state.replace(b'"n":', b'"n":1')))
    assert "state not the same" in broken(tmp_path)


def test_a_state_that_its_events_do_not_give_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "STEPS", 0)
    house = build_house(tmp_path, walks.APPROVAL)
    proof = type(house).proof

    def touched(self: Any, case_id: str) -> list[str]:
        with self.application.database.write() as connection:
            connection.exec_driver_sql("UPDATE cases SET state = X'00'")
        return proof(self, case_id)

    monkeypatch.setattr(type(house), "proof", touched)
    assert "state differs" in "\n".join(walks.walk(house, Random(1)))
    house.application.database.close()
