"""Over HTTP, with real sessions: each account sees its own part of the tree and nothing more, and may do no longer."""

from __future__ import annotations

import re

import pytest

from tests.applications import filled_application
from tests.visitor import Visitor

NO_BUSINESS = ("auditor", "administrator", "operator", "designer")
ELSEWHERE = ("zhengding", "tangshan", "observer.tangshan", "dingzhou")


@pytest.fixture(scope="module")
def visitors(site):
    """Sessions by login, opened once."""
    opened: dict[str, Visitor] = {}

    def visitor(login):
        if login not in opened:
            opened[login] = Visitor(site.url).sign_in(login)
        return opened[login]

    yield visitor
    for one in opened.values():
        one.close()


@pytest.fixture(scope="module")
def case_id(visitors):
    """A case of 长安区 that waits for the city."""
    answer = visitors("changan").post("/start/post_approval?organisation=130102", {"data": filled_application()})
    assert answer.status == 200, answer.text
    return answer.json["case_id"]


def pages(case_id):
    tabs = [f"/cases/{case_id}?tab={tab}" for tab in ("form", "diagram", "deadlines", "history", "files")]
    return [*tabs, f"/cases/{case_id}/diagram.bpmn", f"/tasks/{case_id}-1"]


@pytest.mark.parametrize("login", ["changan", "shijiazhuang", "province", "observer"])
def test_those_above_the_case_see_it(visitors, case_id, login):
    assert visitors(login).get(f"/cases/{case_id}").status == 200


@pytest.mark.parametrize("login", [*NO_BUSINESS, *ELSEWHERE])
def test_nobody_else_sees_any_page_of_the_case(visitors, case_id, login):
    statuses = {path: visitors(login).get(path).status for path in pages(case_id)}
    assert set(statuses.values()) <= {403, 404}, statuses


@pytest.mark.parametrize("login", [*NO_BUSINESS, *ELSEWHERE, "observer"])
@pytest.mark.parametrize("act", ["withdraw", "cancel", "comment"])
def test_who_may_not_act_is_refused(visitors, case_id, login, act):
    answer = visitors(login).post_form(f"/cases/{case_id}/{act}", {"reason": "试试", "text": "试试"})
    assert answer.status in (403, 404), answer.text


@pytest.mark.parametrize("login", ["observer", "changan", "zhengding", "auditor"])
def test_only_the_city_may_review(visitors, case_id, login):
    task = open_task(visitors("shijiazhuang"), case_id)
    answer = visitors(login).post(f"/tasks/{task}", {"data": {"opinion": "同意"}, "outcome": "pass"})
    assert answer.status in (403, 404), answer.text


@pytest.mark.parametrize("login", NO_BUSINESS)
def test_administrators_see_no_register_and_no_inbox(visitors, login):
    visitor = visitors(login)
    assert "GW20" not in visitor.get("/tasks?view=todo").text
    listed = visitor.get("/registers/post")
    assert listed.status in (403, 404) or "data-row" not in listed.text


def test_the_login_page_is_all_that_a_stranger_gets(site, case_id):
    with Visitor(site.url) as stranger:
        for path in ["/tasks", "/registers", "/organisations", "/admin/users", *pages(case_id)]:
            answer = stranger.get(path)
            assert answer.status == 303 and "/login" in answer.headers["Location"], path


def test_a_form_without_its_token_is_refused(visitors, case_id):
    visitor = visitors("shijiazhuang")
    task, token = open_task(visitor, case_id), visitor.token
    visitor.token = "forged"
    answer = visitor.post(f"/tasks/{task}", {"data": {"opinion": "同意"}, "outcome": "pass"})
    visitor.token = token
    assert answer.status == 400


def open_task(visitor, case_id):
    """The open task of a case, as the page of the case links to it."""
    found = re.search(rf"/tasks/({case_id}-\d+)", visitor.get(f"/cases/{case_id}").text)
    assert found
    return found.group(1)
