"""Statistics (统计) of who leads: charts with their numbers, each of which opens its list, and all of it as Excel."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext
from openpyxl import Workbook

from engine.views import CaseFilters
from engine.views.statistics import Counted, StatisticsPage, StatisticView
from web.cases import visible_query
from web.common.context import actor, application
from web.common.i18n import counted, pick
from web.common.records import words_of
from web.common.sheets import EXCEL, LONGEST_TITLE, cell, written

pages = Blueprint("statistics_pages", __name__)


@pages.get("/statistics")
def statistics() -> str:
    """All tables of a year."""
    return render_template("overview/statistics.html", page=_page(), told=told, label=label)


@pages.get("/statistics/export.xlsx")
def export() -> Response:
    """The same as a workbook, a sheet for each table."""
    page, book = _page(), Workbook(write_only=True)
    for one in page.statistics:
        sheet = book.create_sheet(pick(one.name)[:LONGEST_TITLE])
        sheet.append([cell(sheet, text, bold=True) for text in _heads(one)])
        for row in one.rows:
            share = [] if not any(one.share) else ["" if row.share is None else row.share]
            days = [] if not one.days else ["" if row.days is None else row.days]
            sheet.append([cell(sheet, pick(row.name)), *share, *(number.count for number in row.cells), *days])
    if not page.statistics:
        book.create_sheet(gettext("统计"))
    answer = make_response(written(book))
    answer.content_type = EXCEL
    answer.headers["Content-Disposition"] = f"attachment; filename=statistics-{page.year}.xlsx"
    return answer


def label(one: StatisticView) -> str:
    """What the rows of a table are."""
    return str(gettext("所属单位") if one.by_place else gettext("类别"))


def told(one: StatisticView, number: Counted) -> tuple[int, str, str]:
    """A number in the table of a chart: what is drawn, what is written, where its rows are."""
    asked = number.asked
    if isinstance(asked, CaseFilters):
        page, words = url_for("case_list_pages.cases"), visible_query.words_of(asked)
    else:
        page, words = url_for("register_pages.register", name=one.register), words_of(asked)
    return number.count, str(counted(number.count)), f"{page}?{urlencode(words)}"


def _page() -> StatisticsPage:
    year = request.args.get("year", "")
    return application().cases.statistics.of(actor(), int(year) if year.isascii() and year.isdigit() else None)


def _heads(one: StatisticView) -> Iterator[str]:
    yield label(one)
    if any(one.share):
        yield gettext("%(what)s比例（%%）", what=pick(one.share))
    yield from map(pick, one.series)
    if one.days:
        yield gettext("用时中位数（天）")
