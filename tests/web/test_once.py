"""What a page hands in twice is done once: the same key of the same person gets the same answer, on both databases."""

from __future__ import annotations

import io
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.directory.page_keys import SILENCE, AlreadyAnswered, BeingDone, PageUsed
from engine.jobs.upkeep import Upkeep
from storage import calendars
from storage import page_keys as page_keys_rows
from storage.account_events import account_events
from storage.accounts import users
from storage.events import events
from storage.page_keys import page_keys
from storage.tables import attachments, cases, drafts
from tests.applications import filled_application, post
from tests.house import ROOT, build_house
from tests.web.hostile import JSON, START, Browser
from web.app import create_app
from web.common.once import OF_NOBODY, TELLS

KEY = re.compile(r'name="idempotency_key" value="([^"]+)"')
POSTED = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)


class Site:
    """A house behind the application, and sessions of its people."""

    def __init__(self, folder: Any, server: Any) -> None:
        self.house = build_house(folder, server=server)
        self.application = self.house.application
        self.app = create_app({"APPLICATION": self.application, "SECRET_KEY": "k" * 32})

    def browser(self, login: str) -> Browser:
        return Browser(self.app, login)

    def count(self, table: Any) -> int:
        with self.application.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.fixture
def site(tmp_path, server):
    made = Site(tmp_path, server)
    yield made
    made.application.database.close()


def key_of(page: str, action: str) -> str:
    """The key of the form that is posted to an address."""
    found = [form for form in POSTED.findall(page) if f'action="{action}' in form.replace("&amp;", "&")]
    assert found, action
    match = KEY.search(found[0])
    assert match, found[0]
    return match[1]


def start(browser: Browser, key: str, **words: Any) -> Any:
    fields = {"data": json.dumps(filled_application(post(**words))), "idempotency_key": key}
    return browser.post(START, fields, headers=JSON)


def test_a_start_whose_answer_was_lost_opens_one_case_and_answers_the_same(site):
    officer = site.browser("changan")
    key = key_of(officer.get(START).text, START)
    first, again = start(officer, key), start(officer, key)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert first.status_code == 200 and site.count(cases) == 1
    other = site.browser("zhengding")  # a key is a person's own
    assert other.get("/tasks").status_code == 200
    assert start(officer, key_of(officer.get(START).text, START)).json["case_id"] != first.json["case_id"]
    assert site.count(cases) == 2


def test_two_tabs_with_one_draft_open_one_case(site):
    officer = site.browser("changan")
    tabs = [key_of(officer.get(START).text, START) for _ in range(2)]
    assert tabs[0] == tabs[1]
    one = start(officer, tabs[0]).json
    other = start(officer, tabs[1], reason="另一个标签页里写的理由")
    assert other.status_code == 409 and other.json["code"] == "PageUsed"
    assert other.json["earlier"] == f"/cases/{one['case_id']}"
    assert site.count(cases) == 1
    assert key_of(officer.get(START).text, START) != tabs[0]


def test_six_posts_at_once_open_one_case(site):
    browsers = [site.browser("changan") for _ in range(6)]
    key, together = key_of(browsers[0].get(START).text, START), Barrier(6)

    def send(browser: Browser) -> Any:
        together.wait()
        return start(browser, key)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, browsers))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({json.dumps(answer.json, sort_keys=True) for answer in answers}) == 1
    assert site.count(cases) == 1 and site.count(page_keys) == 1


def test_a_form_that_was_refused_may_be_handed_in_again_from_the_same_page(site):
    officer = site.browser("changan")
    key = key_of(officer.get(START).text, START)
    assert start(officer, key, number=-1).status_code == 422
    assert site.count(page_keys) == 0
    assert start(officer, key).status_code == 200


def test_a_completion_that_is_repeated_leads_to_where_the_first_led(site):
    case = site.house.start("changan", "post_approval", "130102", filled_application()).case_id
    task, city = site.house.task_of("shijiazhuang", case), site.browser("shijiazhuang")
    page = city.get(f"/tasks/{task}").text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    fields = {"data": "{}", "outcome": "pass", "opinion": "同意", "revision": revision[1]}
    fields["idempotency_key"] = key_of(page, f"/tasks/{task}")
    first, again = city.post(f"/tasks/{task}", fields), city.post(f"/tasks/{task}", fields)
    assert (first.status_code, first.location) == (again.status_code, again.location) == (303, first.location)
    other_tab = city.post(f"/tasks/{task}?back=/tasks%3Fq%3Dx", fields)  # opened from another list
    assert (other_tab.status_code, other_tab.location) == (303, first.location)
    assert "已办理" in city.get("/tasks").text
    fields["outcome"] = "return"
    assert city.post(f"/tasks/{task}", fields).status_code == 409
    # without a key the engine itself refuses what is done already
    del fields["idempotency_key"]
    assert city.post(f"/tasks/{task}", fields).status_code == 409


def test_comments_and_files_are_added_once(site):
    case = site.house.start("changan", "post_approval", "130102", filled_application()).case_id
    officer, before = site.browser("changan"), site.count(events)
    page = officer.get(f"/cases/{case}?tab=files").text
    comment = {"text": "请尽快", "idempotency_key": key_of(page, f"/cases/{case}/comment")}
    key = key_of(page, f"/cases/{case}/files")
    for _ in range(2):
        assert officer.post(f"/cases/{case}/comment", comment).status_code == 303
        file = {"file": (io.BytesIO(b"abc"), "a.txt"), "idempotency_key": key}
        assert officer.post(f"/cases/{case}/files", file).status_code == 303
    assert site.count(events) == before + 2 and site.count(attachments) == 1
    other = {"file": (io.BytesIO(b"abd"), "a.txt"), "idempotency_key": key}
    assert officer.post(f"/cases/{case}/files", other).status_code == 409


def test_an_account_is_made_once_and_its_password_shown_once(site):
    security, before = site.browser("administrator"), site.count(users)
    key = KEY.findall(security.get("/admin/users/new").text)[-1]
    fields = {"login": "newcomer", "name": "新人", "idempotency_key": key}
    first, again = security.post("/admin/users/new", fields), security.post("/admin/users/new", fields)
    assert first.status_code == 201 and site.count(users) == before + 1
    assert again.status_code == 303 and security.get(again.location).status_code == 200
    account = re.search(r"/admin/users/(\d+)", again.location)
    assert account
    password = {"idempotency_key": "reset-1"}
    address = f"/admin/users/{account[1]}/reset-password"
    changed = site.count(account_events)
    assert [security.post(address, password).status_code for _ in range(2)] == [200, 303]
    assert site.count(account_events) == changed + 1


def test_a_proposal_is_made_once(site):
    operator = site.browser("operator")
    page = operator.get("/calendar/changes").text
    closure = {"organisation": "130102", "first": "2026-12-10", "last": "2026-12-11", "reason": "搬迁"}
    closure["idempotency_key"] = key_of(page, "/calendar/closures")
    first, again = (operator.post("/calendar/closures", closure) for _ in range(2))
    assert (first.status_code, first.location) == (again.status_code, again.location)
    assert site.count(calendars.calendar_proposals) == 1


def test_what_a_refused_act_has_written_stays_written(site):
    officer, before = site.browser("changan"), site.count(account_events)
    wrong = {"old": "falsch", "new": "a long enough word", "again": "a long enough word", "idempotency_key": "p"}
    assert officer.post("/password", wrong).status_code == 422
    assert site.count(account_events) == before + 1  # the failure counts towards the lock
    assert site.count(page_keys) == 0


def test_a_key_may_come_as_a_header_or_in_json(site):
    officer = site.browser("changan")
    body = {"data": filled_application(), "idempotency_key": "mine"}
    sent = [officer.send(START, json.dumps(body)) for _ in range(2)]
    assert sent[0].json == sent[1].json and site.count(cases) == 1
    headers = {**JSON, "Idempotency-Key": "another"}
    words = json.dumps({"data": filled_application()})
    sent = [officer.post(START, words, content_type="application/json", headers=headers) for _ in range(2)]
    assert sent[0].json == sent[1].json and site.count(cases) == 2
    assert (
        officer.post(
            START, words, content_type="application/json", headers=headers | {"Idempotency-Key": "k" * 201}
        ).status_code
        == 400
    )


@pytest.mark.parametrize(
    "body", ['{"idempotency_key": ' + "[" * 100_000, '["idempotency_key"]', '{"idempotency_key": 7}']
)
def test_a_body_that_makes_no_sense_has_no_key(site, body):
    assert site.browser("changan").send(START, body).status_code in (400, 422)
    assert site.count(cases) == site.count(page_keys) == 0


def test_a_draft_is_no_matter_of_keys(site):
    officer = site.browser("changan")
    for text in ("一", "二"):
        assert (
            officer.send(
                "/start/post_approval/draft?organisation=130102", json.dumps({"data": {"need": text}})
            ).status_code
            == 200
        )
    assert site.count(drafts) == 1 and site.count(page_keys) == 0


def test_keys_are_kept_for_a_week(site):
    officer = site.browser("changan")
    assert start(officer, "old").status_code == 200
    opened = site.application
    upkeep = Upkeep(
        opened.database, opened.cases.calendars, opened.clock, opened.signin, opened.page_keys, opened.files
    )
    site.house.clock.at += timedelta(days=7)
    assert upkeep.clean_up()["page_keys"] == 0
    site.house.clock.at += timedelta(minutes=1)
    assert upkeep.clean_up()["page_keys"] == 1


def killed(site: Site, person: Any, key: str) -> None:
    """What a program leaves behind that is ended in the middle of a long act."""
    with site.application.database.write() as connection:
        assert page_keys_rows.take(connection, person.user_id, key, "same", site.house.clock.now())


def test_a_long_act_whose_program_was_ended_is_taken_up_by_the_same_page_after_a_while(site):
    keys, person = site.application.page_keys, site.house.actor("changan")
    killed(site, person, "long")
    with pytest.raises(BeingDone), keys.long(person, "long", "same"):
        pytest.fail("its holder may live")
    site.house.clock.at += SILENCE + timedelta(seconds=1)
    with pytest.raises(PageUsed), keys.long(person, "long", "other"):
        pytest.fail("something else was handed in")
    with keys.long(person, "long", "same") as act:
        act.answer = {"status": 303, "location": "/done"}
    with pytest.raises(AlreadyAnswered), keys.long(person, "long", "same"):
        pytest.fail("it is done")


def test_who_is_still_at_a_long_act_is_not_taken_for_dead(site, monkeypatch):
    monkeypatch.setattr("engine.directory.page_keys.HEARD_SECONDS", 0.01)
    keys, person = site.application.page_keys, site.house.actor("changan")
    with keys.long(person, "long", "same") as act:
        site.house.clock.at += SILENCE * 3
        heard = select(page_keys.c.used_at)
        for _ in range(500):
            time.sleep(0.01)
            with site.application.database.read() as connection:
                if connection.execute(heard).scalar_one() == site.house.clock.now():
                    break
        with pytest.raises(BeingDone), keys.long(person, "long", "same"):
            pytest.fail("it is under way")
        act.answer = {"status": 303, "location": "/done"}


def test_every_route_that_takes_a_post_of_a_person_takes_a_key(tmp_path):
    site = Site(tmp_path, None)
    posted = {rule.endpoint for rule in site.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    plain = {name for name in posted if not hasattr(site.app.view_functions[name], "__wrapped__")}
    assert len(posted) > 25 and plain >= TELLS
    assert {name.partition(".")[0] for name in plain - TELLS} == OF_NOBODY
    site.application.database.close()


def keyless(template: str) -> list[str]:
    """The forms of a template that are posted by a person who is known, and carry no key of theirs or of before."""
    has_one = ("csrf(", "auth_pages.login", "in extra.again")
    makes_nothing = ("bulk_pages.choose", "bulk_pages.rehearse")  # and is asked again and again
    return [form for form in POSTED.findall(template) if not any(one in form for one in has_one + makes_nothing)]


def test_every_form_that_is_posted_carries_a_key():
    templates = sorted((ROOT / "web" / "templates").rglob("*.html"))
    found = {path.name: keyless(path.read_text(encoding="utf-8")) for path in templates if path.parent.name != "auth"}
    assert len(found) > 40 and {name: forms for name, forms in found.items() if forms} == {}
    assert keyless('<form method="post">{{ ui.csrf() }}</form>\n<form action="/x" method="post"></form>')
