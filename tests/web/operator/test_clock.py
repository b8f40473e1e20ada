"""The banner of the demo's clock: on every page of a demo, nowhere else, and its buttons let time pass."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.calendar.days import LEGAL_ZONE
from tests.web.people_site import Site


@pytest.fixture
def demo(tmp_path):
    site = Site(tmp_path, GANGWEI_ENV="demo")
    yield site
    site.close()


def entered(site):
    browser = site.browser()
    browser.sign_in("officer")
    return browser


def test_every_page_of_a_demo_shows_its_time_and_the_buttons(demo):
    page = entered(demo).get("/tasks").text
    assert "演示时钟" in page and "与真实时间一致" in page
    for label in ("+1 小时", "下一个工作日", "+10 个工作日"):
        assert label in page
    assert "回到真实时间" not in page
    assert "演示时钟" not in demo.browser().get("/login").text


def test_the_buttons_move_the_time_and_lead_back_to_the_page(demo):
    browser = entered(demo)
    answer = browser.post("/clock", move="ten_working_days", next="/tasks?view=done")
    assert (answer.status_code, answer.location) == (303, "/tasks?view=done")
    page = browser.get("/tasks").text  # still signed in: sessions keep the machine's time
    assert "比真实时间快" in page and "到期的任务已执行" in page
    browser.post("/clock", move="back")
    assert "与真实时间一致" in browser.get("/tasks").text


def test_a_move_that_is_none_or_without_token_or_without_session_changes_nothing(demo):
    browser = entered(demo)
    assert browser.post("/clock", move="a_year").status_code == 422
    assert browser.post("/clock", token="x", move="hour").status_code == 400
    assert demo.browser().post("/clock", move="hour").status_code in (303, 400)
    assert demo.app.extensions["gangwei"].clock_desk.shown().ahead == timedelta()


@pytest.mark.parametrize("mode", ["production", ""])
def test_without_a_demo_there_is_no_banner_and_the_clock_stays(tmp_path, mode):
    site = Site(tmp_path, GANGWEI_ENV=mode)
    site.app.config["SESSION_COOKIE_SECURE"] = False
    browser = entered(site)
    assert "演示时钟" not in browser.get("/tasks").text
    assert browser.post("/clock", move="hour").status_code == 403
    assert site.app.extensions["gangwei"].clock.now() == site.house.clock.now()
    site.close()


def test_the_calendar_counts_from_the_demos_today(demo):
    browser = entered(demo)
    for _ in range(3):
        browser.post("/clock", move="ten_working_days")
    today = demo.app.extensions["gangwei"].clock.now().astimezone(LEGAL_ZONE).date()
    assert today.year == 2027 and demo.house.clock.now().year == 2026
    page = browser.get("/calendar").text
    assert "2027 年" in page and page.count('aria-current="date"') == 1
    assert re.search(rf'aria-current="date" title="{today.isoformat()} ', page)
    assert f'name="from" type="date" value="{today.isoformat()}"' in browser.get("/calendar/count").text
