"""A definition is played before it is published, behind the first person, too: what takes too long is found there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.definition import assemble
from engine.errors import DefinitionInvalid
from engine.publishing import playing
from engine.publishing.playing import play
from tests.engine.cases.slow import ENDLESS, slow_process
from tests.house import build_house


def definition(**more: Any) -> Any:
    files = {name.partition("/")[2]: text.encode() for name, text in slow_process(**more).items()}
    return assemble("slow", files, 0)


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"gateway": f'start.note = "1" and {ENDLESS}'}, "which"),
        ({"timer": f'if start.note = "1" then {ENDLESS} else false'}, "script"),
        ({"hide": f'if note = "1" then {ENDLESS} else false'}, "count("),
        ({"gateway": f"count(work.by.login) = 1 and {ENDLESS}"}, "which"),
    ],
)
def test_an_expression_behind_the_first_person_is_found(more: dict[str, str], place: str) -> None:
    (found,) = play(definition(**more))
    assert found.severity == "error" and place in str(found.text()), found
    assert found.text("en") and found.hint


def test_what_takes_too_long_only_for_want_of_data_is_a_warning() -> None:
    (found,) = play(definition(gateway=f'if start.note = "1" then false else {ENDLESS}'))
    assert found.severity == "warning" and "which" in found.text()


def test_what_comes_to_an_end_says_nothing() -> None:
    assert play(definition()) == ()
    assert play(definition(gateway="start.nothing.there > 3")) == ()


def test_a_play_ends_in_time_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "MOST_MOVES", 1)
    assert play(definition(gateway=f'start.note = "1" and {ENDLESS}')) == ()
    monkeypatch.setattr(playing, "MOST_MOVES", 300)
    monkeypatch.setattr(playing, "MOST_SECONDS", -1.0)
    assert play(definition(gateway=f'start.note = "1" and {ENDLESS}')) == ()


def test_publishing_refuses_it_by_name_and_what_asks_for_nothing_wherever_it_stands(tmp_path: Path) -> None:
    house = build_house(tmp_path)
    for files in (
        slow_process(gateway=f'start.note = "1" and {ENDLESS}'),
        slow_process(gateway=f'start.note = "never" and {ENDLESS}', timer=ENDLESS),
    ):
        with pytest.raises(DefinitionInvalid) as refused:
            house.publish(files)
        said = " ".join(problem.text("en") for problem in refused.value.problems)
        assert "1000000000" in said and "Simplify" in said
    house.publish(slow_process())
    house.application.database.close()
