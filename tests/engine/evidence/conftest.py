"""One anchored house for all tests of the proof, and copies of it that may be changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.evidence import anchored_house
from tests.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = anchored_house.furnished(tmp_path_factory.mktemp("anchored") / "house")
    yield made
    made.application.database.close()


@pytest.fixture
def own(house: House, tmp_path: Path) -> Iterator[House]:
    """A copy of the house, whose files may be changed."""
    copied = anchored_house.copy_of(house, tmp_path / "own")
    yield copied
    copied.application.database.close()
