"""The version under which a case runs reaches everything that decides in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine import semantics
from engine.feel import Environment
from engine.feel.environment import worked_out
from engine.runtime.run import Run
from tests.engine.runtime.test_guards import ask, definition, process

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("version", range(semantics.FIRST, semantics.CURRENT + 1))
def test_a_run_and_its_feel_know_their_version(version: int) -> None:
    run = Run(definition(process("")), NOW, ask, version, 1.0)
    assert (run.semantics, run.environment.semantics) == (version, version)


def test_an_environment_is_of_today_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Environment(NOW).semantics == semantics.CURRENT
    monkeypatch.setattr(semantics, "CURRENT", semantics.FIRST)
    assert Environment(NOW).semantics == semantics.FIRST


def test_nothing_is_worked_out_in_advance_that_versions_see_differently() -> None:
    def changed(environment: Environment) -> Any:
        return environment.semantics

    assert worked_out(changed) is None
    assert worked_out(lambda environment: "the same") == "the same"
