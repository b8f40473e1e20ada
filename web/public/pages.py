"""Announcements and results for everybody: a list, a page, both as JSON. No session, no cookie, no script.

What is asked for again within half a minute is handed out again; who asks too often, and more than there is room for,
waits. Knows no process.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask_babel import gettext

from engine.desks.public_pages import OVER, SHOWN, PublicList, PublicPage
from engine.errors import NotFound
from web.common.context import application
from web.common.extensions import Extension
from web.common.i18n import LANGUAGES
from web.public.limits import FRESH, Recent, Rooms, Visitors
from web.public.words import last_moment, told

logger = logging.getLogger(__name__)
pages = Blueprint("public_pages", __name__)
LONGEST: Final = 100
BUSY_SECONDS: Final = 2
JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class MadePage:
    """An answer that was made."""

    body: str
    status: int
    kind: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What one server remembers of strangers."""

    visitors: Visitors
    rooms: Rooms
    recent: Recent[MadePage]


GATE: Final = Extension[Gate]("public")


def init_public(app: Flask) -> None:
    """Begin to count."""
    GATE.put(app, Gate(Visitors(), Rooms(), Recent()))
    app.jinja_env.globals.update(told_publicly=told, last_moment=last_moment)


@pages.before_request
def choose_language() -> None:
    """The language stands in the address, for there is no session: without it the browser's, and Chinese first."""
    asked = request.args.get("lang", "")
    g.language = asked if asked in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES), "zh")


@pages.get("/public")
def listed() -> Response:
    """What is on show, the newest first."""
    return _answer(lambda: _list_page(_asked()))


@pages.get("/public.json")
def listed_json() -> Response:
    """The same for programs."""
    return _answer(lambda: MadePage(_json(_list_json(_asked())), 200, JSON))


@pages.get("/public/<int:number>")
def page(number: int) -> Response:
    """A page; that it is over or called off, when it is, and then nothing of what it showed."""
    return _answer(lambda: _page(number))


@pages.get("/public/<int:number>.json")
def page_json(number: int) -> Response:
    """The same for programs."""
    return _answer(lambda: _page_json(number))


@pages.get("/public/<path:rest>")
def nothing(rest: str) -> Response:
    """No page: told without a session, too."""
    return _answer(lambda: _missing(f"/{rest}".endswith(".json")))


# -- what is made -------------------------------------------------------------------------------------------------


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:LONGEST] for name in ("q", "kind", "after")}


def _found(asked: dict[str, str]) -> PublicList:
    return application().public.listed(asked["q"], asked["kind"], asked["after"])


def _list_page(asked: dict[str, str]) -> MadePage:
    found = _found(asked)
    return MadePage(render_template("public/list.html", found=found, asked=asked), 200, HTML)


def _list_json(asked: dict[str, str]) -> dict[str, Any]:
    found = _found(asked)
    rows = [
        {
            "title": row.title, "kind": row.name[0], "publisher": row.publisher, "from": row.since.isoformat(),
            "until": row.until.isoformat() if row.until else None, "state": row.state,
            "address": url_for("public_pages.page", number=row.number, _external=True),
            "json": url_for("public_pages.page_json", number=row.number, _external=True),
        }
        for row in found.rows
    ]  # fmt: skip
    words = {name: value for name, value in asked.items() if value} | {"after": found.next}
    following = url_for("public_pages.listed_json", **words, _external=True) if found.next else None
    return {"pages": rows, "next": following}


def _page(number: int) -> MadePage:
    try:
        found: PublicPage = application().public.page(number)
    except NotFound:
        return _missing(json=False)
    return MadePage(render_template("public/page.html", page=found), _status(found), HTML)


def _page_json(number: int) -> MadePage:
    try:
        found: PublicPage = application().public.page(number)
    except NotFound:
        return _missing(json=True)
    address = url_for("public_pages.page_json", number=number, _external=True)
    return MadePage(_json(found.json(address)), _status(found), JSON)


def _status(found: PublicPage) -> int:
    """410 for what was here and is no more (RFC 9110, 15.5.11)."""
    return 200 if found.head.state == SHOWN else 410 if found.head.state == OVER else 200


def _missing(json: bool) -> MadePage:
    if json:
        return MadePage(_json({"status": 404}), 404, JSON)
    return MadePage(render_template("public/missing.html"), 404, HTML)


def _json(what: object) -> str:
    return str(current_app.json.dumps(what))


# -- how it is handed out -----------------------------------------------------------------------------------------


def _answer(make: Callable[[], MadePage]) -> Response:
    """The answer of a moment ago, or a new one; 429 for who asks too often, 503 when there is no room."""
    gate = GATE.of(current_app)
    now = application().machine.now()
    seconds = gate.visitors.wait(request.remote_addr or "", now)
    if seconds:
        return _later(429, seconds, gettext("您的访问过于频繁，请稍候再试。"))
    free = not request.args.get("q")  # whatever somebody types fills no memory
    key = (request.path, g.language, request.host, request.scheme, *sorted(_asked().items()))
    made = gate.recent.get(key, now) if free else None
    if made is None:
        room = gate.rooms.enter()
        if room is None:
            return _later(503, BUSY_SECONDS, gettext("访问的人太多，请稍候再试。"))
        try:
            with room:
                made = make()
        except Exception:  # the page of a failure is one of a person who is signed in: a stranger gets no session
            logger.exception("a public page failed: %s", request.path)
            return _later(503, BUSY_SECONDS, gettext("系统正忙，请稍候再试。"))
        if free and made.status in (200, 410):
            gate.recent.keep(key, now, made)
    answer = make_response(made.body, made.status)
    answer.content_type = made.kind
    if made.status != 404:
        answer.headers["Cache-Control"] = f"public, max-age={int(FRESH.total_seconds())}"
        answer.vary.add("Accept-Language")
        answer.add_etag()
        answer.make_conditional(request)
    return answer


def _later(status: int, seconds: int, words: str) -> Response:
    answer = make_response(words, status)
    answer.content_type = "text/plain; charset=utf-8"
    answer.headers["Retry-After"] = str(seconds)
    return answer
