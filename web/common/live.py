"""What is new, for a page that asks every few seconds: answered before Flask, a session's row or any statement.

The cookie says which session asks; its signature is checked once for each cookie. What is new for it stands in memory
(``engine.jobs.live``). No thread waits for anything: each answer is at once. An answer tells no length, by which
waitress closes its connection: of each that stands open its loop asks again and again whether anything has come.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from itsdangerous import BadSignature

from engine.application import Application
from engine.jobs.live import NotSeenYet
from web.common.security import HEADERS

ADDRESS: Final = "/news"
MOST_COOKIES = 4096
_HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), *HEADERS.items()]


class Doorman:
    """Answers ``ADDRESS`` and hands everything else on."""

    def __init__(self, app: Flask, application: Application, names: tuple[str, str]) -> None:
        """``names``: under which the cookie keeps the session's id, and when it was seen last."""
        self._rest, self._application, self._names = app.wsgi_app, application, names
        self._name = app.config["SESSION_COOKIE_NAME"] + "="
        self._signed = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        self._known: dict[str, tuple[str, int] | None] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application."""
        if environ.get("PATH_INFO") != ADDRESS or environ.get("REQUEST_METHOD") != "GET":
            return self._rest(environ, start_response)
        status, told = self._answer(environ)
        start_response(status, _HEADERS)
        return iter([json.dumps(told).encode()] if told else [])

    def _answer(self, environ: WSGIEnvironment) -> tuple[str, dict[str, object]]:
        who = self._session(environ.get("HTTP_COOKIE", ""))
        if who is None or not self._is_fresh(who[1]):
            return "401 Unauthorized", {}
        try:
            news = self._application.live.ask(who[0])
        except NotSeenYet:
            return "202 Accepted", {}
        if news is None:
            return "401 Unauthorized", {}
        if environ.get("QUERY_STRING") == f"v={news.version}":
            return "204 No Content", {}
        return "200 OK", {
            "version": news.version,
            "unread": news.unread,
            "waiting": news.waiting,
            "newest": news.newest,
        }

    def _is_fresh(self, seen: int) -> bool:
        idle = self._application.machine.now() - datetime.fromtimestamp(seen, UTC)
        return bool(idle <= self._application.signin.settings.idle)

    def _session(self, cookies: str) -> tuple[str, int] | None:
        """The id of the session that a cookie of ours names, and when it was seen last."""
        value = next((one[len(self._name) :] for one in cookies.split("; ") if one.startswith(self._name)), "")
        if not value:
            return None
        if value not in self._known:
            if len(self._known) >= MOST_COOKIES:
                self._known.clear()
            self._known[value] = self._opened(value)
        return self._known[value]

    def _opened(self, value: str) -> tuple[str, int] | None:
        try:
            told = self._signed.loads(value)
        except BadSignature:
            return None
        session, seen = (told.get(name) for name in self._names)
        return (session, seen) if isinstance(session, str) and isinstance(seen, int) else None


def init_live(app: Flask, application: Application, names: tuple[str, str]) -> None:
    """Stand before everything else."""
    app.wsgi_app = Doorman(app, application, names)  # type: ignore[method-assign]
