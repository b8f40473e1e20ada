"""A house with the timers' workflows: on both databases, or on SQLite where the database makes no difference."""

from __future__ import annotations

import pytest

from tests.engine.jobs.sleepers import WORKFLOWS
from tests.house import build_house


@pytest.fixture
def house(tmp_path, server):
    made = build_house(tmp_path, WORKFLOWS, server=server)
    yield made
    made.application.database.close()


@pytest.fixture
def sqlite_house(tmp_path):
    made = build_house(tmp_path, WORKFLOWS)
    yield made
    made.application.database.close()
