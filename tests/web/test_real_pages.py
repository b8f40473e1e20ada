"""Every page of a real case, for each person who sees it, in both languages; and what drafts and messages do there."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from tests.applications import filled_application
from tests.house import build_house
from tests.web.office import Office
from tests.web.pages import handed_to_the_form

pytestmark = pytest.mark.any_day

KEY, PLACE = "post_approval", "130102"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = Office(build_house(tmp_path_factory.mktemp("office")))
    yield office
    office.house.application.database.close()


@pytest.fixture(scope="module")
def done(office):
    """A case that was returned, corrected, passed and approved, and whose applicant was told."""
    house = office.house
    case_id = house.start("changan", KEY, PLACE, filled_application()).case_id
    house.complete("shijiazhuang", case_id, "return", opinion="请补充理由。")
    standing = dict(
        house.application.cases.reading.task(house.actor("changan"), house.task_of("changan", case_id)).form.values
    )
    house.complete("changan", case_id, "resubmit", **{**standing, "need": "补充后的需求：辖区企业多，任务重。"})
    house.complete("shijiazhuang", case_id, "pass")
    task = house.application.cases.reading.task(house.actor("province"), house.task_of("province", case_id))
    house.complete("province", case_id, "approve", **task.form.values)
    house.application.worker.run_due()
    return SimpleNamespace(id=case_id)


@pytest.fixture
def waiting(office):
    """A case that waits for the city."""
    case_id = office.house.start("changan", KEY, PLACE, filled_application()).case_id
    return SimpleNamespace(id=case_id, task=office.house.task_of("shijiazhuang", case_id))


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("login", ["changan", "shijiazhuang", "province", "observer"])
def test_every_page_of_a_case_opens_for_everybody_who_sees_it(office, done, login, english):
    client = office.desk(login, english)
    tabs = [f"/cases/{done.id}?tab={tab}" for tab in ("form", "diagram", "deadlines", "history", "files")]
    views = [f"/tasks?view={view}" for view in ("todo", "done", "mine", "copied")]
    others = ["/deadlines", "/start", "/registers", "/registers/post", "/registers/post/export.xlsx", "/messages"]
    for address in [*tabs, *views, *others, f"/cases/{done.id}/diagram.json", f"/cases/{done.id}/diagram.bpmn"]:
        assert client.get(address).status_code == 200, address


def test_the_history_shows_what_was_corrected(office, done):
    page = office.desk("changan").get(f"/cases/{done.id}?tab=history").text
    assert "请补充理由。" in page and "<ins>补充后的需求：辖区企业多，任务重。</ins>" in page


def test_who_was_told_finds_the_case_in_his_copies_and_in_the_bell(office, done):
    client = office.desk("changan")
    assert f'href="/cases/{done.id}?back=' in client.get("/tasks?view=copied").text
    assert "未读" in client.get("/messages").text
    client.post("/messages/read")
    assert "消息，0 条未读" in client.get("/messages").text


def test_an_ended_case_stands_as_the_end_of_its_diagram_is_called_and_a_list_says_it_once(office):
    case_id = office.house.start("changan", KEY, PLACE, filled_application()).case_id
    office.house.complete("shijiazhuang", case_id, "refuse", opinion="不属于申报范围。")
    head = office.desk("changan").get(f"/cases/{case_id}").text.partition('<nav aria-label="事项内容"')[0]
    assert '<span class="chip chip-red" title="已驳回">初审未通过</span>' in head
    assert ">Refused by the city</span>" in office.desk("changan", english=True).get(f"/cases/{case_id}").text
    number = office.house.application.cases.reading.case(office.house.actor("changan"), case_id).head.number
    rows = office.desk("changan").get(f"/tasks?view=mine&q={number}", headers={"HX-Request": "true"}).text
    assert rows.count("初审未通过") == 1 and "chip-red" in rows


def test_several_articles_are_told_in_the_plural(office, done):
    address = f"/cases/{done.id}?tab=diagram"
    assert re.search(r"依据 · 第 \d+(、\d+)+ 条", office.desk("province").get(address).text)
    english = office.desk("province", english=True).get(address).text
    assert re.search(r"· Articles \d+, \d+", english) and not re.search(r"Article \d+,", english)


def test_a_record_leads_to_the_case_that_made_it(office, done):
    client = office.desk("province")
    found = re.findall(r'href="(/registers/post/[^"/.]+)"', client.get("/registers/post").text)
    assert f'href="/cases/{done.id}"' in client.get(found[0]).text


def test_the_task_page_of_a_real_task_hands_over_form_values_and_answers(office, waiting):
    page = office.desk("shijiazhuang").get(f"/tasks/{waiting.task}").text
    handed = handed_to_the_form(page)
    assert handed["schema"]["components"] and handed["draftUrl"] and not handed["errors"]
    assert "剩 10 个工作日" in page and "第 12 条" in page


def test_an_opinion_in_a_draft_comes_back(office, waiting):
    client = office.desk("shijiazhuang")
    client.post(f"/tasks/{waiting.task}/draft", json={"data": {"opinion": "拟同意"}})
    assert ">拟同意</textarea>" in client.get(f"/tasks/{waiting.task}").text


def test_a_draft_that_fits_no_longer_keeps_nobody_from_his_page(office):
    client = office.desk("changan")
    address = f"/start/{KEY}?organisation={PLACE}"
    draft = {"data": {"posts": "nonsense", "need": {"a": 1}}}
    assert client.post(f"/start/{KEY}/draft?organisation={PLACE}", json=draft).status_code in (200, 422)
    assert client.get(address).status_code == 200


def test_a_return_without_a_reason_is_refused_with_everything_kept(office, waiting):
    client = office.desk("shijiazhuang")
    answer = client.post(f"/tasks/{waiting.task}", data={"outcome": "return", "data": "{}"})
    assert answer.status_code == 422 and "请填写意见" in answer.text


def test_the_applicant_withdraws_by_the_page_and_the_city_is_told_that_it_is_over(office, waiting):
    answer = office.desk("changan").post(f"/cases/{waiting.id}/withdraw", data={"reason": "材料有误"})
    assert answer.status_code == 303
    late = office.desk("shijiazhuang").post(
        f"/tasks/{waiting.task}", data={"outcome": "pass", "data": "{}", "opinion": "同意"}
    )
    assert late.status_code == 409 and "因事项已经撤回而终止" in late.text


def test_a_stranger_finds_neither_case_nor_task(office, waiting):
    client = office.desk("lubei")
    assert client.get(f"/cases/{waiting.id}").status_code == 404
    assert client.get(f"/tasks/{waiting.task}").status_code == 404


def test_a_failing_update_shows_its_problem_as_a_whole_page(office):
    answer = office.desk("changan").get("/registers/nothing", headers={"HX-Request": "true"})
    assert answer.status_code == 404 and answer.headers["HX-Retarget"] == "body"
