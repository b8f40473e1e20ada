"""The inbox and the bell, as a person sees them."""

from __future__ import annotations

from datetime import date

import pytest

from engine.directory.actors import Actor, Membership
from tests.directory import OURS
from tests.web.fakes import CITY, due, row
from tests.web.pages import page_client


@pytest.mark.parametrize(
    ("days", "colour", "words"),
    [
        (-2, "chip-red", "逾期 2 个工作日"),
        (0, "chip-amber", "今天到期"),
        (3, "chip-amber", "剩 3 个"),
        (4, "chip-green", "剩 4 个"),
    ],
)
def test_remaining_days_have_a_colour_and_say_the_same_in_words(days, colour, words):
    client, _ = page_client(rows=(row(deadline=due(days)),))
    page = client.get("/tasks").text
    assert colour in page and words in page


def test_a_deadline_that_stands_still_is_marked_by_shape_and_word_and_by_no_colour():
    client, _ = page_client(rows=(row(deadline=due(2, suspended=True)), row(deadline=due(0, suspended=True))))
    page = client.get("/tasks").text
    assert page.count("clock-pause") == 2 and "剩 2 个工作日（已中止）" in page and "剩 0 个工作日（已中止）" in page
    assert "chip-amber" not in page and "chip-red" not in page
    client, _ = page_client(rows=(row(deadline=due(-2, suspended=True)),))
    page = client.get("/tasks").text
    assert "chip-red" in page and "逾期 2 个工作日（已中止）" in page


def test_a_task_without_a_deadline_says_so():
    client, _ = page_client(rows=(row(deadline=None),))
    assert "无时限" in client.get("/tasks").text


def test_every_view_shows_its_count_and_only_one_is_current():
    client, _ = page_client()
    page = client.get("/tasks?view=done").text
    assert page.count('aria-current="page"') == 3  # the tab, the navigation at the side and the one below
    assert '已办 <span class="count">14</span>' in page


def test_filters_of_the_address_reach_the_engine():
    client, cases = page_client()
    client.get(
        "/tasks?q= 长安 &key=posts&place=130102&state=running&due=late&arrived_from=2026-11-01&sort=number&after=x"
    )
    asked = cases.asked[-1]
    assert (asked.q, asked.key, asked.place, asked.state, asked.due) == ("长安", "posts", "130102", "running", "late")
    assert (asked.arrived_from, asked.sort, asked.after) == (date(2026, 11, 1), "number", "x")


def test_nonsense_in_an_old_bookmark_is_ignored():
    client, cases = page_client()
    assert client.get("/tasks?view=x&due=x&state=x&sort=x&arrived_from=yesterday").status_code == 200
    asked = cases.asked[-1]
    assert (asked.due, asked.state, asked.sort, asked.arrived_from) == ("", "", "due", None)


def test_htmx_gets_only_the_rows_and_caches_know_the_difference():
    client, _ = page_client()
    answer = client.get("/tasks", headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<section id="rows"') and "HX-Request" in answer.vary


def test_the_next_page_keeps_the_filters():
    client, _ = page_client(next="k7")
    page = client.get("/tasks?q=岗位&due=late").text
    assert "due=late" in page and "after=k7" in page and "下一页" in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/tasks", "没有待办事项"),
        ("/tasks?view=done", "还没有办理过事项"),
        ("/tasks?view=mine", "还没有发起过事项"),
        ("/tasks?view=copied", "没有抄送给您的事项"),
        ("/tasks?q=无", "没有符合条件的事项"),
    ],
)
def test_an_empty_list_says_what_to_do(address, words):
    client, _ = page_client(rows=())
    assert words in client.get(address).text


def test_a_row_opens_the_task_and_a_finished_one_its_case():
    client, _ = page_client()
    assert 'href="/tasks/41-2?back=/tasks?view%3Dtodo"' in client.get("/tasks").text
    assert 'href="/cases/41?back=' in client.get("/tasks?view=done").text


def test_what_a_stranger_typed_is_shown_and_never_run():
    client, _ = page_client(rows=(row(title="<script>alert(1)</script>"),))
    page = client.get("/tasks").text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_the_bell_counts_what_is_unread_and_the_messages_lead_to_their_case():
    client, _ = page_client()
    assert "消息，1 条未读" in client.get("/tasks").text
    assert 'href="/messages/1"' in client.get("/messages").text
    assert client.get("/messages/1").headers["Location"] == "/cases/41"
    assert client.post("/messages/read", data={"up_to": "1"}).status_code == 303
    assert client.application.extensions["gangwei"].messages.read_up_to == ["1"]


def test_who_only_reads_is_offered_nothing_to_start(monkeypatch):
    client, _ = page_client(rows=())
    assert "/start" in client.get("/tasks").text
    membership = Membership("observer", CITY)
    monkeypatch.setitem(client.application.config, "ACTOR", lambda: Actor(8, "o", "查询员", (membership,), OURS))
    assert "/start" not in client.get("/tasks").text


def test_who_has_no_business_opens_what_he_is_there_for(monkeypatch):
    client, _ = page_client()
    for role, place in (("administrator", "/admin/users"), ("operator", "/operations"), ("designer", "/definitions")):
        person = Actor(9, "a", "管理员", (Membership(role, CITY),), OURS)
        monkeypatch.setitem(client.application.config, "ACTOR", lambda person=person: person)
        assert client.get("/").location == place


def test_what_one_must_stand_aside_from_stands_apart_and_names_who_can_act():
    client, _ = page_client(rows=(row(others=("王五", "赵六")), row(others=())), counts={"todo": 3, "aside": 2})
    page = client.get("/tasks?view=aside").text
    assert "王五、赵六" in page and "没有别的人可以办理" in page and "不计入待办" in page
    assert 'href="/tasks?view=aside"' in client.get("/tasks").text
    client, _ = page_client(counts={"todo": 3, "aside": 0})
    assert 'href="/tasks?view=aside"' not in client.get("/tasks").text
