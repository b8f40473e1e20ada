"""The page on which a person, or who sees to it for him, names a substitute and ends a substitution. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from engine.desks.substitutes import WantedSubstitute
from engine.errors import BadInput, Refusal
from web.calendar.parts import typed_day
from web.common.context import actor, application
from web.common.i18n import language
from web.common.statuses import status_of
from web.common.words import say

pages = Blueprint("absence_pages", __name__)
LARGEST: Final = 2**31 - 1
LONGEST_REASON = 200


class ChoiceOfDays(NamedTuple):
    """A choice of days. ``days``: how many, from today; 0: as typed."""

    days: int
    label: object


SPANS: Final[Mapping[str, ChoiceOfDays]] = {
    "today": ChoiceOfDays(1, lazy_gettext("今天")),
    "three": ChoiceOfDays(3, lazy_gettext("三天")),
    "week": ChoiceOfDays(7, lazy_gettext("一周")),
    "typed": ChoiceOfDays(0, lazy_gettext("自选日期")),
}


@pages.get("/absence")
def own() -> ResponseReturnValue:
    """One's own page."""
    return _page(actor().user_id)


@pages.get(f"/absence/<int(max={LARGEST}):user_id>")
def of_person(user_id: int) -> ResponseReturnValue:
    """Somebody's, for who may see to it."""
    return _page(user_id)


@pages.post(f"/absence/<int(max={LARGEST}):user_id>")
def name(user_id: int) -> ResponseReturnValue:
    """Name a substitute."""
    try:
        asked = _asked(user_id)
        application().substitutes.name(actor(), asked)
    except BadInput as refused:
        return _page(user_id, refused)
    flash(gettext("已安排代理。代理期间您仍可照常办理，到期自动结束。"), "success")
    return redirect(_address(user_id), code=303)


@pages.post(f"/absence/<int(max={LARGEST}):user_id>/end/<int(max={LARGEST}):number>")
def end(user_id: int, number: int) -> ResponseReturnValue:
    """End a substitution before its time."""
    application().substitutes.end(actor(), number)
    flash(gettext("代理已结束。"), "success")
    return redirect(_address(user_id), code=303)


def _address(user_id: int) -> str:
    own_page = user_id == actor().user_id
    return url_for("absence_pages.own") if own_page else url_for("absence_pages.of_person", user_id=user_id)


def _asked(user_id: int) -> WantedSubstitute:
    """What was chosen on the page. Raises BadInput."""
    substitute, span = request.form.get("substitute", ""), SPANS.get(request.form.get("span", "typed"), SPANS["typed"])
    if not (substitute.isascii() and substitute.isdigit() and len(substitute) < len(str(LARGEST))):
        raise BadInput(field=say("代理人"), reason=say("请选择一位"))
    today = application().substitutes.today()
    if span.days:
        first, last = today, today + timedelta(days=span.days - 1)
    else:
        first, last = (
            typed_day(request.form, "first", say("开始日期")),
            typed_day(request.form, "last", say("结束日期")),
        )
    kinds = tuple(request.form.getlist("kind")[:LONGEST_REASON])
    return WantedSubstitute(
        user_id, int(substitute), first, last, kinds, request.form.get("reason", "")[:LONGEST_REASON]
    )


def _page(user_id: int, refused: Refusal | None = None) -> ResponseReturnValue:
    desk = application().substitutes
    today = desk.today()
    spans = [(name, one.label, _last(today, one.days)) for name, one in SPANS.items()]
    page = render_template(
        "people/absence.html",
        page=desk.page(actor(), user_id),
        others=desk.people(actor()),
        own=user_id == actor().user_id,
        today=today,
        spans=spans,
        error=refused.message(language()) if refused else "",
        said=request.form,
        chosen=request.form.getlist("kind"),
    )
    return page, status_of(refused) if refused else 200


def _last(today: date, days: int) -> date | None:
    return today + timedelta(days=days - 1) if days else None
