"""The application: every page and what they share, put together. Knows no page from inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, g
from flask.json.provider import DefaultJSONProvider
from flask_wtf import CSRFProtect

from engine import __version__
from engine.application import Application, open_application
from engine.clock import SystemClock
from engine.damage import listening, met
from engine.database import hurried
from engine.evidence.anchors.book import Book
from engine.feel import step
from web.blueprints import BLUEPRINTS
from web.cases.bulk import init_bulk
from web.cases.case import init_cases
from web.cases.deadlines import init_deadlines
from web.cases.verbs import init_verbs
from web.common.assets import init_assets
from web.common.bounds import init_bounds
from web.common.config import Config, read_config
from web.common.context import APPLICATION, actor, application, application_of
from web.common.database import open_database
from web.common.errors import init_errors
from web.common.hiding import init_hiding
from web.common.i18n import init_i18n
from web.common.landing import desks, may_start
from web.common.live import init_live
from web.common.looks import init_looks
from web.common.once import init_once
from web.common.proxies import behind
from web.common.returning import init_returning
from web.common.secret import secret_key
from web.common.security import init_security
from web.common.sources import init_sources
from web.common.terms import TERMS
from web.common.tongues import init_tongues
from web.directory.visitor import SEEN, SESSION, current_actor, init_visitor, known
from web.directory.words import init_words
from web.operator.clock import init_clock
from web.operator.metrics import init_metrics
from web.public.pages import init_public
from web.workshop.trying import init_trials


class PlainJson(DefaultJSONProvider):
    """JSON in UTF-8, in the order in which it was put together: errors stay in the order of the form."""

    ensure_ascii = False
    sort_keys = False


SESSION_HOURS = 12
PATIENCE = 4.0
"""Seconds that a request waits for who writes before it."""


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application. ``settings`` go over Flask's own and Flask-SQLAlchemy's; ours are ``CONFIG`` (a ``Config``) and,
    for tests, ``APPLICATION`` (what ``engine.application.open_application`` would make) and ``ACTOR`` (who acts)."""
    app = Flask("web")
    app.json = PlainJson(app)
    given = dict(settings or {})
    config: Config = given.pop("CONFIG", None) or read_config()
    app.config.from_mapping(_defaults(config))
    app.config.from_mapping(given)
    if not app.config.get("SECRET_KEY"):
        app.config["SECRET_KEY"] = secret_key(config.secret_key_file, make=not config.production)
    APPLICATION.put(app, app.config.get("APPLICATION") or _open(app, config))
    app.config.setdefault("ACTOR", current_actor)
    init_visitor(app)  # first of all: nothing of a stranger's body is read to find out that he is one
    init_bounds(app, known)
    CSRFProtect(app)
    for init in (
        init_security,
        init_assets,
        init_i18n,
        init_returning,
        init_tongues,
        init_errors,
        init_looks,
        init_hiding,
        init_cases,
        init_deadlines,
        init_verbs,
        init_bulk,
        init_clock,
        init_public,
        init_words,
        _init_layout,
        _one_moment,
    ):
        init(app)
    app.wsgi_app = behind(config.trusted_proxies, app.wsgi_app)  # type: ignore[assignment,method-assign]
    init_metrics(app, config)
    for one in BLUEPRINTS:
        app.register_blueprint(one)
    init_once(app)
    init_live(app, application_of(app), (SESSION, SEEN))
    return app


def _defaults(config: Config) -> dict[str, Any]:
    return {
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=SESSION_HOURS),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.production,
        "SESSION_COOKIE_NAME": "gangwei",
        "TRIAL_IDLE": config.trial_idle,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form may stand open over lunch
    }


def _open(app: Flask, config: Config) -> Application:
    database = open_database(app, config)
    book = Book(config.anchors, config.anchor_key_file)
    clock = SystemClock()
    return open_application(config, clock, demo=config.demo, database=database, channels=config.channels, book=book)


def _one_moment(app: Flask) -> None:
    """Let everything that a page reads stand at one moment, in one transaction; damage that it met is told after."""
    answer = app.wsgi_app

    def answer_at_one_moment(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        opened = application_of(app)
        reads = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        with step(), listening() as met, hurried(PATIENCE):  # a page, however many expressions it asks, is one step
            with opened.snapshot() if reads else nullcontext():
                said = answer(environ, start_response)
            opened.damage.report(met)
        return said

    app.wsgi_app = answer_at_one_moment  # type: ignore[method-assign]


def _init_layout(app: Flask) -> None:
    """What the layout needs on every page: who is there, how much waits, what was said to him."""
    init_sources(app)
    init_trials(app)
    app.jinja_env.globals.update(
        has_endpoint=app.view_functions.__contains__,
        desks=desks,
        may_start=may_start,
        version=__version__,
        met=met,
        terms=TERMS,
    )

    @app.context_processor
    def layout() -> dict[str, Any]:
        person = g.get("actor")
        if person is None or g.get("crashed"):
            return {"actor": None, "unread": 0}
        return {"actor": person, "unread": application().messages.unread(actor())}
