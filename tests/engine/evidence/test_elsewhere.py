"""A proof says the same wherever and whenever it is made: other zones, languages and hash seeds, later names and versions."""

from __future__ import annotations

import os
import sys

import pytest

from tests.console import PROGRAM, gangwei
from tests.engine.cases.test_as_issued import rename
from tests.engine.evidence.test_rebuild import APPROVAL
from tests.house import House, replaced
from tests.soak.elsewhere import PLACES, pythons, settings


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["TZ"])
def test_cases_are_rebuilt_equal_in_another_zone_language_and_order_of_hashes(
    house: House, place: dict[str, str]
) -> None:
    environment = settings(house.folder.data_dir) | place
    ended = gangwei(["case", "rebuild", "--all"], environment, program=PROGRAM)  # forked, it would keep our seed
    assert ended.code == 0 and ended.out.endswith("3 cases rebuilt, 0 differ\n"), ended.out + ended.errors


def test_cases_are_rebuilt_equal_after_a_renaming_and_a_newer_version(own: House) -> None:
    rename(own, "130102", "长安新区总工会")
    own.publish(replaced(APPROVAL, ("amount", "sum_of_it")))
    assert [own.proof(number) for number in ("1", "2", "3")] == [[], [], []]


def test_the_soak_knows_the_python_that_runs_it() -> None:
    assert os.path.realpath(sys.executable) in {os.path.realpath(one) for one in pythons().values()}
