"""The demo's clock in a real browser: press "next working day" and see the reminder, the amber and the escalation."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.applications import filled_application
from tests.browser.looks import inspect
from tests.browser.office import Office
from tests.site import Site
from tests.visitor import Visitor

pytestmark = pytest.mark.browser
MOST_DAYS = 20


@pytest.fixture(scope="session")
def site(moved_site: Site) -> Site:
    return moved_site


def chip(page: Page, colour: str) -> bool:
    page.goto("/tasks")
    return (
        page.locator(f".chip-{colour}", has_text="工作日").count()
        + page.locator(f".chip-{colour}", has_text="今天").count()
        > 0
    )


def test_working_days_pass_until_the_task_is_amber_and_then_late(page: Page, pictures: Path, site: Site) -> None:
    with Visitor(site.url).sign_in("changan") as visitor:
        answer = visitor.post("/start/post_approval?organisation=130102", {"data": filled_application()})
        assert answer.status in (200, 201), answer.text
    office = Office(page)
    office.sign_in("shijiazhuang")
    page.goto("/tasks")
    inspect(page, pictures, "clock-banner")
    days = 0
    while not chip(page, "amber"):
        office.next_working_day()
        days += 1
        assert days < MOST_DAYS
    inspect(page, pictures, "clock-amber")
    while not chip(page, "red"):
        office.next_working_day()
        days += 1
        assert days < MOST_DAYS
    inspect(page, pictures, "clock-late")
    page.goto("/messages")
    expect(page.locator("main")).to_contain_text("快到期")
    expect(page.locator("main")).to_contain_text("已逾期")
    inspect(page, pictures, "clock-messages")
    page.get_by_role("button", name="回到真实时间").click()
    expect(page.locator(".demo-clock")).to_contain_text("与真实时间一致")
    office.sign_in("operator")
    page.goto("/operations")
    expect(page.locator("main")).not_to_contain_text("没有程序在执行")
    inspect(page, pictures, "clock-operations")
