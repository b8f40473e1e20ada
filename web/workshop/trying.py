"""The trials of this server, as the pages find them. Knows no page."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from engine.trials.session import TrialSession
from engine.trials.trials import Trials
from web.common.context import actor, application_of

_KEY = "gangwei.trials"


def init_trials(app: Flask) -> None:
    """None run yet."""
    app.extensions[_KEY] = Trials(application_of(app))


def trials() -> Trials:
    """All of them."""
    return cast(Trials, current_app.extensions[_KEY])


def session_of(token: str) -> TrialSession:
    """That of whoever asks. Raises NotFound, TrialEnded."""
    return trials().playing(actor(), token)
