"""The real server, killed over and over while people use it, keeps every promise; and the harness sees one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash import served

HITS = 3


@pytest.fixture(scope="module")
def born() -> Iterator[served.Born]:
    with served.nursery() as made:
        yield made


@pytest.mark.slow
def test_a_server_killed_at_work_has_kept_all_that_it_answered_and_nothing_half(
    tmp_path: Path, born: served.Born
) -> None:
    house = served.build(tmp_path)
    found = served.run(house, HITS, born)
    house.application.database.close()
    assert found.broken == []
    assert found.hits == HITS and found.repeated and found.messages


@pytest.mark.slow
def test_a_server_that_does_not_keep_its_promises_is_found_out(tmp_path: Path, born: served.Born) -> None:
    house = served.build(tmp_path)
    found = served.run(house, HITS, born, flaws="answer-first file-after-row forget-key")
    house.application.database.close()
    assert found.broken != []
