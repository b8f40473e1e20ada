from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.notifying.correspondent import Correspondent
from tests.outside import Post


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def office(tmp_path: Path, post: Post) -> Iterator[Correspondent]:
    made = Correspondent(tmp_path, post)
    yield made
    made.close()
