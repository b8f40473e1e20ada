"""The door: signing in and out. Knows no rule of passwords or locks."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.directory.signin import SignInRefused, TooManyAttempts, Visitor
from web.common.context import application
from web.common.i18n import language, own_path
from web.common.landing import first_page
from web.directory.visitor import SEEN, SESSION, forget, visitor

auth_pages = Blueprint("auth_pages", __name__)


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
    forget()
    session[SESSION] = entered.session_id
    session[SEEN] = int(application().machine.now().timestamp())
    return entered


@auth_pages.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session, here and in the database."""
    if "visitor" in g:
        application().signin.leave(g.visitor)
    forget()
    return redirect(url_for("auth_pages.login"), code=303)
