"""What holds on every page: headers, language, titles, health, and the bundle."""

from __future__ import annotations

import json
import re

import pytest

from engine import __version__
from tests.house import ROOT
from tests.web.pages import page_client, told
from tests.web.tongues import Reading
from web.common.assets import Assets
from web.common.i18n import duration, own_path, size

PAGES = [
    "/tasks",
    "/tasks/41-2",
    "/cases/41",
    "/cases/41?tab=diagram",
    "/cases/41?tab=deadlines",
    "/cases/41?tab=history",
    "/deadlines",
    "/cases/41?tab=files",
    "/start",
    "/start/posts",
    "/registers",
    "/registers/post",
    "/registers/post/130102-001",
    "/messages",
    "/nowhere",
]


@pytest.mark.parametrize("address", PAGES)
def test_nothing_inline_may_run_or_style_and_no_other_host_is_asked(address):
    client, _ = page_client()
    answer = client.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy and "default-src 'none'" in policy
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", answer.text)
    assert re.findall(r"<script(?![^>]*src=)[^>]*>", answer.text) in (
        [],
        ['<script type="application/json" id="form-page">'],
    )
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text)


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_a_language_a_title_one_heading_and_a_way_to_skip(address, english):
    client, _ = page_client(english=english)
    page = client.get(address).text
    assert f'<html lang="{"en" if english else "zh-CN"}"' in page
    assert re.search(r'<title(?: lang="zh")?>\S.* · (岗位事项办理|Gangwei)</title>', page)
    assert page.count("<h1") == 1 and 'href="#main"' in page


@pytest.mark.parametrize("address", PAGES)
def test_an_english_page_holds_no_chinese_but_data_that_says_so(address):
    client, _ = page_client(english=True)
    assert Reading(client.get(address).text).wrong == []


def test_pages_of_a_person_are_kept_in_no_cache():
    client, _ = page_client()
    assert client.get("/tasks").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "there", ["/tasks?q=1", "//evil.example/", "/\\evil.example", "https://evil.example/", "/a\nb", ""]
)
def test_the_switch_of_languages_leads_back_to_a_page_of_ours_only(there):
    client, _ = page_client()
    answer = client.post("/language", data={"language": "en", "next": there})
    assert answer.location == ("/tasks?q=1" if there == "/tasks?q=1" else "/")
    assert own_path(there) == (there if there == "/tasks?q=1" else "")


def test_an_unknown_language_changes_nothing():
    client, _ = page_client()
    client.post("/language", data={"language": "xx"})
    assert 'lang="zh-CN"' in client.get("/tasks").text


def test_the_program_says_that_it_lives_and_whether_it_can_work():
    client, _ = page_client()
    assert told(client.get("/healthz")) == {"status": "ok", "version": __version__}
    answer = client.get("/readyz")
    assert told(answer)["checks"]["database"] == "ok" and told(answer)["checks"]["migrations"] == "ok"
    assert answer.status_code == (200 if told(answer)["checks"]["frontend"] == "ok" else 503)


def test_a_database_that_does_not_answer_is_told_without_its_name(monkeypatch):
    client, _ = page_client()
    application = client.application.extensions["gangwei"]

    def gone():
        raise OSError("db.internal:5432 refused")

    application.ready = gone
    answer = client.get("/readyz")
    assert answer.status_code == 503 and told(answer)["checks"]["database"] == "unreachable"
    assert "5432" not in answer.text


def test_a_bundle_is_complete_or_says_what_is_missing(tmp_path):
    assert Assets(tmp_path).missing() == "manifest.json"
    (tmp_path / "manifest.json").write_text(json.dumps({"app.js": "app-1.js"}))
    assert Assets(tmp_path).missing() == "app-1.js"
    (tmp_path / "app-1.js").write_text("")
    assert Assets(tmp_path).missing() == ""


def test_durations_and_sizes_read_well():
    client, _ = page_client()
    with client.application.test_request_context():
        assert [duration(n) for n in (None, 5, 120, 7_500, 90_000, 86_400)] == [
            "", "不到 1 分钟", "2 分钟", "2 小时 5 分钟", "1 天 1 小时", "1 天",
        ]  # fmt: skip
    assert [size(n) for n in (12, 2_048, 20 * 1024 * 1024, 1_600_000)] == ["12 B", "2 KB", "20 MB", "1.5 MB"]


def test_the_bundle_goes_out_packed_and_is_kept_for_a_year(monkeypatch, tmp_path):
    client, _ = page_client()
    monkeypatch.setattr(client.application.extensions["assets"], "dist", tmp_path)
    (tmp_path / "app-1.js").write_text("plain")
    (tmp_path / "app-1.js.gz").write_bytes(b"packed")
    with client.get("/static/dist/app-1.js", headers={"Accept-Encoding": "gzip, br"}) as packed:
        assert packed.data == b"packed" and packed.headers["Content-Encoding"] == "gzip"
        assert packed.content_type.startswith("text/javascript") and "immutable" in packed.headers["Cache-Control"]
    with client.get("/static/dist/app-1.js", headers={"Accept-Encoding": "identity"}) as plain:
        assert plain.data == b"plain" and "Content-Encoding" not in plain.headers
    assert client.get("/static/dist/../../config.py").status_code == 404
    with client.get("/static/icon.svg") as icon:
        assert icon.content_type.startswith("image/svg+xml")


DRAWN = re.compile(r'''\bicon\("([a-z0-9-]+)"|\bnotice\("[a-z]+", *"([a-z0-9-]+)"|\bempty\("([a-z0-9-]+)"''')


def test_every_icon_that_a_page_draws_is_in_the_bundle():
    known = set(json.loads((ROOT / "web" / "frontend" / "icons.json").read_text("utf-8")))
    assert DRAWN.findall('ui.notice("warning", "no-such")') == [("", "no-such", "")]
    pages = {path.name: path.read_text("utf-8") for path in (ROOT / "web" / "templates").rglob("*.html")}
    drawn = {(name, "".join(found)) for name, text in pages.items() for found in DRAWN.findall(text)}
    assert len(drawn) > 100 and {one for one in drawn if one[1] not in known} == set()


def test_what_sees_whether_a_page_comes_whole_stands_before_everything_that_may_not_come():
    client, _ = page_client()
    page = client.get("/tasks/41-2").text
    first = re.search(r"<(?:script|link rel=.stylesheet)[^>]*>", page)
    assert first and "watch" in first.group() and "module" not in first.group()
    assert re.search(r'<div class="[^"]*" id="not-whole" role="alert" hidden>', page) and "刷新本页" in page
