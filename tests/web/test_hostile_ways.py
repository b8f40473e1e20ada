"""Methods, headers and sessions that no browser of ours would come with, over every route of the application."""

from __future__ import annotations

from typing import Any

import pytest

from tests.routes import filled
from tests.web.hostile import JSON, Browser, World, problem, quiet

pytestmark = pytest.mark.usefixtures("nothing_crashes")

# --- wrong ways ----------------------------------------------------------------------------------------------------


def addresses(world: World) -> list[str]:
    """Every route of the application, filled with ids that exist."""
    known = {
        "case_id": world.case, "task_id": world.task, "attachment_id": world.file, "key": "post_approval", "name": "post",
        "number": world.record, "code": "130102", "filename": "icon.svg", "digest": "d" * 64,
    }  # fmt: skip
    rules = sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return [filled(rule, known) for rule in rules]


def test_every_route_refuses_the_methods_that_it_has_not(world: World) -> None:
    browser = world.browser("changan")
    for address in dict.fromkeys(addresses(world)):
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
            headers = {**JSON, "X-CSRFToken": browser.token}
            answer = browser.client.open(address, method=method, headers=headers, buffered=True)
            assert problem(answer, 405) and "GET" in answer.headers["Allow"] + "GET", address


def test_every_route_asks_who_one_is_before_anything_else(world: World) -> None:
    nobody = Browser(world.app, "")
    # /metrics is open to programs of this machine, as this visitor is one: tests/web/operator/test_metrics.py
    # /public is what everybody may read, and a crawler finds no more there: tests/web/test_public.py
    open_to_all = ("/login", "/language", "/logout", "/healthz", "/readyz", "/metrics", "/static/", "/public")
    guessed = nobody.get("/invited/1").text  # open to all, too: whoever is invited is nobody yet
    assert "链接无效" in guessed and "password" not in guessed
    for address in dict.fromkeys(addresses(world)):
        if address.startswith((*open_to_all, "/invited/")):
            continue
        answer = quiet(nobody.get(address, headers=JSON))
        assert answer.status_code in (401, 405), (address, answer.status_code)
        assert "长安区" not in quiet(nobody.get(address)).text


def test_nothing_is_changed_without_the_token_of_the_page(world: World) -> None:
    browser = world.browser("shijiazhuang")
    posts = [rule for rule in world.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    paths = [address for rule in posts for address in addresses(world) if _fits(world, rule, address)]
    assert len(paths) >= len(posts)
    for address in dict.fromkeys(paths):
        for headers in ({}, {"X-CSRFToken": "forged"}, {"X-CSRFToken": Browser(world.app, "changan").token}):
            told = problem(browser.client.post(address, data={"text": "x"}, headers={**JSON, **headers}), 400)
            assert told["code"] == "TokenExpired"
            body = browser.client.post(address, data="{}", content_type="application/json", headers={**JSON, **headers})
            problem(body, 400)


def _fits(world: World, rule: Any, address: str) -> bool:
    adapter = world.app.url_map.bind("localhost")
    try:
        return bool(adapter.match(address, "POST")[0] == rule.endpoint)
    except Exception:
        return False


# --- the rest of a request -------------------------------------------------------------------------------------------

HEADERS = (
    {"Accept": "a" * 5000}, {"Accept": "*/*;q=x, ;;"}, {"Accept-Language": "zz-\xff;q=9"}, {"HX-Request": "true\t"}, {"Referer": "//["},
    {"Host": "[::1"}, {"Host": "a b"}, {"Host": "evil.example:99999999"}, {"X-Forwarded-For": "1.2.3.4, x"}, {"X-Forwarded-Host": "evil.example"},
    {"Range": "bytes=9-1,-"}, {"If-Modified-Since": "x"}, {"If-None-Match": '"'}, {"Cookie": "gangwei=" + "x" * 4000}, {"Cookie": "=;;;gangwei"},
    {"User-Agent": "\xe4" * 4000}, {"Content-Length": "-1"}, {"Content-Length": "x"}, {"Origin": "null"}, {"Authorization": "Basic x"},
)  # fmt: skip


@pytest.mark.parametrize("headers", HEADERS, ids=lambda one: str(one)[:40])
def test_odd_headers_harm_nobody(world: World, headers: dict[str, str]) -> None:
    for browser in (world.browser("changan"), Browser(world.app, "")):
        for address in ("/tasks", f"/cases/{world.case}", "/static/icon.svg", "/login", "/healthz"):
            answer = quiet(browser.get(address, headers=headers))
            assert "evil.example" not in answer.headers.get("Location", "") + answer.get_data(as_text=True)


def test_a_session_that_was_ended_or_made_up_opens_nothing(world: World) -> None:
    browser = Browser(world.app, "changan")
    old = browser.client.get_cookie("gangwei").value
    assert browser.post("/logout").status_code == 303
    for cookie in (old, old[:-1] + ("A" if old[-1] != "A" else "B"), "x.y.z", ""):
        other = Browser(world.app, "")
        other.client.set_cookie("gangwei", cookie)
        problem(other.get("/tasks", headers=JSON), 401)


FILES = (
    "a" * 300,
    "..%2f..%2fcli.py",
    "../../../cli.py",
    "%00",
    "manifest.json.gz.gz",
    "",
    "dist",
    "%2fetc%2fpasswd",
    "app.js%0d%0aX:y",
    "\\..\\",
)


@pytest.mark.parametrize("name", FILES, ids=lambda text: ascii(text[:20]))
def test_nothing_but_the_bundle_is_handed_out(world: World, name: str) -> None:
    nobody = Browser(world.app, "")
    for folder in ("/static/", "/static/dist/"):
        for accepts in ("gzip", "identity", "gzip;q=nonsense"):
            answer = quiet(nobody.get(folder + name, headers={"Accept-Encoding": accepts}))
            assert answer.status_code in (308, 400, 404), (folder, name)
