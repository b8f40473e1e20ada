"""A program that uses the site over HTTP with a session of its own: cookies, CSRF token, JSON."""

from __future__ import annotations

import http.client
import json
import re
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

PASSWORD = "gonghui-demo-2026"  # of every demo account
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Visitor:
    """One person at one browser. Not to be shared between threads."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    extra: dict[str, str] = field(default_factory=dict)  # headers of every request
    connection: http.client.HTTPConnection | None = None

    def sign_in(self, login: str, password: str = PASSWORD) -> Visitor:
        """Raises AssertionError when the site refuses."""
        self.get("/login")
        answer = self.post_form("/login", {"login": login, "password": password})
        while answer.status == HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" in answer.headers:  # many at once
            time.sleep(int(answer.headers["Retry-After"]))
            answer = self.post_form("/login", {"login": login, "password": password})
        assert answer.status == 303, answer.text
        self.get("/profile")
        return self

    def get(self, path: str) -> Answer:
        """A page; its CSRF token is remembered."""
        answer = self.request("GET", path)
        if found := TOKEN.search(answer.text):
            self.token = found.group(1)
        return answer

    def post(self, path: str, words: dict[str, Any]) -> Answer:
        """A JSON body, answered with JSON."""
        return self.request("POST", path, json.dumps(words), "application/json", accept="application/json")

    def post_form(self, path: str, words: dict[str, str]) -> Answer:
        """What a page's form sends."""
        body = urlencode(words | {"csrf_token": self.token})
        return self.request("POST", path, body, "application/x-www-form-urlencoded")

    def request(self, method: str, path: str, body: str = "", kind: str = "", accept: str = "text/html") -> Answer:
        """One exchange on a connection that stays open."""
        headers = {"Accept": accept, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers |= {"Content-Type": kind, "X-CSRFToken": self.token, "Referer": self.url}
        headers |= self.extra
        kept = self.connection is not None
        try:
            response = self._exchange(method, path, body, headers)
        except ConnectionError:
            if method != "GET" or not kept:
                raise
            self.close()  # the server closes what was silent for long; a browser asks again on a new one, too
            response = self._exchange(method, path, body, headers)
        text = response.read().decode("utf-8", "replace")
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, dict(response.headers), text)

    def _exchange(self, method: str, path: str, body: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        self.connection.request(method, path, body.encode() if body else None, headers)
        return self.connection.getresponse()

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None
