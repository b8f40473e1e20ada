"""What the diagram forbids at a step is refused when somebody asks for it, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import NotAllowed
from tests.engine.cases.test_verbs import COUNTY, FOLDER, A, B, begun, complete, involve, proved, take_back
from tests.house import House, build_house, replaced

OTHER = (
    '<gw:verb name="forward" to="role"/>',
    '<gw:verb name="sign" to="anyone" most="4"/>',
    '<gw:verb name="delegate" to="anyone"/>',
    '<gw:verb name="urge" perDay="1"/>',
)
"""What the diagram says of the step's verbs otherwise."""


def copied(house: House, task: str) -> None:
    house.application.cases.verbs.copy(house.actor(A), task, [house.actor(B).user_id], "供参考")


def taken_back(house: House, task: str) -> None:
    complete(house, A, task)
    take_back(house, A, task)


ACTS: dict[str, Callable[[House, str], object]] = {
    "forward": lambda house, task: involve(house, A, task, "forward", B),
    "delegate": lambda house, task: involve(house, A, task, "delegate", B),
    "sign": lambda house, task: involve(house, A, task, "before", B),
    "ask": lambda house, task: involve(house, A, task, "ask", B),
    "copy": copied,
    "urge": lambda house, task: house.application.cases.verbs.urge(house.actor(COUNTY), task, "请快一点"),
    "takeBack": taken_back,
}


@pytest.fixture(params=ACTS)
def forbidden(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[House, str]]:
    """A house whose review forbids one verb, and its name."""
    said = f'<gw:verb name="{request.param}" allowed="false"/>'
    house = build_house(tmp_path, FOLDER)
    house.publish(replaced(FOLDER, (OTHER[0], said), *((one, "") for one in OTHER[1:])))
    yield house, request.param
    house.application.database.close()


def test_a_verb_that_the_step_forbids_is_refused_and_the_others_are_not(forbidden: tuple[House, str]) -> None:
    house, name = forbidden
    for verb, act in ACTS.items():
        task = begun(house)
        if verb == name:
            with pytest.raises(NotAllowed, match="this step does not allow it"):
                act(house, task)
        else:
            act(house, task)
        proved(house, task)
