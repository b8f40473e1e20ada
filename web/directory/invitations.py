"""Inviting people from outside, and the page to which an invitation leads. Knows no rule."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from engine.desks.invitations import EXPIRED, LASTS, OPEN, REVOKED, USED, InvitationGone
from engine.directory.delays import TooManyAttempts
from engine.errors import BadInput, Conflict, Refusal
from web.common.context import actor, application
from web.common.i18n import language
from web.common.statuses import set_retry_after, status_of

pages = Blueprint("invitation_pages", __name__)
open_pages = Blueprint("invited_pages", __name__)
LONGEST_TOKEN = 64
STANDINGS = {
    OPEN: lazy_gettext("未使用"),
    USED: lazy_gettext("已使用"),
    REVOKED: lazy_gettext("已撤销"),
    EXPIRED: lazy_gettext("已过期"),
}


@pages.get("/invitations")
def invitations() -> str:
    """The newest invitations, and a form for one more."""
    return _page()


def _page(error: str = "", link: str = "") -> str:
    found = application().invitations.page(actor())
    return render_template(
        "people/invitations.html", page=found, standings=STANDINGS, error=error, link=link, days=LASTS.days
    )


@pages.post("/invitations")
def make() -> ResponseReturnValue:
    """A new invitation; its link is shown once, on the answer to this very request."""
    form = request.form
    try:
        token = application().invitations.make(
            actor(), form.get("organisation", ""), form.get("role", ""), form.get("name", "")
        )
    except BadInput as refused:
        return _page(refused.message(language())), status_of(refused)
    answer = make_response(_page(link=url_for("invited_pages.invited", token=token, _external=True)), 201)
    answer.headers["Content-Location"] = url_for("invitation_pages.invitations")
    return answer


@pages.post("/invitations/<int(max=2147483647):invitation_id>/revoke")
def revoke(invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    try:
        application().invitations.revoke(actor(), invitation_id)
    except Conflict as refused:
        return _page(refused.message(language())), status_of(refused)
    flash(gettext("已撤销邀请，链接不能再用。"), "success")
    return redirect(url_for("invitation_pages.invitations"), code=303)


@open_pages.get(f"/invited/<string(maxlength={LONGEST_TOKEN}):token>")
def invited(token: str) -> ResponseReturnValue:
    """What the invitation is for, and where the invited chooses his user name and password."""
    return _form(token)


def _form(token: str, refused: Refusal | None = None) -> Response:
    error, status, found = (refused.message(language()), status_of(refused), None) if refused else ("", 200, None)
    try:
        found = application().invitations.invited(token, request.remote_addr or "")
    except (InvitationGone, TooManyAttempts) as gone:
        error, status, refused = gone.message(language()), status_of(gone), gone
    login = request.form.get("login", "")[:32]
    answer = make_response(render_template("auth/invited.html", found=found, error=error, login=login), status)
    if refused is not None:
        set_retry_after(answer, refused)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@open_pages.post(f"/invited/<string(maxlength={LONGEST_TOKEN}):token>")
def accept(token: str) -> ResponseReturnValue:
    """Come by an invitation: an account, and on to the sign-in."""
    form, address = request.form, request.remote_addr or ""
    try:
        if form.get("password", "") != form.get("again", ""):
            raise BadInput(field=gettext("再输一次密码"), reason=gettext("两次输入的密码不一样"))
        application().invitations.accept(token, form.get("login", ""), form.get("password", ""), address)
    except Refusal as refused:
        return _form(token, refused)
    flash(gettext("账号已建立，请用刚才设的用户名和密码登录。"), "success")
    return redirect(url_for("auth_pages.login"), code=303)
