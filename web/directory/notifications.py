"""Pages on which a person settles how he is told outside the product, and sees what became of it. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from engine.desks.addresses import MODES, RHYTHMS
from engine.errors import BadInput
from engine.messages.kinds import DIGEST, GROUPS, KINDS, NEVER, NOW
from engine.notifying.hours import DAILY, NO_DIGEST, WEEKLY
from web.common.context import actor, application
from web.common.fates import PURPOSES, STATES
from web.common.i18n import language
from web.common.statuses import status_of

pages = Blueprint("notification_pages", __name__)
LARGEST: Final = 2**31 - 1
MODE_NAMES: Mapping[str, object] = {
    NOW: lazy_gettext("立即"),
    DIGEST: lazy_gettext("汇总"),
    NEVER: lazy_gettext("不推送"),
}
RHYTHM_NAMES: Mapping[str, object] = {
    DAILY: lazy_gettext("每个工作日"),
    WEEKLY: lazy_gettext("每周第一个工作日"),
    NO_DIGEST: lazy_gettext("不发汇总"),
}


@pages.get("/notifications")
def own() -> ResponseReturnValue:
    """One's addresses, what is told there, and what was sent last."""
    return _page()


@pages.post("/notifications")
def add() -> ResponseReturnValue:
    """A new address, to which a code is sent."""
    channel, address = request.form.get("channel", ""), request.form.get("address", "")
    try:
        application().addresses.add(actor(), channel, address, language())
    except BadInput as refused:
        return _page(refused, "new")
    flash(gettext("验证码已发出，请查收后填写。"), "success")
    return _back()


@pages.post(f"/notifications/<int(max={LARGEST}):number>/<any(code,verify,choose,remove):act>")
def change(number: int, act: str) -> ResponseReturnValue:
    """Have a new code sent, hand one in, settle what is told there, or forget an address."""
    desk = application().addresses
    try:
        if act == "code":
            desk.send_code(actor(), number)
        elif act == "verify":
            desk.verify(actor(), number, request.form.get("code", ""))
        elif act == "choose":
            chosen = {kind: request.form[kind] for kind in KINDS if kind in request.form}
            desk.choose(actor(), number, request.form.get("digest", ""), chosen)
        else:
            desk.remove(actor(), number)
    except BadInput as refused:
        return _page(refused, str(number))
    flash(str(_DONE[act]), "success")
    return _back()


_DONE: Mapping[str, object] = {
    "code": lazy_gettext("验证码已重新发出，请查收后填写。"),
    "verify": lazy_gettext("地址已验证，从现在起向它推送。"),
    "choose": lazy_gettext("推送设置已保存。"),
    "remove": lazy_gettext("地址已删除，不再推送。"),
}


def _back() -> ResponseReturnValue:
    return redirect(url_for("notification_pages.own"), code=303)


def _page(refused: BadInput | None = None, place: str = "") -> ResponseReturnValue:
    page = render_template(
        "people/notifications.html",
        page=application().addresses.page(actor()),
        groups=GROUPS,
        modes={name: MODE_NAMES[name] for name in MODES},
        rhythms={name: RHYTHM_NAMES[name] for name in RHYTHMS},
        states=STATES,
        purposes=PURPOSES,
        error=refused.message(language()) if refused else "",
        place=place,
        typed=request.form,
        code=request.args.get("code", "")[:8],
        coded=request.args.get("address", ""),
    )
    return page, status_of(refused) if refused else 200
