"""All cases that a person may see (全部事项), as a page, as an Excel file, and found from any page. Knows no rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from openpyxl import Workbook

from engine.errors import BadInput
from engine.views import CaseFilters, ListedCase
from engine.words import Text
from web.cases import saved
from web.cases.columns import address, heads, shown
from web.cases.filters import LONGEST_SEARCH, STATES
from web.cases.fitting import fitting
from web.cases.visible_query import DAYS, SORTS, STANDINGS, read_query, words_of
from web.common.context import actor, application
from web.common.i18n import day, pick
from web.common.places import places
from web.common.sheets import EXCEL, cell, written
from web.common.words import say

pages = Blueprint("case_list_pages", __name__)

FOUND, MOST_EXPORTED = 8, 20_000


@pages.get("/cases")
def cases() -> ResponseReturnValue:
    """A page of them; only the rows when htmx asks. Asked for nothing, it opens with a filter of his."""
    elsewhere = saved.opened_with("cases")
    if elsewhere is not None:
        return elsewhere
    read = read_query(request.args)
    asked, unfit = fitting(read)
    page = application().cases.visible.page(actor(), asked)
    partial = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"
    answer = make_response(
        render_template(
            "inbox/cases_rows.html" if partial else "inbox/cases.html",
            asked=asked,
            page=page,
            partial=partial,
            unfit=unfit,
            saved=saved.saved("cases", words_of(read)),
            heads=heads(
                page.columns,
                asked.columns,
                asked.sort,
                lambda sort: address("case_list_pages.cases", words_of(replace(asked, sort=sort, after=""))),
            ),
            shown=shown,
            words=lambda **changes: words_of(replace(asked, **changes)),
            narrowed=narrowed(asked),
            holders=holders,
            stands=steps,
            sorts=SORTS,
            states=STATES,
            dues=STANDINGS,
            **({} if partial else _choices()),
        )
    )
    answer.vary.add("HX-Request")
    return answer


@pages.get("/cases/found")
def found() -> str:
    """The few that fit what is typed on top of any page."""
    typed = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    page = application().cases.visible.page(actor(), CaseFilters(q=typed, limit=FOUND)) if typed else None
    return render_template("inbox/found.html", page=page, typed=typed)


@pages.get("/cases/export.xlsx")
def export() -> Response:
    """All that the filters leave, as a workbook. Raises BadInput when it would be no list to be read any more."""
    asked = read_query(request.args)
    visible = application().cases.visible
    if visible.count(actor(), asked, MOST_EXPORTED) > MOST_EXPORTED:
        reason = say("超过{count}件，请先筛选（如按类别、单位或日期），再导出", count=MOST_EXPORTED)
        raise BadInput(field=say("导出范围"), reason=reason)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext("全部事项"))
    columns = visible.columns(actor(), asked.key) if asked.key else ()
    names = [pick(one.name) for one in columns]
    sheet.append([cell(sheet, label, bold=True) for label in (*_labels(), *names)])
    for row in visible.every(actor(), asked):
        own = [shown(one, text) for one, text in zip(columns, row.columns, strict=True)]
        sheet.append([cell(sheet, text) for text in (*_cells(row), *own)])
    answer = make_response(written(book))
    answer.content_type = EXCEL
    answer.headers["Content-Disposition"] = "attachment; filename=cases.xlsx"
    return answer


def _labels() -> tuple[str, ...]:
    return (
        *(
            gettext("编号"),
            gettext("事项"),
            gettext("摘要"),
            gettext("事项类型"),
            gettext("发起单位"),
            gettext("发起人"),
        ),
        *(gettext("当前环节"), gettext("办理人"), gettext("发起时间"), gettext("办结时间"), gettext("已历天数")),
        *(gettext("剩余工作日"), gettext("状态")),
    )


def _cells(row: ListedCase) -> Iterator[str]:
    due = [one.deadline.days_left for one in row.waiting if one.deadline]
    yield from (row.number, row.title, row.summary, pick(row.process), row.organisation.name, row.starter)
    yield steps(row)
    yield holders(row)
    yield from (day(row.opened_at), day(row.ended_at), str(row.days), str(min(due)) if due else "")
    yield pick(row.ending) or str(STATES.get(row.state, row.state))


def steps(row: ListedCase) -> str:
    """At which steps a case is; a step at which several stand, once with their number."""
    found = Counter(pick(one.name) for one in row.waiting)
    return str(gettext("、")).join(f"{name} ×{count}" if count > 1 else name for name, count in found.items())


def holders(row: ListedCase) -> str:
    """With whom a case is: who has claimed its tasks, or whose turn it is, each once."""
    return str(gettext("、")).join(dict.fromkeys(one.claimed_by or pick(one.waits_for) for one in row.waiting))


def _choices() -> dict[str, object]:
    steps: tuple[Text, ...] = application().cases.visible.steps()
    return {"kinds": application().cases.inbox.kinds(), "places": places(), "steps": steps}


def narrowed(asked: CaseFilters) -> int:
    """How many filters besides the search are in use."""
    days = [getattr(asked, name) for name in DAYS]
    people = asked.others, asked.claimed_by, asked.done_by
    asks = asked.key, asked.place, asked.state, asked.step, asked.waits_at, asked.due, *days, *people
    return len(asked.columns) + sum(map(bool, asks))
