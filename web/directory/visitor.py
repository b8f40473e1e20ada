"""Who stands behind a request, by the session that its cookie names. Knows no rule of passwords or locks.

The cookie holds the id of a session row and when it was last seen, signed; everything else is asked again each time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast
from wsgiref.types import WSGIEnvironment

from flask import Flask, Request, Response, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from itsdangerous import BadSignature

from engine.directory.actors import Actor
from engine.directory.signin import Visitor
from web.common.context import application, application_of
from web.common.errors import problem, wants_json
from web.common.i18n import own_path
from web.common.landing import first_page

SESSION, SEEN = "session", "seen"
KEPT = ("language",)  # what a person chose before he was known
REFRESH_SECONDS = 60  # the cookie's «last seen» may lag by this much
OPEN_TO_ALL = {
    "auth_pages",
    "health_pages",
    "invited_pages",
    "language_pages",
    "metric_pages",
}  # the last asks by itself
SILENT = {"health_pages", "public_pages"}  # asked by machines, or by everybody: whose request it is makes no difference


class Cookies(SecureCookieSessionInterface):
    """The signed cookie of a session. Its age is judged by the session's row: a clock that is set back ends none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie holds; an empty one when it was not signed here."""
        signed = self.get_signing_serializer(app)
        value = request.cookies.get(self.get_cookie_name(app))
        if signed is None or not value:
            return None if signed is None else self.session_class()
        try:
            return self.session_class(signed.loads(value))
        except BadSignature:
            return self.session_class()


def visitor() -> Visitor:
    """Who sends this request and by which session. Raises 401 when nobody is signed in."""
    if "visitor" not in g:
        abort(401)
    return cast(Visitor, g.visitor)


def current_actor() -> Actor:
    """Who acts in this request. Raises 401 when nobody is signed in."""
    return visitor().actor


def known() -> bool:
    """Whether this request comes from somebody who is signed in."""
    return "visitor" in g or current_app.config["ACTOR"] is not current_actor


def may_be_known(app: Flask, environ: WSGIEnvironment) -> bool:
    """Whether a request's cookie names a session that we opened and saw a short while ago; asks no database."""
    told = app.session_interface.open_session(app, app.request_class(environ))
    seen, gangwei = told and told.get(SEEN), application_of(app)
    if told is None or not isinstance(told.get(SESSION), str) or not isinstance(seen, int):
        return False
    return gangwei.machine.now() - datetime.fromtimestamp(seen, UTC) <= gangwei.signin.settings.idle


def know_the_visitor() -> ResponseReturnValue | None:
    """Before every request: whose it is; a page that is not open to all leads to the sign-in."""
    if request.endpoint == "static" or request.blueprint in SILENT or current_app.config["ACTOR"] is not current_actor:
        return None
    _recognise()
    if request.endpoint is None or request.blueprint in OPEN_TO_ALL:
        return None
    if "visitor" not in g:
        return _ask_to_sign_in()
    if visitor().must_change_password and request.endpoint != "profile_pages.password":
        return redirect(url_for("profile_pages.password", next=_wanted() or None), code=303)
    return None


def _wanted() -> str:
    """The page that he came for, unless it is the one on which everybody begins."""
    wanted = own_path(request.full_path.rstrip("?")) if request.method == "GET" else ""
    return "" if wanted in (url_for("overview_pages.home"), first_page(visitor().actor)) else wanted


def _recognise() -> None:
    session_id, seen = session.get(SESSION), session.get(SEEN)
    if not isinstance(session_id, str) or not isinstance(seen, int):
        return
    found = application().signin.visitor(session_id, datetime.fromtimestamp(seen, UTC))
    if found is None:
        forget()
        return
    g.visitor, g.actor = found, found.actor
    now = application().machine.now()
    if now.timestamp() - seen > REFRESH_SECONDS:
        session[SEEN] = int(now.timestamp())


def forget() -> None:
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)


def _ask_to_sign_in() -> ResponseReturnValue:
    back = own_path(request.full_path.rstrip("?")) if request.method == "GET" else ""
    address = url_for("auth_pages.login", next=back or None)
    if request.headers.get("HX-Request"):
        # htmx follows this header; a redirect would put the sign-in page into a corner of the old one.
        return Response(status=401, headers={"HX-Redirect": url_for("auth_pages.login")})
    if wants_json():
        return problem(401, gettext("请先登录。"), code="SignInNeeded")
    return redirect(address, code=303)


def init_visitor(app: Flask) -> None:
    """Ask before every request who sends it."""
    app.session_interface = Cookies()
    app.before_request(know_the_visitor)
