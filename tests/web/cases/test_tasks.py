"""The page of a task: what it shows, and what handing in, drafts and claims do."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from engine.errors import Conflict, TaskNotOpen
from engine.views import FormView, OutcomeView
from tests.web.fakes import REVIEWER, SCHEMA, row, waiting, wrong_field
from tests.web.pages import JSON, handed_to_the_form, page_client, told


def test_a_task_shows_its_form_its_outcomes_and_its_articles():
    client, _ = page_client()
    page = client.get("/tasks/41-2").text
    for words in ("市总工会初审", "初审通过", "退回修改", "驳回", "第 12 条", "剩 6 个工作日", "设岗需求"):
        assert words in page
    handed = handed_to_the_form(page)
    assert handed["values"] == {"note": "已核"} and handed["checkUrl"] == "/tasks/41-2/check"


def test_a_task_stands_under_its_step_and_what_tells_it_from_others_of_that_step():
    client, cases = page_client()
    assert "submission-about" not in client.get("/tasks/41-2").text
    cases.form = FormView(lambda _: SCHEMA, {}, {}, about="面试")
    assert '<span class="submission-about">面试</span></h2>' in client.get("/tasks/41-2").text


def test_what_was_handed_in_before_is_open_where_it_is_judged_and_folded_where_a_sheet_is_to_be_filled_in(monkeypatch):
    client, cases = page_client()
    opened = '<details class="card submission" open>'
    assert opened in client.get("/tasks/41-2").text
    sheet = {"type": "dynamiclist", "id": "f_rows", "path": "rows", "label": "评分", "components": SCHEMA["components"]}
    schema = {"type": "default", "components": [{**sheet, "properties": {"sheet": "true"}}]}
    cases.form = FormView(lambda _: schema, {"rows": []}, {}, {"rows": ()})
    assert opened in client.get("/tasks/41-2").text
    cases.outcomes = (OutcomeView("submit", ("提交评分", "Hand in"), "submit", "none"),)
    page = client.get("/tasks/41-2").text
    assert opened not in page and '<details class="card submission">' in page and "前面环节的内容" not in page
    case = cases.case
    twice = [replace(case(REVIEWER, "41").submissions[0], element_id=name) for name in ("apply", "open")]
    monkeypatch.setattr(cases, "case", lambda *asked: replace(case(*asked), submissions=tuple(twice)))
    before, _, after = client.get("/tasks/41-2").text.partition("前面环节的内容")
    assert '<details class="card submission">' not in before and after.count('<details class="card submission">') == 2


def test_a_submission_that_shows_nothing_says_so(monkeypatch):
    client, cases = page_client()
    told = "没有填写内容，或者内容对您保密。"
    assert told not in client.get("/tasks/41-2").text
    case = cases.case
    nothing = replace(case(REVIEWER, "41").submissions[0], fields=lambda _: ())
    monkeypatch.setattr(cases, "case", lambda *asked: replace(case(*asked), submissions=(nothing,)))
    assert told in client.get("/tasks/41-2").text and told in client.get("/cases/41?tab=form").text


def test_an_outcome_says_whether_it_needs_an_opinion_and_a_refusal_is_asked_twice():
    client, _ = page_client()
    page = client.get("/tasks/41-2").text
    assert "（退回修改、驳回时必填）" in page and 'data-opinion="required"' in page
    assert 'data-kind="refuse"' in page and 'data-for="refuse"' in page  # the sheet says that it cannot be undone


def test_the_outcomes_have_the_keys_from_one_on_in_their_order():
    client, _ = page_client()
    page = client.get("/tasks/41-2").text
    keys = re.findall(r'value="(\w+)"\s+data-opinion[^>]*aria-keyshortcuts="(\d)"', page)
    assert keys == [("pass", "1"), ("return", "2"), ("refuse", "3")]


def test_several_targets_of_a_return_are_a_choice():
    client, _ = page_client()
    page = client.get("/tasks/41-2").text
    assert re.findall(r'type="radio" name="return_to" value="(\w+)"', page) == ["fix", "plan"]


def test_handing_in_reaches_the_engine_with_opinion_target_and_revision():
    client, cases = page_client()
    sent = {"data": '{"note": "好"}', "outcome": "return", "opinion": " 请补充 ", "return_to": "fix", "revision": "4"}
    answer = client.post("/tasks/41-2", data=sent)
    assert answer.status_code == 303
    data = {"note": "好", "opinion": " 请补充 ", "return_to": "fix"}  # as it came: the engine takes the blanks away
    assert cases.done == [("complete", "41-2", data, "return", 4)]


def test_a_program_hands_in_json_and_gets_the_place_to_go_on():
    client, cases = page_client(rows=())
    sent = {"data": {"note": "好"}, "outcome": "pass", "revision": 4}
    answer = client.post("/tasks/41-2", json=sent, headers=JSON)
    assert told(answer) == {"location": "/tasks", "case_id": "41", "number": "GW2026-00012", "status": "running"}
    assert cases.done == [("complete", "41-2", {"note": "好"}, "pass", 4)]


@pytest.mark.parametrize(
    ("opened", "rows", "place"),
    [((waiting(id="41-3"),), (), "/tasks/41-3"), ((), (row(task_id="40-1"),), "/tasks"), ((), (), "/tasks")],
)
def test_after_an_act_one_goes_on_to_the_own_next_step_or_the_inbox(opened, rows, place):
    client, _ = page_client(opened=opened, rows=rows)
    assert client.post("/tasks/41-2", data={"outcome": "pass"}).location == place


def test_the_next_page_says_what_was_done_and_where_the_case_went():
    client, _ = page_client(opened=(waiting(mine=False, name=("省总工会核定", "Decision")),), rows=())
    page = client.post("/tasks/41-2", data={"outcome": "pass"}, follow_redirects=True).text
    assert "GW2026-00012 已办理：初审通过。下一步：省总工会核定（石家庄市总工会 · 市级审核员）。" in page


def test_wrong_fields_bring_the_page_back_with_everything_that_was_typed():
    client, _ = page_client(refusal=wrong_field())
    answer = client.post("/tasks/41-2", data={"data": '{"note": "短"}', "outcome": "pass", "opinion": "同意上报"})
    assert answer.status_code == 422
    assert "请写明理由。" in answer.text and "同意上报" in answer.text
    handed = handed_to_the_form(answer.text)
    assert handed["values"]["note"] == "短" and handed["errors"] == {"note": "请写明理由。"}


def test_wrong_fields_reach_a_program_as_a_problem_with_each_path():
    client, _ = page_client(refusal=wrong_field(), english=True)
    answer = client.post("/tasks/41-2", json={"data": {}, "outcome": "pass"}, headers=JSON)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert told(answer)["errors"] == {"note": "Give a reason."} and told(answer)["code"] == "InvalidForm"


@pytest.mark.parametrize("refusal", [Conflict(), TaskNotOpen()])
def test_who_was_too_late_is_told_so_and_nothing_happened(refusal):
    client, cases = page_client(refusal=refusal)
    answer = client.post("/tasks/41-2", data={"outcome": "pass"})
    assert answer.status_code == 409 and "您刚才的操作没有生效" in answer.text and not cases.done


@pytest.mark.parametrize("sent", ["[1]", "no json", '"text"'])
def test_what_is_no_form_is_refused(sent):
    client, cases = page_client()
    assert client.post("/tasks/41-2", data={"data": sent, "outcome": "pass"}).status_code == 400
    assert not cases.done


def test_a_draft_is_kept_and_the_time_told():
    client, cases = page_client()
    answer = client.post("/tasks/41-2/draft", json={"data": {"note": "半"}}, headers=JSON)
    assert told(answer) == {"saved_at": "10:30"}  # Beijing time
    assert cases.done == [("draft", "41-2", {"note": "半"})]


def test_a_live_check_answers_derived_values_and_errors_and_keeps_nothing():
    client, cases = page_client()
    answer = client.post("/tasks/41-2/check", json={"data": {"note": "a"}}, headers=JSON)
    assert told(answer) == {"data": {"note": "a", "quota": 2}, "errors": {"note": "太短"}}
    assert not cases.done


@pytest.mark.parametrize("act", ["claim", "release"])
def test_claim_and_release_lead_back_to_the_task(act):
    client, cases = page_client()
    assert client.post(f"/tasks/41-2/{act}").location == "/tasks/41-2"
    assert cases.done == [(act, "41-2")]


def test_who_may_not_act_reads_but_finds_no_button():
    client, _ = page_client(may=frozenset(), waits=waiting(mine=False, aside=True))
    page = client.get("/tasks/41-2").text
    assert "您应当回避" in page and 'id="act-form"' not in page and "设岗需求" in page


def test_without_a_form_there_is_still_a_way_to_decide():
    client, _ = page_client(form=None)
    page = client.get("/tasks/41-2").text
    assert 'id="form-mount"' not in page and 'name="outcome"' in page


def test_a_task_that_one_may_not_see_is_not_found():
    client, _ = page_client()
    answer = client.get("/tasks/9-9")
    assert answer.status_code == 404 and "没有找到这项任务，或者您无权查看" in answer.text


def test_a_forged_request_is_refused():
    client, cases = page_client(csrf=True)
    answer = client.post("/tasks/41-2", data={"outcome": "pass"})
    assert answer.status_code == 400 and "安全凭证" in answer.text and not cases.done
