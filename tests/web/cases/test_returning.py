"""After an act one is back in the list from which one came, and the next of its kind is one click away."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.web.fakes import row, waiting
from tests.web.pages import page_client

LIST = "/tasks?view=todo&q=%E9%95%BF%E5%AE%89&due=late&after=k7"
BACK = "?back=" + quote(LIST, safe="")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("/tasks/41-2", {"outcome": "pass"}),
        ("/tasks/41-2/release", {}),
        ("/cases/41/withdraw", {"reason": "改日"}),
        ("/cases/41/cancel", {"reason": "改日"}),
    ],
)
def test_every_act_that_lets_go_of_a_case_leads_back_to_the_list_with_its_filter_and_its_page(act, words):
    client, _ = page_client()
    assert client.post(act + BACK, data=words).location == LIST
    assert client.post(act, data=words).location != LIST


def test_what_keeps_one_at_a_case_keeps_the_way_back():
    client, _ = page_client()
    assert client.post("/tasks/41-2/claim" + BACK).location.startswith("/tasks/41-2?back=")
    assert "back=" in client.post("/cases/41/comment" + BACK, data={"text": "已核"}).location


@pytest.mark.parametrize(
    "forged",
    [
        "https://evil.example/tasks",
        "//evil.example/tasks",
        "/\\evil.example",
        "javascript:alert(1)",
        "/tasks/41-2/claim",
        "/registers/posts/export",
        "/nowhere",
        "/tasks?q=" + "x" * 2000,
        "/tasks\n/x",
        "tasks",
    ],
)
def test_only_a_list_of_ours_leads_back(forged):
    client, _ = page_client(rows=())
    address = "/tasks/41-2?back=" + quote(forged, safe="")
    assert client.post(address, data={"outcome": "pass"}).location == "/tasks"
    assert "top-back" not in client.get(address).text.replace("top-back-word", "")


def test_a_row_names_its_list_and_every_link_and_form_of_the_task_keeps_it():
    client, _ = page_client()
    page = client.get(LIST).text
    assert 'href="/tasks/41-2?back=' in page
    page = client.get("/tasks/41-2" + BACK).text
    assert "返回我的事项" in page and f'href="{LIST.replace("&", "&amp;")}"' in page
    for address in (
        "/tasks/41-2?back=",
        "/tasks/41-2/claim?back=",
        "/cases/41?tab=history&amp;back=",
        "/cases/41/comment?back=",
    ):
        assert address in page


def test_what_was_done_is_said_in_the_list_with_the_own_next_step_and_the_next_task():
    opened = (waiting(id="41-3", name=("补充材料", "Supplement")),)
    client, _ = page_client(opened=opened, rows=(row(task_id="40-1"),))
    page = client.post("/tasks/41-2" + BACK, data={"outcome": "pass"}, follow_redirects=True).text
    assert "GW2026-00012 已办理：初审通过。" in page and "继续办理：补充材料" in page
    assert 'data-next href="/tasks/next?beside=41-2&amp;back=' in page


def test_the_next_task_keeps_the_list_and_when_none_is_left_one_is_told_so_in_the_list():
    client, _ = page_client(rows=(row(task_id="40-1"),))
    answer = client.get("/tasks/next" + BACK + "&beside=41-2")
    assert answer.location.startswith("/tasks/40-1?back=")
    client, cases = page_client(rows=())
    page = client.get("/tasks/next" + BACK + "&beside=41-2", follow_redirects=True)
    assert page.request.path == "/tasks" and "没有同类的待办事项了" in page.text
    assert cases.asked[-1].due == "late"
