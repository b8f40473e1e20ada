"""Pages of one's own account: sign-ins, sessions, the password. Knows no rule of either."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.directory.passwords import PasswordTooWeak
from engine.directory.signin import WrongPassword
from web.common.context import application
from web.common.i18n import language, own_path
from web.directory.agents import told
from web.directory.devices import remember
from web.directory.visitor import visitor

pages = Blueprint("profile_pages", __name__)


@pages.get("/profile")
def profile() -> str:
    """Who I am here, what I may do, where I am signed in."""
    who, signin = visitor(), application().signin
    found = {"sessions": signin.sessions(who), "attempts": signin.attempts(who)}
    return render_template("people/profile.html", visitor=who, browser=told, **found)


@pages.post("/profile/sessions/end")
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    ended = application().signin.leave_others(visitor())
    flash(gettext("已退出其他设备上的 %(count)d 次登录。", count=ended), "success")
    return redirect(url_for("profile_pages.profile"), code=303)


@pages.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Change one's own password; asked for at the first sign-in."""
    errors: dict[str, str] = {}
    who, target = visitor(), own_path(request.values.get("next", ""))
    if request.method == "POST":
        errors = _change_password()
        if not errors:
            flash(gettext("密码已修改，其他设备上的登录已退出。"), "success")
            answer: Response = make_response(redirect(target or url_for("profile_pages.profile"), code=303))
            remember(answer, application().signin.device(who))
            return answer
    page = render_template(
        "people/password.html",
        visitor=who,
        errors=errors,
        next=target,
        shortest=application().signin.settings.shortest_password,
    )
    return page, 422 if errors else 200


def _change_password() -> dict[str, str]:
    old, new, again = (request.form.get(field, "") for field in ("old", "new", "again"))
    if new != again:
        return {"again": gettext("两次输入的新密码不一致。")}
    try:
        application().signin.change_password(visitor(), old, new, request.remote_addr or "")
    except WrongPassword as refused:
        return {"old": refused.message(language())}
    except PasswordTooWeak as refused:
        return {"new": refused.message(language())}
    return {}
