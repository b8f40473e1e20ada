"""The working calendar: a year, and a calculator of periods. Knows no rule of counting: ``engine.calendar.days``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine.calendar.counting import counting
from engine.calendar.notices import FIRST_YEAR, LAST_YEAR
from engine.errors import BadInput
from web.calendar.months import MONTHS, SHORT_WEEKDAYS, WORKED, _weeks, cell_of
from web.calendar.parts import page, stretches, today, typed_day, typed_number, weekday
from web.common.context import actor, application
from web.common.i18n import language
from web.common.words import say

pages = Blueprint("calendar_pages", __name__, url_prefix="/calendar")

pages.app_template_filter("weekday")(weekday)

LONGEST_COUNT = 400
"""Days that the calculator counts."""
LONGEST_CODE = 20


@pages.get("")
def year() -> str:
    """Twelve months: which days are worked, which are not, and by which notice."""
    shown = typed_number(request.args, "year", FIRST_YEAR, LAST_YEAR, today().year)
    view = application().calendar.view(actor(), _code())
    cells = [cell_of(view.calendar, entry) for entry in view.calendar.days(shown)]
    return page(
        "calendar/year.html",
        **_place(view),
        year=shown,
        years=(FIRST_YEAR, LAST_YEAR),
        today=today(),
        source=view.calendar.source(shown),
        months=[_weeks(cells, month) for month in range(1, 13)],
        names=MONTHS,
        weekdays=SHORT_WEEKDAYS,
        stretches=stretches(cell for cell in cells if cell.kind not in ("work", "rest")),
        working=sum(cell.kind in WORKED for cell in cells),
    )


@pages.get("/count")
def count() -> ResponseReturnValue:
    """The end of a period, with the ledger of its days."""
    asked = {"from": request.args.get("from", "")[:10], "days": request.args.get("days", "")[:6]}
    natural = request.args.get("unit") == "natural"
    view = application().calendar.view(actor(), _code())
    due, error = None, ""
    if asked["from"] or asked["days"]:
        try:
            first, days = typed_day(request.args, "from", say("收到日期")), _days()
            due = application().calendar.count(actor(), first, days, natural=natural, code=_code())
        except BadInput as refused:
            error = refused.message(language())
    shown = {"asked": asked, "natural": natural, "due": due, "error": error, "most": LONGEST_COUNT}
    shown |= {"rules": counting().rules, "today": today()}
    return page("calendar/count.html", **_place(view), **shown), 422 if error else 200


def _place(view: Any) -> dict[str, Any]:
    """What every page of the calendar shows of whose calendar it is."""
    choices = list(view.choices)
    if view.organisation and view.organisation not in choices:
        choices.append(view.organisation)
    mine = not choices or view.organisation == choices[0]
    asked = None if mine else view.organisation.code
    return {"calendar": view.calendar, "place": view.organisation, "choices": choices, "asked_place": asked}


def _code() -> str:
    return request.args.get("organisation", "")[:LONGEST_CODE]


def _days() -> int:
    found = typed_number(request.args, "days", 0, LONGEST_COUNT, -1)
    if found < 0:
        allowed = say("应为 0 至 {most} 的整数", most=LONGEST_COUNT)
        raise BadInput(field=say("天数"), reason=allowed)
    return found
