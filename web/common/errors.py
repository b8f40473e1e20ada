"""Refusals and failures as people and programs read them: a page that says what to do, or RFC 9457 JSON.

Knows the statuses of HTTP and nothing of cases. A program says that it wants JSON by ``Accept``.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.damage import blamed
from engine.errors import (
    DataUnreadable,
    InvalidForm,
    Refusal,
    Resting,
    Runaway,
)
from engine.feel import BudgetExceeded
from web.common.bounds import TooMuch
from web.common.context import application
from web.common.i18n import language, pick
from web.common.outage import CODE, RETRY_AFTER, handed_in, outage_of
from web.common.statuses import OF_CODES, set_retry_after, status_of, words_for

logger = logging.getLogger(__name__)
PROBLEM_JSON = "application/problem+json"
KEPT = ("Allow", "Retry-After")
"""What of an HTTP error's own headers its answer must name (RFC 9110, 15.5.6)."""


def wants_json() -> bool:
    """Whether the caller is a program: it names JSON in ``Accept`` and does not prefer a page."""
    best = request.accept_mimetypes.best_match([PROBLEM_JSON, "application/json", "text/html"], "text/html")
    return best != "text/html"


def field_errors(refusal: InvalidForm) -> dict[str, str]:
    """Field path to the sentence in the reader's language."""
    return {path: pick(what) for path, what in refusal.errors.items()}


def problem(status: int, detail: str, *, code: str = "", extra: Mapping[str, object] | None = None) -> Response:
    """The answer for a failure: JSON for programs, a page for people."""
    title, now = map(str, OF_CODES.get(code) or words_for(status))
    if wants_json():
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **(extra or {})}
        if code:
            body |= {"type": f"urn:gangwei:problem:{code}", "code": code}
        answer = jsonify(body)
        answer.content_type = PROBLEM_JSON
    else:
        page = render_template("problem.html", status=status, title=title, detail=detail, now=now, extra=extra or {})
        answer = make_response(page)
        if request.headers.get("HX-Request"):  # a whole page has no place where the rows of a list were
            answer.headers["HX-Retarget"] = "body"
            answer.headers["HX-Reswap"] = "innerHTML"
    answer.status_code = status
    return answer


def init_errors(app: Flask) -> None:
    """Answer refusals, HTTP errors and crashes; log only crashes, without what people typed."""

    @app.errorhandler(Refusal)
    def refused(error: Refusal) -> Response:
        if isinstance(error, (BudgetExceeded, Runaway)):
            application().keep_overruns()
        if isinstance(error, DataUnreadable):
            return crashed(error)
        answer = problem(status_of(error), error.message(language()), code=error.code, extra=_told_beside(error))
        set_retry_after(answer, error)
        return answer

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Response:
        return problem(400, gettext("页面停留时间过长，安全凭证已经失效。"), code="TokenExpired")

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        if status < 400 and error.response is not None:
            return make_response(error.response)
        answer = problem(status, error.words() if isinstance(error, TooMuch) else _http_detail(status))
        answer.headers.extend((name, value) for name, value in error.get_headers() if name in KEPT)
        return answer

    @app.errorhandler(Exception)
    def crashed(error: Exception) -> Response:
        reference = secrets.token_hex(4).upper()
        g.pop("actor", None)  # the page of a crash asks nothing that may crash again
        g.crashed = True
        passing = _outage(error)
        if passing is not None:
            return passing
        unreadable = blamed(error, _case_asked())
        if unreadable is not None:
            logger.error("data cannot be read, reference %s: %s %s", reference, request.method, request.path)
            words, told = unreadable.message(language()), {"reference": reference}
            return problem(status_of(unreadable), words, code=unreadable.code, extra=told)
        logger.exception("request failed, reference %s: %s %s", reference, request.method, request.path)
        return problem(500, gettext("处理您的请求时系统出错。"), extra={"reference": reference})


def _told_beside(error: Refusal) -> Mapping[str, object]:
    if isinstance(error, InvalidForm):
        return {"errors": field_errors(error)}
    return handed_in() if isinstance(error, Resting) and not wants_json() else {}


def _outage(error: Exception) -> Response | None:
    """The answer to what passes by; None for any other failure."""
    passing = outage_of(error)
    if passing is None:
        return None
    words, facts = passing
    answer = problem(503, words, code=CODE, extra={"reason": facts["reason"]} if wants_json() else facts)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _case_asked() -> int | None:
    """The case of which an address is a page."""
    words = request.view_args or {}
    number = str(words.get("case_id") or words.get("task_id") or "").partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def _http_detail(status: int) -> str:
    details = {
        404: gettext("这个网址没有对应的页面。"),
        405: gettext("这个网址不接受这种请求。"),
        414: gettext("网址过长。请从页面上的按钮进入，或减少筛选条件。"),
        431: gettext("请求头过大。请清除浏览器中本站的 Cookie 后重新登录。"),
    }
    return str(details.get(status) or gettext("系统无法处理这个请求。"))
