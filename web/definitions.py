"""The designer's pages: published definitions with diagram, steps, decisions, forms and warnings. Knows no process."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import lazy_gettext

from web.common.context import actor, application
from web.common.element_names import ELEMENTS, FIELDS

pages = Blueprint("definition_pages", __name__)

LARGEST = 2**31 - 1
POLICIES = {
    "UNIQUE": lazy_gettext("唯一"),
    "ANY": lazy_gettext("任一"),
    "FIRST": lazy_gettext("最先"),
    "PRIORITY": lazy_gettext("优先级"),
    "RULE ORDER": lazy_gettext("按规则次序"),
    "OUTPUT ORDER": lazy_gettext("按输出次序"),
    "COLLECT": lazy_gettext("全部收集"),
    "COLLECT SUM": lazy_gettext("求和"),
    "COLLECT MIN": lazy_gettext("取最小"),
    "COLLECT MAX": lazy_gettext("取最大"),
    "COLLECT COUNT": lazy_gettext("计数"),
}
STATES = {
    "now": (lazy_gettext("现行"), "green"),
    "coming": (lazy_gettext("将施行"), "blue"),
    "over": (lazy_gettext("已停止施行"), "amber"),
}


@pages.get("/definitions")
def definitions() -> str:
    """The current version of every process."""
    desk = application().definitions
    return render_template(
        "definitions/all.html",
        definitions=desk.current(actor()),
        withdrawn=desk.withdrawn(actor()),
        tables=desk.tables(actor()),
    )


@pages.get("/definitions/tables/<name>")
def table(name: str) -> str:
    """An effective table with all its versions."""
    view = application().definitions.table(actor(), name)
    return render_template("definitions/table.html", table=view, policies=POLICIES, states=STATES)


@pages.get("/definitions/<key>")
def definition(key: str) -> str:
    """The current version of one process."""
    return _page(key)


@pages.get(f"/definitions/<key>/<int(max={LARGEST}):version>")
def version(key: str, version: int) -> str:
    """A certain version of one process."""
    return _page(key, version)


def _page(key: str, version: int | None = None) -> str:
    after = request.args.get("after", "")
    view = application().definitions.view(actor(), key, version, after)
    return render_template(
        "definitions/one.html",
        view=view,
        one=view.published,
        steps=ELEMENTS,
        types=FIELDS,
        policies=POLICIES,
        after=after,
    )


@pages.get(f"/definitions/<key>/<int(max={LARGEST}):version>/diagram.bpmn")
def diagram(key: str, version: int) -> Response:
    """The BPMN text of a version: to be read by our viewer, never to be run as a page."""
    answer = make_response(application().definitions.diagram(actor(), key, version))
    answer.content_type = "application/xml; charset=utf-8"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
