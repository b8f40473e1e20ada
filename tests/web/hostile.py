"""A running house with real sessions for requests that no page of ours sends, and what must hold for every answer."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from tests.applications import filled_application, post
from tests.house import build_house
from tests.visitor import PASSWORD
from web.app import create_app
from web.common.config import read_config

JSON = {"Accept": "application/json"}
START = "/start/post_approval?organisation=130102"
NO_BUSINESS = ("designer", "operator", "auditor", "administrator")
STRANGERS = ("tangshan", "zhengding", "dingzhou", "observer.tangshan")


class Browser:
    """A signed-in session that hands its token in."""

    def __init__(self, app: Any, login: str) -> None:
        self.client = app.test_client()
        self.token = ""
        if login:
            self.page("/login")
            assert self.post("/login", {"login": login, "password": PASSWORD}).status_code == 303
            self.page("/profile")

    def page(self, address: str) -> None:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(address).text)
        assert found, address
        self.token = found[1]

    def get(self, address: str, **more: Any) -> Any:
        return self.client.get(address, buffered=True, **more)

    def post(self, address: str, fields: Any = None, **more: Any) -> Any:
        headers = {"X-CSRFToken": self.token, **more.pop("headers", {})}
        return self.client.post(address, data={} if fields is None else fields, headers=headers, **more)

    def send(self, address: str, body: str | bytes, kind: str = "application/json") -> Any:
        """A raw body from a program."""
        return self.post(address, body, content_type=kind, headers=JSON)


class World:
    """A running house, filled with a case that waits for the city, one that is done, a file and a record."""

    def __init__(self, folder: Any, *, filled: bool = True) -> None:
        self.house = build_house(folder)
        config = read_config({"GANGWEI_ENV": "development", "GANGWEI_DATA_DIR": str(folder)})
        self.app = create_app({"CONFIG": config, "APPLICATION": self.house.application})
        self._browsers: dict[str, Browser] = {}
        if filled:
            self._fill()

    def _fill(self) -> None:
        self.case = self.house.start("changan", "post_approval", "130102", filled_application()).case_id
        self.task = self.house.task_of("shijiazhuang", self.case)
        cases, officer = self.house.application.cases, self.house.actor("changan")
        self.file = cases.acting.attach(officer, self.case, "说明 “一”;\r\n.txt", b"<script>alert(1)</script>").id
        self.done = self._approved()
        self.record = self.house.application.registers.search(officer, "post", _everything()).rows[0].number

    def _approved(self) -> str:
        case_id = self.house.start("changan", "post_approval", "130102", filled_application(post())).case_id
        self.house.complete("shijiazhuang", case_id, "pass")
        task = self.house.task_of("province", case_id)
        form = self.house.application.cases.reading.task(self.house.actor("province"), task).form
        assert form is not None
        self.house.application.cases.acting.complete(self.house.actor("province"), task, dict(form.values), "approve")
        return case_id

    def browser(self, login: str) -> Browser:
        if login not in self._browsers:
            self._browsers[login] = Browser(self.app, login)
        return self._browsers[login]


def _everything() -> Any:
    from engine.views import RegisterFilters

    return RegisterFilters()


def quiet(answer: Any) -> Any:
    """The answer, after looking that it tells nothing of the inside and cannot be misread by a browser."""
    said = answer.get_data()
    assert answer.status_code < 500, said
    assert not [word for word in (b"Traceback", b"sqlalchemy", b"site-packages") if word in said]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return answer


def problem(answer: Any, *statuses: int) -> Any:
    """The problem details of an answer for a program."""
    assert quiet(answer).status_code in statuses, (answer.status_code, answer.text)
    assert answer.content_type == "application/problem+json", answer.text
    assert answer.json["status"] == answer.status_code and answer.json["title"] and answer.json["detail"]
    return answer.json


def mark(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
