"""The whole story in a real browser: apply beyond the quota, be returned, correct, pass, approve; the post stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import inspect
from tests.browser.office import Office
from tests.site import Site

pytestmark = pytest.mark.browser

KIND = "岗位开发设置审批"
STREET = "长安区光明里街道总工会"
EXCESS = "辖区新增两个产业园，现有名额不足以覆盖。"


@pytest.fixture
def office(page: Page) -> Office:
    return Office(page)


def fill_application(office: Office, number: str) -> None:
    office.fill("need", "辖区法人单位增加较快，现有在编人员已充分使用，仍需设岗。")
    office.fill("funding", "本级承担部分已列入年度预算。")
    office.fill("established_staff", "6")
    office.fill("current_staff", "5")
    office.fill("contact", "长安区经办员")
    office.fill("phone", "0311-80000000")
    office.choose("action", "新增", 0)
    office.choose("place", STREET, 0)
    office.fill("number", number, 0)
    office.choose("grade", "初级岗", 0)
    office.tick("duties", 0, 0)
    office.fill("reason", "企业增多，需要专人", 0)


@pytest.fixture(scope="session")
def site(moved_site: Site) -> Site:
    """Where no other story has posts approved: they would leave less of the quota."""
    return moved_site


def test_a_post_is_applied_for_returned_corrected_approved_and_registered(office: Office, pictures: Path) -> None:
    page = office.page
    number = apply_beyond_the_quota(office, pictures)

    office.sign_in("shijiazhuang")
    inspect(page, pictures, "inbox")
    office.open_task(number)
    expect(page.locator("main")).to_contain_text(EXCESS)
    inspect(page, pictures, "city-review")
    office.decide("退回修改")
    expect(page.locator("#opinion-error")).to_be_visible()  # a return without a word is not taken
    page.keyboard.press("Escape")
    office.decide("退回修改", "请减少一个岗位，并补充理由。")
    expect(office.said()).to_contain_text(number)

    office.sign_in("changan")
    office.open_task(number)
    expect(page.locator("main")).to_contain_text("请减少一个岗位")
    office.fill("number", "3", 0)
    expect(office.field("excess_reason", 0)).to_have_count(0)
    inspect(page, pictures, "correction")
    office.decide("重新提交")
    expect(office.said()).to_contain_text(number)

    office.sign_in("shijiazhuang")
    office.open_task(number)
    office.decide("初审通过", "同意上报。")
    expect(office.said()).to_contain_text(number)

    approve(office, pictures, number)
    look_back(office, pictures, number)


def apply_beyond_the_quota(office: Office, pictures: Path) -> str:
    page = office.page
    office.sign_in("changan")
    inspect(page, pictures, "first-page")
    office.open_start(KIND)
    fill_application(office, "4")
    warning = page.locator("#form-mount").get_by_text("超出名额：")
    expect(warning).to_be_visible()
    office.submit()  # without the reason
    expect(page.locator("#form-errors")).to_contain_text("超出名额的理由")
    inspect(page, pictures, "application-refused")
    office.fill("excess_reason", EXCESS, 0)
    office.submit()
    expect(office.said()).to_be_visible()
    return office.case_number()


def approve(office: Office, pictures: Path, number: str) -> None:
    """Two of the three posts are approved, one is not, with a reason; the approver finds the case in 已办."""
    page = office.page
    office.sign_in("province")
    office.open_task(number)
    inspect(page, pictures, "province-decision")
    office.tick("decision", 1, 2)
    office.fill("refusal_reason", "本年度名额有限。", 2)
    expect(office.field("approved_count")).to_have_value("2")
    office.decide("核定", "同意。")
    expect(office.said()).to_contain_text(number)
    page.goto(f"/tasks?view=done&q={number}")
    expect(page.locator("a.row-link")).to_have_count(1)


def look_back(office: Office, pictures: Path, number: str) -> None:
    """The officer finds the posts in the register, the way on the diagram, every act in the record; in English, too."""
    page = office.page
    office.sign_in("changan")
    page.goto(f"/tasks?view=mine&q={number}")
    page.locator("a.row-link").first.click()
    inspect(page, pictures, "case")
    office.tab("流转记录")
    expect(page.locator("article.event")).to_have_count(5)
    expect(page.locator("main")).to_contain_text("请减少一个岗位")
    inspect(page, pictures, "history")
    office.tab("流程图")
    expect(page.locator("#diagram .djs-container svg").first).to_be_visible()
    expect(page.locator("li[data-element='city_review']")).to_have_attribute("data-state", "done")
    inspect(page, pictures, "diagram")
    office.tab("附件")
    inspect(page, pictures, "files")
    page.goto("/registers")
    inspect(page, pictures, "registers")
    page.goto(f"/registers/post?q={number}")
    expect(page.locator("a.row-link")).to_have_count(2)
    inspect(page, pictures, "register")
    page.locator("a.row-link").first.click()
    expect(page.locator("main")).to_contain_text(number)
    inspect(page, pictures, "record")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("main")).to_contain_text("Grade")
    inspect(page, pictures, "record-english")
