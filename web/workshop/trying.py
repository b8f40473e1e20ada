"""The trials of this server, as the pages find them. Knows no page."""

from __future__ import annotations

from flask import Flask, current_app

from engine.trials.scenario_desk import ScenarioDesk
from engine.trials.session import TrialSession
from engine.trials.trials import Trials
from web.common.context import actor, application_of
from web.common.extensions import Extension

_TRIALS = Extension[Trials]("gangwei.trials")
_SCENARIOS = Extension[ScenarioDesk]("gangwei.scenarios")


def init_trials(app: Flask) -> None:
    """None run yet."""
    application = application_of(app)
    _SCENARIOS.put(app, ScenarioDesk(application, _TRIALS.put(app, Trials(application, app.config["TRIAL_IDLE"]))))


def trials() -> Trials:
    """All of them."""
    return _TRIALS.of(current_app)


def scenarios() -> ScenarioDesk:
    """What is done with their scenarios."""
    return _SCENARIOS.of(current_app)


def session_of(token: str) -> TrialSession:
    """That of whoever asks. Raises NotFound, TrialEnded."""
    return trials().playing(actor(), token)
