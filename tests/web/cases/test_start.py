"""Starting a case by its kind."""

from __future__ import annotations

from tests.web.fakes import wrong_field
from tests.web.pages import JSON, page_client, told


def test_each_kind_has_a_card_that_leads_to_its_form():
    client, _ = page_client()
    page = client.get("/start").text
    assert "申请新增、取消或调整工会社工岗位。" in page and 'href="/start/posts"' in page


def test_the_only_organisation_is_taken_without_asking():
    client, _ = page_client()
    page = client.get("/start/posts").text
    assert 'action="/start/posts?organisation=130102"' in page and "长安区总工会" in page


def test_an_unknown_kind_is_not_found():
    client, _ = page_client()
    assert client.get("/start/none").status_code == 404


def test_a_start_reaches_the_engine_and_names_the_new_case():
    client, cases = page_client(rows=())
    page = client.post("/start/posts?organisation=130102", data={"data": '{"note": "好"}'}, follow_redirects=True).text
    assert cases.done == [("start", "posts", "130102", {"note": "好"})] and "已提交，编号 GW2026-00013。" in page


def test_wrong_fields_bring_the_start_back():
    client, _ = page_client(refusal=wrong_field())
    answer = client.post("/start/posts?organisation=130102", data={"data": '{"note": "短"}'})
    assert answer.status_code == 422 and "请写明理由。" in answer.text and "短" in answer.text


def test_a_start_can_be_kept_as_a_draft_and_checked():
    client, cases = page_client()
    sent = {"data": {"note": "半"}}
    assert told(client.post("/start/posts/draft?organisation=130102", json=sent, headers=JSON)) == {"saved_at": "10:30"}
    assert told(client.post("/start/posts/check?organisation=130102", json=sent)) == {
        "data": {"note": "半"},
        "errors": {},
    }
    assert cases.done == [("start_draft", "posts", "130102", {"note": "半"})]
