"""The door: signing in and out. Knows no rule of passwords or locks."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.directory.delays import TooManyAttempts
from engine.directory.queue import Busy
from engine.directory.signin import SignInRefused, Visitor
from engine.errors import Refusal
from web.common.context import application
from web.common.errors import problem, wants_json
from web.common.i18n import language, own_path
from web.common.landing import first_page
from web.common.statuses import set_retry_after, status_of
from web.directory.devices import known_devices, remember
from web.directory.visitor import SEEN, SESSION, forget, visitor

auth_pages = Blueprint("auth_pages", __name__)
LONGEST_SHOWN = 32


@auth_pages.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """The sign-in page. A success starts a fresh session, so that no one can plant his own (session fixation)."""
    target = own_path(request.values.get("next", ""))
    if "visitor" in g and request.method == "GET":
        return redirect(target or first_page(visitor().actor), code=303)
    if request.method == "GET":
        return _page(target)
    try:
        entered = _enter(request.form.get("login", ""), request.form.get("password", ""))
    except (SignInRefused, TooManyAttempts, Busy) as refused:
        return _refused(refused, target)
    answer = make_response(redirect(target or first_page(entered.actor), code=303))
    remember(answer, application().signin.device(entered))
    return answer


def _page(target: str, error: str = "") -> Response:
    typed = request.form.get("login", "")[:LONGEST_SHOWN]
    return make_response(render_template("auth/login.html", login=typed, next=target, error=error))


def _refused(refused: Refusal, target: str) -> Response:
    words, status = refused.message(language()), status_of(refused)
    answer = problem(status, words, code=refused.code) if wants_json() else _page(target, words)
    answer.status_code = status
    set_retry_after(answer, refused)
    return answer


def _enter(name: str, password: str) -> Visitor:
    if "visitor" in g:  # somebody else at the same browser
        application().signin.leave(g.visitor)
    address, agent = request.remote_addr or "", request.user_agent.string
    entered: Visitor = application().signin.enter(name, password, address, agent, known_devices())
    forget()
    session[SESSION] = entered.session_id
    session[SEEN] = int(application().machine.now().timestamp())
    if not application().tours.ended(entered.actor):
        session["tour"] = True  # offered on every page until he has answered
    return entered


@auth_pages.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session, here and in the database."""
    if "visitor" in g:
        application().signin.leave(g.visitor)
    forget()
    return redirect(url_for("auth_pages.login"), code=303)
