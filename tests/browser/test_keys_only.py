"""Whole jobs by keyboard alone: an application is filed, returned, corrected, approved; a worker appeals, is answered."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keys import Keys
from tests.browser.looks import LOW
from tests.browser.office import Office
from tests.browser.test_appeal import EVALUATOR, HANDLER, PAPER, UNIT, WORKER, worker_entered
from tests.site import Site
from tests.visitor import Visitor

pytestmark = pytest.mark.browser

APPLICATION = (
    ("need", "辖区法人单位增加较快，仍需设岗。"),
    ("funding", "本级承担部分已列入年度预算。"),
    ("established_staff", "6"),
    ("current_staff", "5"),
    ("contact", "经办员"),
    ("phone", "0311-80000000"),
)


@pytest.fixture
def keys(page: Page) -> Keys:
    page.set_viewport_size(LOW)
    return Keys(page)


def test_an_application_is_filed_returned_corrected_and_approved_by_keys_alone(keys: Keys) -> None:
    office, page = Office(keys.page), keys.page
    number = filed(keys, office)

    keys.sign_in("shijiazhuang")
    opened(keys, number)
    keys.press("2")
    expect(page.locator("#opinion")).to_be_focused()
    keys.type("请补充设岗理由。")
    keys.press("Control+Enter")
    keys.at_result(number)

    keys.sign_in("changan")
    opened(keys, number)
    keys.write(office.field("reason", 0), "，需要专人")
    keys.press("Escape")
    keys.to(page.locator(".act-buttons button").first)
    keys.press("Enter")
    keys.at_result(number)

    signed_by_a_colleague(keys, number)
    for login, outcome in (("shijiazhuang", "初审通过"), ("province", "核定")):
        keys.sign_in(login)
        opened(keys, number)
        keys.press("o")  # an opinion that nobody asks for
        keys.type("同意。")
        keys.to(page.locator("#sheet").get_by_role("button", name=outcome, exact=True))
        keys.press("Enter")
        keys.at_result(number)


def signed_by_a_colleague(keys: Keys, number: str) -> None:
    """The reviewer asks a colleague to sign before her, who agrees."""
    page = keys.page
    keys.sign_in("shijiazhuang")
    opened(keys, number)
    keys.to(page.locator(".verb-menu > summary"))
    keys.press("Enter")
    keys.to(page.locator("[data-opens=verb-sign]"))
    keys.press("Enter")
    keys.write(page.locator("#verb-sign-q"), "第二审核员")
    expect(page.locator("#verb-sign-people input")).to_have_count(1)
    keys.to(page.locator("#verb-sign-people input"))
    keys.press("Space")
    keys.write(page.locator("#verb-sign-text"), "请一并核对。")
    keys.to(page.locator("#verb-sign button[type=submit]"))
    keys.press("Enter")
    keys.at_result("已请对方签署")
    keys.sign_in("shijiazhuang2")
    opened(keys, number)
    keys.to(page.locator("input[name=answer]").first)
    keys.press("Space")
    keys.to(page.get_by_role("button", name="提交答复"))
    keys.press("Enter")
    keys.at_result("已答复")


def filed(keys: Keys, office: Office) -> str:
    page = keys.page
    keys.sign_in("changan")
    keys.to(page.get_by_role("navigation", name="主导航").get_by_role("link", name="发起事项"))
    keys.press("Enter")
    keys.to(page.get_by_role("link", name="岗位开发设置审批", exact=True))
    keys.press("Enter")
    expect(page.locator("#form-mount[aria-busy]")).to_have_count(0)
    for key, words in APPLICATION:
        keys.write(office.field(key), words)
    for key, option in (("action", "新增"), ("place", "长安区向阳里街道总工会")):
        keys.choose(office.field(key, 0), option)
    keys.write(office.field("number", 0), "1")
    keys.choose(office.field("grade", 0), "初级岗")
    keys.to(page.locator("#form-mount input[id$='-field_duties_0-0']"))
    keys.press("Space")
    keys.write(office.field("reason", 0), "辖区企业增多")
    keys.to(page.get_by_role("button", name="提交", exact=True))
    keys.press("Enter")
    keys.at_result("已提交")
    return office.case_number()


def opened(keys: Keys, number: str) -> None:
    """From the inbox to a task: / searches, Tab leads to what is found, Enter opens."""
    keys.page.goto("/tasks")
    keys.press("/")
    keys.type(number)
    expect(keys.page.locator("#rows a.row-link")).to_have_count(1)
    keys.to(keys.page.locator("#rows a.row-link"))
    keys.press("Enter")
    expect(keys.page.locator("#task-title")).to_be_visible()
    expect(keys.page.locator("#form-mount[aria-busy]")).to_have_count(0)


def test_a_worker_appeals_and_a_reviewer_answers_by_keys_alone(keys: Keys, site: Site) -> None:
    resulted(site)
    number = appealed(keys, WORKER)
    answered(keys, number)


def resulted(site: Site) -> None:
    """A worker is entered, and his result of last year."""
    worker = worker_entered(site, (UNIT, "130102"), "长安区社工甲", WORKER)
    with Visitor(site.url).sign_in(EVALUATOR) as visitor:
        today = {"decided_on": "2026-01-05", "told_on": "2026-01-06"}
        row = {"worker": worker, "grade": "basic", "reasons": "年度重点任务完成不及时。"}
        data = {"evaluation_year": 2025, **today, "results": [row]}
        answer = visitor.post("/start/evaluation_import?organisation=130100", {"data": data})
        assert answer.status in (200, 201), answer.text


def appealed(keys: Keys, worker: str) -> str:
    """The worker disputes his result and hands in his signature."""
    office, page = Office(keys.page), keys.page
    keys.sign_in(worker)
    page.goto("/start/evaluation_appeal")
    expect(page.locator("#form-mount[aria-busy]")).to_have_count(0)
    keys.choose(office.field("record"), "2025")
    expect(office.field("worker_name")).not_to_have_value("")  # the server has answered
    if office.field("late_reason").is_visible():
        keys.write(office.field("late_reason"), "收到告知较晚，未能按期提出。")
    keys.to(page.locator("#form-mount input[id$='-field_kind-0']"))
    keys.press("Space")
    keys.write(office.field("request"), "请求变更为合格。")
    keys.write(office.field("grounds"), "重点任务已按期完成，有验收记录。")
    keys.write(office.field("phone"), "0311-80000002")
    keys.to(page.get_by_role("button", name="提交", exact=True))
    keys.press("Enter")
    keys.at_result("已提交")
    number = office.case_number()
    keys.to(page.locator(".fjs-filepicker-button").first)
    with page.expect_file_chooser() as chosen:
        keys.press("Enter")
    chosen.value.set_files({"name": "签名申请书.pdf", "mimeType": "application/pdf", "buffer": PAPER})
    keys.press("1")
    keys.at_result(f"{number} 已办理")
    return number


def answered(keys: Keys, number: str) -> None:
    """A reviewer accepts, and drafts the answer."""
    office, page = Office(keys.page), keys.page
    keys.sign_in(HANDLER)
    opened(keys, number)
    for box in page.locator("#form-mount input[id*='-field_checked-']").all():
        keys.to(box)
        keys.press("Space")
    keys.press("1")
    keys.at_result(f"{number} 已办理")
    opened(keys, number)
    for key in ("step", "conclusion"):
        keys.to(page.locator(f"#form-mount input[id$='-field_{key}-0']"))
        keys.press("Space")
        if key == "step":
            keys.write(office.field("findings"), "经查，两项任务均在年度内完成并验收。")
    keys.write(office.field("basis"), "依据办法第二十六条、第二十八条。")
    keys.to(page.locator(".act-buttons button").first)
    keys.press("Enter")
    keys.at_result(f"{number} 已办理")
