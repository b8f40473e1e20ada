"""The auditor's downloads of event logs, sent while they are read; each is written down before it begins."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, request

from web.audit.filters import read_filters
from web.common.context import actor, application

pages = Blueprint("event_log_pages", __name__)


@pages.get("/audit/cases.xes")
def xes() -> Response:
    """The cases that the filters leave, as XES."""
    return _sent(application().event_logs.xes(actor(), read_filters(request.args)), "application/xml", "cases.xes")


@pages.get("/audit/cases.ocel.json")
def ocel() -> Response:
    """The cases that the filters leave, and what they have written, as OCEL 2.0."""
    log = application().event_logs.ocel(actor(), read_filters(request.args))
    return _sent(log, "application/json", "cases.ocel.json")


def _sent(log: Iterator[str], media_type: str, name: str) -> Response:
    answer = Response(log, content_type=f"{media_type}; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
