"""Every kind of page at both widths: it fits, axe-core finds nothing serious, the console stays silent, keys work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.applications import filled_application
from tests.browser.looks import NARROW, assert_accessible, assert_fits, inspect
from tests.browser.office import Office, counted
from tests.site import Site
from tests.visitor import Visitor

pytestmark = pytest.mark.browser

CALENDAR = ("/calendar?year=2030", "/calendar/count?from=2026-09-18&days=15", "/calendar/changes")
PAGES = {
    "changan": [
        "/tasks?view=mine",
        "/tasks?view=done",
        "/tasks?view=copied",
        "/drafts",
        "/start",
        "/start/year_end_report",
        "/messages",
        "/calendar",
        "/profile",
        "/password",
    ],
    "province": ["/", "/tasks", "/deadlines", "/organisations", "/organisations/130102", "/registers/post", *CALENDAR],
    "observer": ["/tasks", "/cases", "/registers", "/profile"],
    "administrator": ["/admin/users", "/admin/users/new", "/profile"],
    "operator": ["/operations", "/operations/organisations"],
    "auditor": ["/audit?prove=1", "/audit/cases?prove=1", "/profile"],
    "designer": ["/definitions", "/definitions/post_approval"],
}


CLOSED_AND_PRESSED = """key => {
    document.getElementById("sheet").close();
    const pressed = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(pressed);
}"""
"""A key comes when a sheet has closed and the page is not drawn again: the focus is still in what nobody sees any more."""


RENEWED_AT_A_ROW = """() => {
    const row = document.querySelector("a.row-link");
    row.dataset.before = "";
    row.focus();
    document.querySelector("#q").form.requestSubmit();
}"""
"""The list is asked for again while the focus is at its row."""


@pytest.fixture(scope="module")
def waiting(site: Site) -> Iterator[list[str]]:
    """Numbers of three cases that wait for the city."""
    with Visitor(site.url).sign_in("changan") as visitor:
        answers = [
            visitor.post("/start/post_approval?organisation=130102", {"data": filled_application()}) for _ in range(3)
        ]
    yield [answer.json["number"] for answer in answers]


@pytest.mark.parametrize("login", PAGES)
def test_the_pages_of_each_role_fit_and_are_accessible(
    page: Page, pictures: Path, waiting: list[str], login: str
) -> None:
    office = Office(page)
    office.sign_in(login)
    for path in PAGES[login]:
        answer = page.goto(path)
        assert answer and answer.status == 200, path
        inspect(page, pictures, f"{login}-{path.strip('/').translate(str.maketrans('/?=', '---'))}")


def test_the_sign_in_page_fits_refuses_plainly_and_speaks_english(page: Page, pictures: Path) -> None:
    page.goto("/login")
    inspect(page, pictures, "login")
    page.get_by_label("用户名").fill("changan")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspect(page, pictures, "login-refused")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_page_that_is_not_there_says_what_to_do(page: Page, pictures: Path) -> None:
    Office(page).sign_in("changan")
    answer = page.goto("/cases/999999")
    assert answer and answer.status == 404
    expect(page.locator("main")).to_contain_text("没有找到")
    inspect(page, pictures, "not-found")


def test_the_inbox_is_driven_by_keys(page: Page, waiting: list[str]) -> None:
    """/ goes to the search, j and k walk, Enter opens."""
    Office(page).sign_in("shijiazhuang")
    page.goto("/tasks")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(waiting[1])
    expect(page.locator("a.row-link")).to_have_count(1)
    page.evaluate(RENEWED_AT_A_ROW)
    expect(page.locator("a.row-link:not([data-before])")).to_be_focused()
    page.keyboard.press("Escape")
    page.goto("/tasks")
    rows = page.locator("a.row-link")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#task-title")).to_be_visible()


def test_a_week_is_handed_over_by_five_clicks_and_two_pages(page: Page, pictures: Path) -> None:
    Office(page).sign_in("shijiazhuang")
    page.goto("/tasks")
    pages = counted(page)
    page.get_by_role("link", name="外出代理").first.click()
    page.get_by_role("radio", name="石家庄市第二审核员").click()
    page.get_by_role("radio", name="一周").click()
    page.get_by_role("button", name="安排代理").click()
    expect(page.locator(".rows")).to_contain_text("石家庄市第二审核员 代 石家庄市审核员")
    assert len(pages) == 2, pages
    inspect(page, pictures, "absence")
    page.get_by_role("button", name="结束").click()
    expect(page.locator(".rows")).to_contain_text("已提前结束")


def test_the_decision_is_in_sight_at_every_size_and_made_by_keys_alone(page: Page, waiting: list[str]) -> None:
    """A low screen, a telephone and 200 %: every outcome is there. 1 … 9 choose, Esc keeps the words, errors stay."""
    office = Office(page)
    office.sign_in("shijiazhuang")
    office.open_task(waiting[2])
    for width, height in ((1366, 640), (390, 844), (683, 320)):
        page.set_viewport_size({"width": width, "height": height})
        for button in page.locator(".act-buttons [name=outcome]").all():
            expect(button).to_be_in_viewport(ratio=1)
        assert_fits(page, f"a task at {width}")
        assert_accessible(page, f"a task at {width}")
    sheet, opinion = page.locator("#sheet"), page.locator("#opinion")
    page.keyboard.press("2")
    expect(opinion).to_be_focused()
    page.keyboard.type("请核减一个岗位")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("2")
    expect(sheet).to_be_visible()
    page.evaluate(CLOSED_AND_PRESSED, "2")
    expect(sheet).to_be_visible()
    expect(opinion).to_have_value("请核减一个岗位")
    assert_accessible(page, "the sheet of an opinion")
    opinion.fill("")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("1")  # with its boxes unticked
    expect(sheet).to_contain_text("以下各项没有勾选")
    page.keyboard.type("材料已当面核对")
    page.keyboard.press("Control+Enter")
    expect(office.said()).to_contain_text(waiting[2])


def test_the_english_pages_have_no_chinese_buttons_and_fit(page: Page, pictures: Path, waiting: list[str]) -> None:
    Office(page).sign_in("shijiazhuang")
    page.goto("/tasks")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    inspect(page, pictures, "inbox-english")
    page.locator("a.row-link").first.click()
    expect(page.locator("#act-form")).to_be_visible()
    words = page.locator("#act-form button, nav a").all_inner_texts()
    chinese = [word for word in words if any("一" <= letter <= "鿿" for letter in word)]
    assert chinese == []
    inspect(page, pictures, "task-english")


def test_a_narrow_screen_keeps_the_whole_form_usable(page: Page) -> None:
    page.set_viewport_size(NARROW)
    office = Office(page)
    office.sign_in("changan")
    page.goto("/start/post_approval")
    expect(office.field("need")).to_be_visible()
    office.fill("need", "窄屏上也能填写的需求说明。")
    office.choose("action", "新增", 0)
    office.choose("place", "长安区光明里街道总工会", 0)
    office.add_row()
    office.choose("action", "取消", 1)
    assert_fits(page, "application at 390")


def test_the_ledger_of_a_deadline_is_reached_from_the_task_and_unfolds(
    page: Page, pictures: Path, waiting: list[str]
) -> None:
    office = Office(page)
    office.sign_in("shijiazhuang")
    office.open_task(waiting[0])
    page.get_by_role("link", name="计时明细").first.click()
    expect(page.locator(".strip > .strip-last")).to_contain_text("第10天")
    page.get_by_text("逐日说明").click()
    expect(page.get_by_role("row").filter(has_text="收到当日不计入")).to_be_visible()
    inspect(page, pictures, "deadlines-of-a-case")
    page.get_by_role("link", name="期限督办").first.click()
    expect(page.get_by_role("row").filter(has_text=waiting[0])).to_contain_text("剩 10 个工作日")
    inspect(page, pictures, "deadlines-that-run")
