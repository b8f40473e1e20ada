"""The door: signing in and out, and who stands behind a request. Knows no rule of passwords or locks.

The cookie holds the id of a session row and when it was last seen, signed; everything else is asked again each time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.directory.actors import Actor
from engine.directory.signin import SignInRefused, TooManyAttempts, Visitor
from web.common.context import application
from web.common.errors import problem, wants_json
from web.common.i18n import language, own_path
from web.common.landing import first_page

auth_pages = Blueprint("auth_pages", __name__)

SESSION, SEEN = "session", "seen"
KEPT = ("language",)  # what a person chose before he was known
REFRESH_SECONDS = 60  # the cookie's «last seen» may lag by this much
OPEN_TO_ALL = {"auth_pages", "health_pages", "language_pages", "metric_pages"}  # the last asks by itself
SILENT = {"health_pages"}  # asked by machines every few seconds


def visitor() -> Visitor:
    """Who sends this request and by which session. Raises 401 when nobody is signed in."""
    if "visitor" not in g:
        abort(401)
    return cast(Visitor, g.visitor)


def current_actor() -> Actor:
    """Who acts in this request. Raises 401 when nobody is signed in."""
    return visitor().actor


@auth_pages.before_app_request
def know_the_visitor() -> ResponseReturnValue | None:
    """Before every request: whose it is; a page that is not open to all leads to the sign-in."""
    if request.endpoint == "static" or request.blueprint in SILENT or current_app.config["ACTOR"] is not current_actor:
        return None
    _recognise()
    if request.endpoint is None or request.blueprint in OPEN_TO_ALL:
        return None
    if "visitor" not in g:
        return _ask_to_sign_in()
    if visitor().must_change_password and request.endpoint != "people_pages.password":
        return redirect(url_for("people_pages.password"), code=303)
    return None


def _recognise() -> None:
    session_id, seen = session.get(SESSION), session.get(SEEN)
    if not isinstance(session_id, str) or not isinstance(seen, int):
        return
    found = application().signin.visitor(session_id, datetime.fromtimestamp(seen, UTC))
    if found is None:
        _forget()
        return
    g.visitor, g.actor = found, found.actor
    now = application().machine.now()
    if now.timestamp() - seen > REFRESH_SECONDS:
        session[SEEN] = int(now.timestamp())


def _forget() -> None:
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


@auth_pages.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """The sign-in page. A success starts a fresh session, so that no one can plant his own (session fixation)."""
    target = own_path(request.values.get("next", ""))
    if "visitor" in g and request.method == "GET":
        return redirect(target or first_page(visitor().actor), code=303)
    error, status = "", 200
    if request.method == "POST":
        try:
            entered = _enter(request.form.get("login", ""), request.form.get("password", ""))
        except SignInRefused as refused:
            error, status = refused.message(language()), 422
        except TooManyAttempts as refused:
            error, status = refused.message(language()), 429
        else:
            return redirect(target or first_page(entered.actor), code=303)
    page = render_template("auth/login.html", login=request.form.get("login", ""), next=target, error=error)
    return page, status


def _enter(name: str, password: str) -> Visitor:
    if "visitor" in g:  # somebody else at the same browser
        application().signin.leave(g.visitor)
    address, agent = request.remote_addr or "", request.user_agent.string
    entered: Visitor = application().signin.enter(name, password, address, agent)
    _forget()
    session[SESSION] = entered.session_id
    session[SEEN] = int(application().machine.now().timestamp())
    return entered


@auth_pages.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session, here and in the database."""
    if "visitor" in g:
        application().signin.leave(g.visitor)
    _forget()
    return redirect(url_for("auth_pages.login"), code=303)
