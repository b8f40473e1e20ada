"""The page of one case: form, diagram, history, files; withdraw, cancel, comment, attach. Knows no rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from engine.errors import BadInput
from engine.files.store import KINDS, MAX_BYTES, accept
from engine.views import DiagramView, ElementView, FieldView, HistoryLine, Submission
from web.cases.deadlines import case_page
from web.cases.words import GROUPS, group_of, sentence
from web.common.context import actor, application
from web.common.errors import wants_json
from web.common.i18n import language, pick
from web.common.words import say

pages = Blueprint("case_pages", __name__)

TABS = {
    "form": (lazy_gettext("办理"), "edit"),
    "diagram": (lazy_gettext("流程图"), "sitemap"),
    "deadlines": (lazy_gettext("期限"), "calendar-due"),
    "history": (lazy_gettext("流转记录"), "history"),
    "files": (lazy_gettext("附件"), "paperclip"),
}


@pages.get("/cases/<case_id>")
def case(case_id: str) -> str:
    """One tab of a case."""
    tab = request.args.get("tab", "form")
    tab = tab if tab in TABS else "form"
    application().cases.acting.read_messages(actor(), case_id)  # whoever looks at the case has been told
    if tab == "deadlines":
        return case_page(case_id)
    extra: dict[str, Any] = {}
    view = application().cases.reading.case(actor(), case_id)
    if tab == "diagram":
        extra |= {"diagram": application().cases.reading.diagram(actor(), case_id)}
    if tab == "history":
        asked = request.args.get("only", "")
        only = asked if asked in GROUPS else ""
        extra |= {"only": only, "groups": GROUPS, "lines": _lines(view.history, only)}
    return render_template(f"cases/{tab}.html", case=view, tab=tab, **extra)


def _lines(history: tuple[HistoryLine, ...], only: str) -> list[HistoryLine]:
    return [line for line in reversed(history) if not only or group_of(line.event) == only]


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


@pages.post("/cases/<case_id>/withdraw")
def withdraw(case_id: str) -> ResponseReturnValue:
    """The applicant takes it back while nobody has decided."""
    application().cases.acting.withdraw(actor(), case_id, request.form.get("reason", "").strip())
    return _back(case_id, gettext("已撤回。"))


@pages.post("/cases/<case_id>/cancel")
def cancel(case_id: str) -> ResponseReturnValue:
    """End it for good, with a reason."""
    application().cases.acting.cancel(actor(), case_id, request.form.get("reason", "").strip())
    return _back(case_id, gettext("已撤销。"))


@pages.post("/cases/<case_id>/comment")
def comment(case_id: str) -> ResponseReturnValue:
    """A word to everybody who sees the case."""
    application().cases.acting.comment(actor(), case_id, request.form.get("text", "").strip())
    return _back(case_id, gettext("留言已加入流转记录。"), tab="history")


@pages.post("/cases/<case_id>/files")
def attach(case_id: str) -> ResponseReturnValue:
    """Add files. One that is not taken keeps the others out too."""
    files = [(file.filename, file.read()) for file in request.files.getlist("file") if file.filename]
    if not files:
        raise BadInput(field=say("附件"), reason=say("没有选择文件"))
    for name, content in files:
        accept(name, content)
    kept = [application().cases.acting.attach(actor(), case_id, name, content) for name, content in files]
    if wants_json():
        return jsonify(digests=[one.digest for one in kept])
    return _back(case_id, gettext("附件已上传。"), tab="files")


@pages.get("/cases/<case_id>/files/<attachment_id>")
def download(case_id: str, attachment_id: str) -> Response:
    """A file, always to be saved and never to be run: it was written by somebody else."""
    attachment, content = application().cases.attachments.attachment(actor(), case_id, attachment_id)
    return _to_save(attachment.filename, content, "application/octet-stream")


@pages.get("/cases/<case_id>/documents/<int:sequence>")
def document(case_id: str, sequence: int) -> Response:
    """What was handed in by that event of the case, as a Word file to print and to stamp."""
    name, content = application().cases.papers.document(actor(), case_id, sequence, language())
    return _to_save(name, content, KINDS[".docx"][0])


def _to_save(name: str, content: bytes, media_type: str) -> Response:
    answer = make_response(content)
    answer.content_type = media_type
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _back(case_id: str, sentence: str, tab: str = "form") -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("case_pages.case", case_id=case_id, tab=tab), code=303)


def latest_of_each(submissions: Iterable[Submission]) -> list[Submission]:
    """The last submission of every step, in the order of time: what counts now."""
    latest = {one.element_id: one for one in submissions}
    return sorted(latest.values(), key=lambda one: one.at)


@dataclass(frozen=True, slots=True)
class Fields:
    """Single values that stand together in one list."""

    fields: tuple[FieldView, ...]
    kind: str = "fields"


def fields_of(submission: Submission) -> list[FieldView | Fields]:
    """The parts of a submission, neighbouring single values joined into lists."""
    parts: list[FieldView | Fields] = []
    for is_field, group in groupby(submission.fields(language()), key=lambda one: one.kind == "field"):
        neighbours = tuple(group)
        parts += (Fields(neighbours),) if is_field else neighbours
    return parts


def init_cases(app: Flask) -> None:
    """What templates of a case need beside their view."""
    app.jinja_env.globals.update(
        case_tabs=TABS, event_group=group_of, event_sentence=sentence, fields_of=fields_of, file_limit=MAX_BYTES
    )
    app.jinja_env.filters["latest_of_each"] = latest_of_each
    app.jinja_env.tests["many"] = lambda items: len(items) > 1
