"""What every page needs from the running application: the installation and the person who acts. Knows no page."""

from __future__ import annotations

from typing import Final, cast

from flask import Flask, current_app, g

from engine.application import Application
from engine.directory.actors import Actor
from web.common.extensions import Extension

APPLICATION: Final = Extension[Application]("gangwei")


def application() -> Application:
    """The installation that this program serves, as ``engine.application.open_application`` opened it."""
    return application_of(current_app)


def application_of(app: Flask) -> Application:
    """The installation that ``app`` serves, where no request is under way."""
    return APPLICATION.of(app)


def actor() -> Actor:
    """Who acts in this request, asked once. Raises what sign-in raises when nobody does."""
    if "actor" not in g:
        g.actor = current_app.config["ACTOR"]()
    return cast(Actor, g.actor)
