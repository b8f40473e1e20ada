"""How running deadlines stand, on every page that tells of them; the list of all of them."""

from __future__ import annotations

import html
import re

import pytest

from tests.house import build_house
from tests.web.cases.test_deadlines import ABOVE, FOLDER, HOLDER, AnswerOffice


@pytest.fixture
def office(tmp_path):
    made = AnswerOffice(build_house(tmp_path, FOLDER))
    yield made
    made.house.application.database.close()


def test_a_suspension_is_shown_by_shape_and_word_in_the_inbox_and_on_the_task(office):
    case_id = office.asked()
    office.house.at(12, 4)
    assert "chip-amber" in office.desk(HOLDER).get("/tasks").text
    office.send(case_id, "suspend", until="2026-12-11", reason="等待补充材料")
    for address in ("/tasks", "/tasks?due=suspended", f"/tasks/{office.task(case_id)}"):
        page = office.desk(HOLDER).get(address).text
        assert "clock-pause" in page and "剩 2 个工作日（已中止）" in page, address
        assert "chip-amber" not in page and "chip-red" not in page, address
    assert "没有符合条件的事项" in office.desk(HOLDER).get("/tasks?due=soon").text


def test_the_list_shows_the_late_ones_first_can_be_narrowed_and_is_counted_in_the_navigation(office):
    late = office.asked()
    office.house.at(11, 30)
    near = office.asked()
    office.house.at(12, 9)
    fresh = office.asked()
    client = office.desk(ABOVE)
    page = client.get("/deadlines").text
    assert re.findall(r'data-row href="/cases/(\d+)\?tab=deadlines&amp;back=/deadlines#', page) == [late, near, fresh]
    assert "逾期 2 个工作日" in page and "剩 3 个工作日" in page
    assert re.search(r'期限督办<span class="count count-late nav-count">1<', page)
    for only, case_id in (("late", late), ("near", near)):
        narrowed = client.get(f"/deadlines?only={only}").text
        assert re.findall(r'data-row href="/cases/(\d+)', narrowed) == [case_id]
    assert re.findall(r'class="count">(\d+)<', page) == ["3", "1", "1", "0"]
    assert "没有这类期限" in client.get("/deadlines?only=suspended").text
    assert not re.search(r'期限督办<span class="[^"]*nav-count', office.desk("tangshan").get("/deadlines").text)


def listed(page):
    """The cases of the rows."""
    return re.findall(r'data-row href="/cases/(\d+)', page)


def test_a_long_list_has_pages_that_keep_what_was_asked(office, monkeypatch):
    monkeypatch.setattr("web.cases.running.PAGE", 2)
    started = [office.asked() for _ in range(3)]
    client = office.desk(HOLDER)
    first = client.get("/deadlines?q=限期").text
    assert listed(first) == started[:2] and "共 3 项期限" in first
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get(html.unescape(following)).text
    assert listed(second) == started[2:] and "第一页" in second and 'value="限期"' in second
    for nonsense in ("after=x", "only=x", "place=x&key=x"):
        assert client.get(f"/deadlines?{nonsense}").status_code == 200


def test_the_list_is_searched_and_filtered_and_its_counts_follow(office):
    case_id, _ = office.asked(), office.asked()
    client = office.desk(ABOVE)
    number = re.findall(r'class="row-number">([^<]+)<', client.get("/deadlines").text)[0]
    found = client.get(f"/deadlines?q={number}").text
    assert listed(found) == [case_id] and re.findall(r'class="count">(\d+)<', found)[0] == "1"
    assert len(listed(client.get("/deadlines?place=130100&key=answer_in_time").text)) == 2
    for nothing in ("place=130200", "key=other", "q=xyz"):
        page = client.get(f"/deadlines?{nothing}").text
        assert listed(page) == [] and "没有符合条件的期限" in page and "清除" in page
    assert listed(office.desk("tangshan").get("/deadlines?place=130100").text) == []
