"""A browser without a browser for the pages of cases: set pieces behind the real application."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.web import fakes
from web.app import create_app

JSON = {"Accept": "application/json"}


@cache
def _app(csrf: bool) -> Flask:
    """Made once: what differs from test to test is the service behind it."""
    settings = {"APPLICATION": fakes.fake_application(), "ACTOR": lambda: fakes.REVIEWER, "SECRET_KEY": "k" * 32}
    return create_app({**settings, "WTF_CSRF_ENABLED": csrf})


def page_client(*, csrf: bool = False, english: bool = False, **cases: Any) -> tuple[FlaskClient, fakes.FakeCases]:
    """A client signed in as the city's reviewer, and the service that it talks to."""
    application = fakes.fake_application(**cases)
    app = _app(csrf)
    app.extensions["gangwei"] = application
    client = app.test_client()
    if english:
        client.post("/language", data={"language": "en"})
    return client, application.cases


def told(answer: Any) -> Any:
    """The JSON of an answer."""
    assert answer.is_json or answer.content_type == "application/problem+json", answer.content_type
    return answer.get_json(force=True)


def handed_to_the_form(page: str) -> Any:
    """The JSON that a page hands to the form's script."""
    found = re.search(r'id="form-page">(.*?)</script>', page, re.S)
    assert found, "the page has no form"
    return json.loads(found[1])
