"""The security administrator's pages of all accounts. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine import letters
from engine.desks.account_views import Account
from engine.desks.successors import LeavesNobody, Successor
from engine.directory.duties import ACCOUNTS
from engine.errors import Refusal
from web.common.context import actor, application
from web.common.i18n import language
from web.common.statuses import status_of
from web.directory.visitor import current_actor

people_pages = Blueprint("people_pages", __name__)
LONGEST_SEARCH = 100
LONGEST_LOGIN = 32


@people_pages.get("/admin/users")
def users() -> str:
    """Accounts, searched by name, login or organisation."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    after = request.args.get("after", "")
    found = application().accounts.find(current_actor(), words, after)
    return render_template("people/users.html", found=found, q=words, after=after)


@people_pages.route("/admin/users/new", methods=["GET", "POST"])
def create_user() -> ResponseReturnValue:
    """A new account; its password is shown once, on the answer to this very request."""
    login, name = request.form.get("login", ""), request.form.get("name", "")
    error, status = "", 200
    people = application().accounts
    if request.method == "POST":
        try:
            account, word = people.create(current_actor(), login, name)
        except Refusal as refused:
            error, status = refused.message(language()), status_of(refused)
        else:
            return _password_page(account, word), 201
    else:
        people.find(current_actor(), limit=1)  # refuses who may not
    return render_template("people/new_user.html", login=login, name=name, error=error), status


@people_pages.get("/admin/users/<int(max=2147483647):user_id>")
def user(user_id: int) -> str:
    """One account: roles, state, what happened to it."""
    place = request.args.get("place", "").strip()[:LONGEST_SEARCH]
    return _user_page(application().accounts.get(current_actor(), user_id), place=place)


def _successor() -> Successor:
    said = letters.login(request.form.get("successor", "")[:LONGEST_SEARCH])
    return Successor(said[:LONGEST_LOGIN], "nobody" in request.form)


def _user_page(
    account: Account, password: str = "", error: str = "", place: str = "", asked: Mapping[str, Any] | None = None
) -> str:
    """``asked``: the act that needs a successor, with the tasks that it would leave with nobody."""
    places = application().organisations.search(current_actor(), place, limit=20) if place else ()
    return render_template(
        "people/user.html",
        account=account,
        password=password,
        error=error,
        place=place,
        places=places,
        roles=actor().directory.roles.values(),
        history=application().accounts.history(current_actor(), account.user_id),
        own=account.user_id == current_actor().user_id,
        asked=asked,
        limits=application().signin.settings.limits,
    )


def _password_page(account: Account, password: str) -> Response:
    """The account's page with a password that is shown this once: whoever asks again is led to the page without it."""
    answer = make_response(_user_page(account, password))
    answer.headers["Content-Location"] = url_for("people_pages.user", user_id=account.user_id)
    return answer


@people_pages.post("/admin/users/<int(max=2147483647):user_id>/<any(lock,unlock,grant,revoke,'reset-password'):act>")
def change_user(user_id: int, act: str) -> ResponseReturnValue:
    """Lock, unlock, reset the password, grant or revoke a role. A refusal is shown on the account's page."""
    people, by = application().accounts, current_actor()
    role, code = request.form.get("role", ""), request.form.get("organisation", "")
    password = ""
    try:
        if act == "reset-password":
            password = people.reset_password(by, user_id)
        elif act == "grant":
            people.grant(by, user_id, role, code)
        elif act == "revoke":
            people.revoke(by, user_id, role, code, _successor())
        elif act == "lock":
            people.lock(by, user_id, _successor())
        else:
            people.unlock(by, user_id)
    except LeavesNobody as refused:
        asked = {"act": act, "role": role, "organisation": code, "tasks": refused.tasks}
        return _user_page(people.get(by, user_id), error=refused.message(language()), asked=asked), status_of(refused)
    except Refusal as refused:
        if not by.may(ACCOUNTS):
            raise
        return _user_page(people.get(by, user_id), error=refused.message(language())), status_of(refused)
    if password:
        return _password_page(people.get(by, user_id), password)
    flash(gettext("已更新账号。"), "success")
    return redirect(url_for("people_pages.user", user_id=user_id), code=303)
