"""What every page needs from the running application: the services and the person who acts. Knows no page."""

from __future__ import annotations

from typing import Any, cast

from flask import current_app, g

from engine.directory.actors import Actor


def services() -> Any:
    """The services of this application, as ``engine.application.open_service`` made them."""
    return current_app.extensions["gangwei"]


def actor() -> Actor:
    """Who acts in this request, asked once. Raises what sign-in raises when nobody does."""
    if "actor" not in g:
        g.actor = current_app.config["ACTOR"]()
    return cast(Actor, g.actor)
