"""Registers (台账): lists with search and filters, records with their past, Excel. Knows no register by name."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request

from engine.views import RegisterPage
from web.common.as_of import as_of, written
from web.common.context import actor, application
from web.common.grouping import asked_words, grouped, list_in_groups
from web.common.places import places
from web.common.records import words_of
from web.common.sheets import EXCEL
from web.registers.lists import read_query, shown, told_columns
from web.registers.workbook import workbook

pages = Blueprint("register_pages", __name__)
EXPORT_AT_ONCE = 500


@pages.get("/registers")
def registers() -> Response:
    """Every register that the person may see, by group, those that fit what is looked for; only these for htmx."""
    found, words = application().registers.all(actor()), asked_words()
    groups = grouped(((one.title, one) for one in found), words)
    return list_in_groups("registers/all.html", "registers/groups.html", groups=groups, count=len(found), words=words)


@pages.get("/registers/<name>")
def register(name: str) -> Response:
    """A page of records; only the rows when htmx asks for them."""
    asked = read_query(request.args)
    page = application().registers.search(actor(), name, asked)
    partial = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"
    answer = make_response(
        render_template(
            "registers/rows.html" if partial else "registers/list.html",
            asked=asked,
            page=page,
            columns=told_columns(page),
            shown=shown,
            as_of=written(asked.at),
            words=lambda **changes: words_of(asked, **changes),
            places=() if partial else places(),
        )
    )
    answer.vary.add("HX-Request")
    return answer


@pages.get("/registers/<name>/export.xlsx")
def export(name: str) -> Response:
    """All records that the filters leave, as a workbook."""
    asked = replace(read_query(request.args), after="", limit=EXPORT_AT_ONCE)
    page: RegisterPage = application().registers.search(actor(), name, asked)
    rows = list(page.rows)
    while page.next:
        page = application().registers.search(actor(), name, replace(asked, after=page.next))
        rows += page.rows
    stood = f"-{written(asked.at)}".replace(":", "") if asked.at else ""  # the file says as of when it is
    answer = make_response(workbook(page, rows))
    answer.content_type = EXCEL
    answer.headers["Content-Disposition"] = f"attachment; filename={name}{stood}.xlsx"
    return answer


@pages.get("/registers/<name>/<number>")
def record(name: str, number: str) -> str:
    """A record with its whole past."""
    view = application().registers.record(actor(), name, number, as_of(request.args))
    return render_template("registers/record.html", record=view, shown=shown, as_of=written(view.at))
