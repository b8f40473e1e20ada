"""The auditor's pages of the playback: a case event by event. Knows no rule of what he may see."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from engine.desks.playback import AT_ONCE, LONGEST_REASON
from engine.views import HistoryLine
from web.cases.words import sentence
from web.common.as_of import as_of, written
from web.common.context import actor, application
from web.common.spool import stream

pages = Blueprint("playback_pages", __name__)
WIDE = 1000
"""Units of the time line to scale."""
LARGEST = 9
"""Digits of a number of the address."""


@pages.get("/audit/cases/<case_id>/playback")
def playback(case_id: str) -> str:
    """A case with all of its events; without a script, the position that the address asks for."""
    found = application().playback.case(actor(), case_id)
    total = found.lines[-1].sequence if found.lines else 0
    moment = as_of(request.args)
    asked = _last_before(found.lines, moment) if moment else min(_number("event") or total, total)
    shown = (
        application().playback.positions(actor(), case_id, asked, 1)
        if asked and (moment or "event" in request.args)
        else []
    )
    return render_template(
        "audit/playback.html",
        found=found,
        case_id=case_id,
        first=asked,
        position=shown[0] if shown else None,
        links=True,
        moment=moment,
        early=moment is not None and found.lines[:1] and found.lines[0].at > moment,
        as_of=written(moment),
        total=total,
        sentence=sentence,
        scale=_scale(found.lines),
        longest=LONGEST_REASON,
    )


@pages.get("/audit/cases/<case_id>/playback/diagram.bpmn")
def diagram(case_id: str) -> Response:
    """The diagram of the case's own version."""
    answer = make_response(application().playback.case(actor(), case_id).xml)
    answer.mimetype = "application/xml"
    return answer


@pages.get("/audit/cases/<case_id>/playback/positions")
def positions(case_id: str) -> Response:
    """A slice of positions, as they are shown, and how each marks the diagram."""
    first = _number("first") or 1
    found = application().playback.positions(actor(), case_id, first)
    told = [
        {
            "seq": one.line.sequence,
            "element": one.line.element_id or "",
            "html": render_template("audit/_position.html", position=one, sentence=sentence, links=True),
            "marks": {
                name: {"state": mark.state, "tokens": mark.tokens, "times": mark.times}
                for name, mark in one.marks.items()
            },
        }
        for one in found
    ]
    return jsonify(positions=told, last=first + AT_ONCE - 1)


@pages.post("/audit/cases/<case_id>/playback/personal")
def open_personal(case_id: str) -> Redirect:
    """Show what is personal for an hour: with a reason that the other administrators hear."""
    reason = request.form.get("reason", "")
    application().playback.open(actor(), request.remote_addr or "", case_id, reason)
    return redirect(url_for("playback_pages.playback", case_id=case_id))


@pages.get("/audit/cases/<case_id>/playback/evidence.zip")
def bundle(case_id: str) -> Response:
    """The evidence bundle of the case, masked unless what is personal is shown."""
    found = application().playback.case(actor(), case_id)
    report = render_template("audit/report.html", found=found, sentence=sentence)
    packed = stream(None)
    application().playback.bundle(actor(), case_id, report, packed)
    packed.seek(0)
    return send_file(
        packed, mimetype="application/zip", as_attachment=True, download_name=f"evidence-{found.case_id}.zip"
    )


def _last_before(lines: tuple[HistoryLine, ...], moment: datetime) -> int:
    """The last event until a moment; the first, where there was none yet; 0: there is none to be seen."""
    before = [one for one in lines if one.at <= moment] or lines[:1]
    return before[-1].sequence if before else 0


def _scale(lines: tuple[HistoryLine, ...]) -> dict[int, int]:
    """Where each event stands on the time line, by its moment."""
    if not lines:
        return {}
    begin, end = lines[0].at, lines[-1].at
    whole = (end - begin).total_seconds() or 1.0
    return {one.sequence: round(_since(begin, one.at) / whole * WIDE) for one in lines}


def _since(begin: datetime, at: datetime) -> float:
    return (at - begin).total_seconds()


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LARGEST else 0
