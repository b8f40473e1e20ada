"""A notice of a year to come, from the text to the year's page: proposed, refused for a slip, reviewed, in force."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import inspect
from tests.browser.office import Office

pytestmark = pytest.mark.browser

# Invented, and far enough ahead that no deadline of another test is near.
NOTICE = """一、元旦：1月1日（周二）放假，共1天。
二、春节：2月4日（周一）至10日（周日）放假调休，共7天。2月16日（周六）、2月23日（周六）上班。"""


def test_a_notice_takes_two_persons_and_shows_in_the_year(page: Page, pictures: Path) -> None:
    office = Office(page)
    office.sign_in("operator")
    page.goto("/calendar/changes")
    page.get_by_label("年份").fill("2030")
    page.get_by_label("文号").fill("示例号")
    page.get_by_label("通知原文").fill(NOTICE.replace("（周一）至10日", "（周二）至10日"))
    page.get_by_role("button", name="核对并提出").click()
    expect(page.get_by_role("alert")).to_contain_text("2030-02-04 是周一，不是周二")
    inspect(page, pictures, "calendar-slip")
    page.get_by_label("通知原文").fill(NOTICE)
    page.get_by_role("button", name="核对并提出").click()
    expect(page.get_by_role("status").filter(has_text="提议已提交")).to_contain_text("须由另一人审定")
    expect(page.get_by_role("button", name="审定生效")).to_have_count(0)
    address = page.url
    office.sign_in("province")
    page.goto(address)
    inspect(page, pictures, "calendar-review")
    page.get_by_role("button", name="审定生效").click()
    expect(page.get_by_role("button", name="审定生效")).to_have_count(0)
    page.goto("/calendar?year=2030")
    expect(page.get_by_text("示例号")).to_be_visible()
    worked = page.locator("td.day-shift")
    expect(worked).to_have_count(2)
    inspect(page, pictures, "calendar-year")
