"""English pages are English: what is Chinese in them is data, and says so by ``lang``. Crawls the demo's site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from flask import render_template_string, session
from flask.testing import FlaskClient

from engine.cases.recording.incidents import report
from engine.demo import people
from engine.demo.cases import load_cases
from engine.errors import Conflict
from tests.directory import OURS
from tests.house import House, build_house
from tests.visitor import PASSWORD
from tests.web.pages import handed_to_the_form, page_client
from tests.web.tongues import CHINESE, Reading
from web.app import create_app

LOGINS = {account.role: account.login for account in reversed(people.demo_accounts(OURS))}
KINDS = ("tab", "view", "only", "what", "kind", "prove", "unit")  # of a query: those that make another page
FILES = ("export", "download", ".xlsx", ".csv", ".bpmn", ".docx", "/static/")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo with all its cases, a change of the calendar that waits, and an incident."""
    house = build_house(tmp_path_factory.mktemp("demo"))
    people.load_invited(house.application.database, house.clock, house.application.invitations)
    load_cases(house.folder, house.clock.now())
    house.application.calendar.propose_closure(None, "130100", date(2026, 12, 1), date(2026, 12, 2), "暴雪停办")
    with house.application.database.write() as connection:
        report(connection, None, "comment", Conflict(), None, house.clock.now())
    yield house
    house.application.database.close()


def signed_in(house: House, login: str) -> FlaskClient:
    app = create_app({"APPLICATION": house.application, "SECRET_KEY": "k" * 32, "WTF_CSRF_ENABLED": False})
    client = app.test_client()
    client.post("/language", data={"language": "en"})
    assert client.post("/login", data={"login": login, "password": PASSWORD}).status_code == 303
    return client


def kind(client: FlaskClient, address: str) -> tuple[str, ...]:
    """The rule of an address, with the words of its query that make another page of it."""
    parts = urlsplit(address)
    endpoint, _ = client.application.url_map.bind("localhost").match(parts.path)
    asked = parse_qs(parts.query)
    return (endpoint, *(f"{name}={asked[name][0]}" for name in KINDS if name in asked))


def pages(client: FlaskClient) -> Iterator[tuple[str, Reading]]:
    """One page of each kind that links lead to."""
    seen, waiting = {"/"}, ["/", "/nowhere"]
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address, follow_redirects=True)
        if "text/html" not in answer.content_type:
            continue
        reading = Reading(answer.text)
        yield address, reading
        for link in filter(None, reading.links):  # an empty one is the page itself
            there = urljoin(answer.request.path, link)
            if not link.startswith("#") and there.startswith("/") and not any(part in there for part in FILES):
                name = str(kind(client, there.partition("#")[0]))
                if name not in seen:
                    seen.add(name)
                    waiting.append(there.partition("#")[0])


@pytest.mark.parametrize("login", LOGINS.values(), ids=list(LOGINS.values()))
def test_an_english_page_shows_no_chinese_but_data_that_says_its_language(house: House, login: str) -> None:
    client = signed_in(house, login)
    read = list(pages(client))
    assert len(read) > 5, [address for address, _ in read]
    assert {address: page.wrong for address, page in read if page.wrong} == {}
    assert [address for address, page in read if page.unworded] == []
    assert {address: page.spoilt for address, page in read if page.spoilt} == {}


def test_chinese_that_does_not_say_its_language_is_found() -> None:
    page = '<html lang="en"><title>待办</title><p title="单位">A<b lang="zh">数据<i>名称</i></b><br>张三<script>"李"</script>'
    assert Reading(page).wrong == ["<title>待办", '<p title="单位">', "<p>张三"]
    assert Reading('<html lang="en"><a title="&lt;span lang=&quot;zh&quot;&gt;张">x</a>').spoilt


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("<p>{{ name }} (A)</p>", '<p><span lang="zh">张三</span> (A)</p>'),
        ("<p>{{ _('%(name)s 提出', name=name) }}</p>", '<p>Proposed by <span lang="zh">张三</span></p>'),
        ("<p>{{ '<b>' ~ name }}</p>", '<p>&lt;b&gt;<span lang="zh">张三</span></p>'),
        ("<p>{{ ('合同', '')|t }}{{ ('合同', 'Contract')|t }}</p>", '<p><span lang="zh">合同</span>Contract</p>'),
        ('<a href="/{{ name }}">x</a>', '<a href="/张三">x</a>'),
        ("<option{{ tongue(name) }}>{{ name }}</option>", '<option lang="zh">张三</option>'),
        ("{% set bold %}<b>{{ name }}</b>{% endset %}{{ bold }}", '<b><span lang="zh">张三</span></b>'),
        ("<p>{{ '二〇二六年 3 月' }}</p>", '<p><span lang="zh">二〇二六年 3 月</span></p>'),
    ],
)
def test_what_is_chinese_in_an_english_page_is_marked_and_stays_escaped(template: str, page: str) -> None:
    app = page_client()[0].application
    with app.test_request_context():
        session["language"] = "en"
        assert render_template_string(template, name="张三") == page
    with app.test_request_context():
        assert "lang=" not in render_template_string(template, name="张三")


def test_the_form_of_an_english_page_is_english() -> None:
    client, _ = page_client(english=True)
    told = handed_to_the_form(client.get("/tasks/41-2").text)
    ours = {name: value for name, value in told.items() if name not in {"schema", "values", "data"}}
    assert ours and not CHINESE.search(json.dumps(ours, ensure_ascii=False)), ours
