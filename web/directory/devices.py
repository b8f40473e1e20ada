"""The cookie by which a browser says which accounts have signed in there before. Knows no rule of what that is worth.

Signed like a session, under a name of its own; sent to the page of signing in alone. What it says is no secret and
lets nobody in: whoever has it only waits for nobody else's failures.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flask import Flask, Response, current_app, request, url_for
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadData, URLSafeTimedSerializer

from engine.directory.delays import Device

COOKIE: Final = "gangwei_device"
KEPT: Final = timedelta(days=365)
MOST: Final = 10
"""Accounts of one browser; the one that was used longest ago goes first."""


class _Signing(SecureCookieSessionInterface):
    salt = "gangwei-device"


def known_devices() -> tuple[Device, ...]:
    """What the browser of this request says of itself, by account; none when it is not ours."""
    try:
        said = _serializer(current_app).loads(request.cookies.get(COOKIE, ""))
        return tuple(Device(int(user), str(name), datetime.fromisoformat(since)) for user, name, since in said)
    except (BadData, TypeError, ValueError):
        return ()


def remember(answer: Response, device: Device) -> None:
    """Let the browser say from now on that this account has signed in there."""
    kept = [one for one in known_devices() if one.user_id != device.user_id][: MOST - 1]
    said = [[one.user_id, one.id, one.since.isoformat()] for one in (device, *kept)]
    answer.set_cookie(
        COOKIE,
        str(_serializer(current_app).dumps(said)),
        max_age=KEPT,
        path=url_for("auth_pages.login"),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _serializer(app: Flask) -> URLSafeTimedSerializer:
    found = _Signing().get_signing_serializer(app)
    assert found is not None  # there is a secret, or nobody could sign in
    return found
