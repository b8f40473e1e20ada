"""The page of one case: form, diagram, history, files. Knows no rule."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext

from engine.files.uploads import MAX_BYTES
from engine.views import DiagramView, ElementView, HistoryAsked
from web.cases.deadlines import case_page
from web.cases.handed_in import LONGEST_NUMBER
from web.cases.submissions import fields_of, latest_of_each, warnings_of
from web.cases.words import GROUPS, NAMES, group_of, sentence
from web.common.context import actor, application
from web.common.i18n import pick

pages = Blueprint("case_pages", __name__)
FAMILY = "family"
"""The tab of a case that another one has opened, or that has opened another one."""
TABS = {
    "form": (lazy_gettext("表单详情"), "file-text"),
    "diagram": (lazy_gettext("流程图"), "sitemap"),
    "deadlines": (lazy_gettext("期限"), "calendar-due"),
    "history": (lazy_gettext("流转记录"), "history"),
    "files": (lazy_gettext("附件"), "paperclip"),
    FAMILY: (lazy_gettext("关联事项"), "binary-tree"),
}


@pages.get("/cases/<case_id>")
def case(case_id: str) -> str:
    """One tab of a case."""
    tab = request.args.get("tab", "form")
    tab = tab if tab in TABS else "form"
    application().messages.read(actor(), case_id)  # whoever looks at the case has been told
    if tab == "deadlines":
        return case_page(case_id)
    extra: dict[str, Any] = {}
    only = request.args.get("only", "") if tab == "history" else ""
    only = only if only in GROUPS else ""
    asked = HistoryAsked(_number(request.args.get("before", "")), *NAMES.get(only, ()))
    view = application().cases.reading.case(actor(), case_id, asked)
    if tab == "diagram":
        extra |= {"diagram": application().cases.reading.diagram(actor(), case_id)}
    if tab == FAMILY:
        after = _number(request.args.get("after", ""))
        extra |= {"after": after, "family": application().cases.families.of_case(actor(), case_id, after)}
    if tab == "history":
        extra |= {"only": only, "groups": GROUPS}
    return render_template(f"cases/{tab}.html", case=view, tab=tab, **extra)


def _number(text: str) -> int:
    """The sequence number in an address; what makes no sense is none: an old bookmark must not fail."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


@pages.get("/cases/<case_id>/diagram.bpmn")
def diagram_xml(case_id: str) -> Response:
    """The BPMN text by which this case runs: to be read by our viewer, never to be run as a page."""
    answer = make_response(application().cases.reading.diagram(actor(), case_id).xml)
    answer.content_type = "application/xml; charset=utf-8"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@pages.get("/cases/<case_id>/diagram.json")
def diagram_json(case_id: str) -> Response:
    """What happened at each element, for programs; times in UTC."""
    view: DiagramView = application().cases.reading.diagram(actor(), case_id)
    return jsonify({element_id: _element(element) for element_id, element in view.elements.items()})


def _element(element: ElementView) -> dict[str, Any]:
    return {
        "name": pick(element.name),
        "state": element.state,
        "times": element.times,
        "tokens": element.tokens,
        "articles": [article.number for article in element.articles],
        "visits": [
            {
                "who": pick(visit.who),
                "started_at": visit.started_at.isoformat(),
                "ended_at": visit.ended_at.isoformat() if visit.ended_at else None,
                "seconds": visit.seconds,
                "outcome": pick(visit.outcome) or None,
            }
            for visit in element.visits
        ],
    }


def init_cases(app: Flask) -> None:
    """What templates of a case need beside their view."""
    app.jinja_env.globals.update(
        case_tabs=TABS,
        event_group=group_of,
        event_sentence=sentence,
        fields_of=fields_of,
        warnings_of=warnings_of,
        file_limit=MAX_BYTES,
    )
    app.add_template_filter(latest_of_each)
    app.jinja_env.tests["many"] = lambda items: len(items) > 1
