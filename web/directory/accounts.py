"""Pages of one's own account, and the security administrator's pages of all accounts. Knows no rule of either."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from engine.desks.accounts import Account
from engine.directory.duties import ACCOUNTS
from engine.directory.passwords import PasswordTooWeak
from engine.directory.signin import WrongPassword
from engine.errors import Refusal
from web.common.context import actor, application
from web.common.errors import status_of
from web.common.i18n import language, pick
from web.directory.signin import current_actor, visitor

people_pages = Blueprint("people_pages", __name__)

LONGEST_SEARCH = 100
ACCOUNT_EVENTS = {
    "session_started": lazy_gettext("登录"),
    "sign_in_failed": lazy_gettext("登录失败"),
    "session_ended": lazy_gettext("退出登录"),
    "account_locked": lazy_gettext("连续输错密码，账号锁定"),
    "account_created": lazy_gettext("建立账号"),
    "account_closed": lazy_gettext("停用账号"),
    "account_opened": lazy_gettext("启用账号"),
    "password_changed": lazy_gettext("修改密码"),
    "password_reset": lazy_gettext("重置密码"),
    "role_granted": lazy_gettext("授予角色"),
    "role_revoked": lazy_gettext("收回角色"),
    "directory_published": lazy_gettext("发布角色和单位类型"),
    "organisations_imported": lazy_gettext("导入单位"),
    "calendar_proposed": lazy_gettext("提出日历变更"),
    "calendar_put_in_force": lazy_gettext("审定日历变更生效"),
    "calendar_refused": lazy_gettext("不予采纳日历变更"),
    "calendar_withdrawn": lazy_gettext("撤回日历变更"),
    "incident_settled": lazy_gettext("处理故障"),
    "job_retried": lazy_gettext("重新执行后台任务"),
    "job_abandoned": lazy_gettext("跳过后台任务"),
    "case_terminated": lazy_gettext("因故障终止事项"),
    "clock_moved": lazy_gettext("调整演示时钟"),
}


@people_pages.app_template_filter("role_name")
def role_name(role_id: str) -> str:
    """The name of a role in the reader's language; an unknown one as it is."""
    return pick(actor().directory.role_name(role_id))


@people_pages.app_template_filter("happening")
def happening(kind: str) -> str:
    """What happened to an account, in words; a newer engine's event as it is."""
    return str(ACCOUNT_EVENTS.get(kind, kind))


@people_pages.get("/profile")
def profile() -> str:
    """Who I am here, what I may do, where I am signed in."""
    who, signin = visitor(), application().signin
    return render_template(
        "people/profile.html", visitor=who, sessions=signin.sessions(who), attempts=signin.attempts(who)
    )


@people_pages.post("/profile/sessions/end")
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    ended = application().signin.leave_others(visitor())
    flash(gettext("已退出其他设备上的 %(count)d 次登录。", count=ended), "success")
    return redirect(url_for("people_pages.profile"), code=303)


@people_pages.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Change one's own password; asked for at the first sign-in."""
    errors: dict[str, str] = {}
    who = visitor()
    if request.method == "POST":
        errors = _change_password()
        if not errors:
            flash(gettext("密码已修改，其他设备上的登录已退出。"), "success")
            return redirect(url_for("people_pages.profile"), code=303)
    page = render_template(
        "people/password.html", visitor=who, errors=errors, shortest=application().signin.settings.shortest_password
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


@people_pages.get("/admin/users")
def users() -> str:
    """Accounts, searched by name, login or organisation."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    found = application().accounts.find(current_actor(), words, request.args.get("after", ""))
    return render_template("people/users.html", found=found, q=words)


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
            return _user_page(account, word), 201
    else:
        people.find(current_actor(), limit=1)  # refuses who may not
    return render_template("people/new_user.html", login=login, name=name, error=error), status


@people_pages.get("/admin/users/<int(max=2147483647):user_id>")
def user(user_id: int) -> str:
    """One account: roles, state, what happened to it."""
    place = request.args.get("place", "").strip()[:LONGEST_SEARCH]
    return _user_page(application().accounts.get(current_actor(), user_id), place=place)


def _user_page(account: Account, password: str = "", error: str = "", place: str = "") -> str:
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
        locked_for=application().signin.settings.locked_for // timedelta(minutes=1),
    )


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
            people.revoke(by, user_id, role, code)
        else:
            (people.lock if act == "lock" else people.unlock)(by, user_id)
    except Refusal as refused:
        if not by.may(ACCOUNTS):
            raise
        return _user_page(people.get(by, user_id), error=refused.message(language())), status_of(refused)
    if password:
        return _user_page(people.get(by, user_id), password)
    flash(gettext("已更新账号。"), "success")
    return redirect(url_for("people_pages.user", user_id=user_id), code=303)
