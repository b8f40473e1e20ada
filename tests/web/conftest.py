"""One hostile world for all the tests of hostile requests, and the look at the log after each of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.hostile import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: Any) -> Iterator[World]:
    """A running house with cases, a file and a record in it; what a test sends must not change their state."""
    made = World(tmp_path_factory.mktemp("hostile"))
    yield made
    made.house.application.database.close()


@pytest.fixture
def nothing_crashes(caplog: Any) -> Iterator[None]:
    """Whatever was asked, the log tells of no crash."""
    caplog.set_level(logging.ERROR)
    yield
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR], caplog.text
