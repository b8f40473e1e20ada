"""A worker disputes his yearly result in a real browser, from the signed paper to the written answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import inspect
from tests.browser.office import Office

pytestmark = pytest.mark.browser

KIND = "年度评价复核申诉"
PAPER = b"%PDF-1.4 a scan"
RESULT = {
    "post": "130102-001",
    "worker_login": "changan.worker2",
    "worker_name": "长安区社工乙",
    "reasons": "按要求完成年度任务。",
}


@pytest.fixture
def office(page: Page) -> Office:
    return Office(page)


def test_a_worker_appeals_with_a_signed_paper_and_is_answered_in_writing(office: Office, pictures: Path) -> None:
    page = office.page
    enter_result(office, pictures)
    number = filed(office, pictures)

    office.sign_in("shijiazhuang2")
    office.open_task(number)
    inspect(page, pictures, "appeal-acceptance")
    office.decide("受理")
    expect(office.said()).to_contain_text(number)
    office.open_task(number)
    office.pick("step", 0)
    office.fill("findings", "经核对验收记录，任务于十二月二十日完成。")
    office.pick("conclusion", 1)
    office.choose("new_grade", "优秀")
    office.fill("basis", "评价依据的事实有误，应予变更。")
    inspect(page, pictures, "appeal-examination")
    office.submit()
    expect(office.said()).to_contain_text(number)

    office.sign_in("shijiazhuang.leader")
    office.open_task(number)
    inspect(page, pictures, "appeal-signature")
    office.decide("签发")
    expect(office.said()).to_contain_text(number)

    office.sign_in("changan.worker2")
    page.goto("/tasks?view=mine")
    page.locator("a.row-link").first.click()
    office.tab("附件")
    expect(page.locator("main")).to_contain_text("签名申请书.pdf")
    expect(page.locator("main")).to_contain_text("关于长安区社工乙2025年度评价复核的书面答复.docx")
    inspect(page, pictures, "appeal-files")


def enter_result(office: Office, pictures: Path) -> None:
    """The city enters a result of last year, told today."""
    office.sign_in("shijiazhuang")
    office.open_start("年度评价结果登记", "evaluation_year")
    office.fill("evaluation_year", "2025")
    for key in ("decided_on", "told_on"):
        office.today(key)
    office.choose("unit", "长安区总工会", 0)
    for key, words in RESULT.items():
        office.fill(key, words, 0)
    office.choose("grade", "合格", 0)
    inspect(office.page, pictures, "results-entered")
    office.submit()
    expect(office.said()).to_be_visible()


def filed(office: Office, pictures: Path) -> str:
    """The worker files his appeal: a form that asks for a paper is not taken without it."""
    page = office.page
    office.sign_in("changan.worker2")
    inspect(page, pictures, "worker-first-page")
    page.get_by_role("link", name="台账").first.click()
    expect(page.locator("main")).to_contain_text("岗位服务质量年度评价台账")
    expect(page.locator("main")).not_to_contain_text("工会社会工作岗位台账")
    office.open_start(KIND, "request")
    office.choose("record", "PJ2025-0001")
    expect(office.field("worker_name")).to_have_value("长安区社工乙")  # the server derives it from the record
    office.pick("kind", 0)
    office.fill("request", "请求将评价等次变更为优秀。")
    office.fill("grounds", "本年度调解成功率居全区第一，有统计表。")
    office.fill("phone", "0311-80000002")
    inspect(page, pictures, "appeal-filing")
    office.submit()
    expect(office.said()).to_be_visible()
    number = office.case_number()
    page.goto(f"/tasks?q={number}")
    office.open_task(number)
    expect(page.get_by_role("button", name="选择文件").first).to_be_visible()
    office.submit()
    expect(page.locator("#form-errors")).to_contain_text("签名的申请书")
    office.hand_over("signed_paper", "签名申请书.pdf", PAPER)
    inspect(page, pictures, "appeal-signed-paper")
    office.submit()
    expect(office.said()).to_contain_text(number)
    return number
