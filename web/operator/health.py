"""For machines that watch: ``/healthz`` (the program lives) and ``/readyz`` (it can work). Knows no page."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, current_app, jsonify

from engine import __version__
from engine.application import SET_BACK
from engine.database import BUSY
from web.common.assets import ASSETS
from web.common.context import application

logger = logging.getLogger(__name__)
pages = Blueprint("health_pages", __name__)


@pages.get("/healthz")
def healthy() -> Response:
    """The process answers, by its version; it asks nothing of anybody."""
    return jsonify(status="ok", version=__version__)


@pages.get("/readyz")
def ready() -> tuple[Response, int]:
    """The database answers and fits this program, everything can be written, and the bundle is built.

    Each check by name; 503 when one fails. That somebody else writes for long passes by and fails none; nor does
    a clock that was set back, for no act goes by it.
    """
    assets = ASSETS.of(current_app)
    checks = {**_database(), **application().standing(), "frontend": "missing" if assets.missing() else "ok"}
    fine = all(state in ("ok", BUSY, SET_BACK) for state in checks.values())
    return jsonify(status="ok" if fine else "unavailable", checks=checks), 200 if fine else 503


def _database() -> dict[str, str]:
    """Why it fails goes to the log, not to whoever asks: an error may name hosts and paths."""
    try:
        at_head = application().ready()
    except ConnectionError:  # the log has heard
        return {"database": "unreachable", "migrations": "unknown"}
    except Exception:
        logger.exception("the database does not answer")
        return {"database": "unreachable", "migrations": "unknown"}
    found = {"database": "ok", "migrations": "ok" if at_head else "behind"}
    return found | ({"clock": application().clock_standing()} if at_head else {})
