"""Clearing a list: the clicks and loads that it takes, one by one and in one go, and a case beside its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.applications import filled_application
from tests.browser.looks import assert_accessible, inspect, picture
from tests.browser.office import Office, counted
from tests.site import Site
from tests.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def waiting(site: Site) -> Iterator[list[str]]:
    """Numbers of cases that wait for the city, the oldest first."""
    with Visitor(site.url).sign_in("changan") as visitor:
        answers = [
            visitor.post("/start/post_approval?organisation=130102", {"data": filled_application()}) for _ in range(27)
        ]
    yield [answer.json["number"] for answer in answers]


def test_a_case_is_found_from_any_page_by_two_clicks_and_one_load(page: Page, waiting: list[str]) -> None:
    office = Office(page)
    office.sign_in("observer")
    page.goto("/registers")
    loads = counted(page)
    page.locator("#find").click()
    page.keyboard.type(waiting[1])
    page.locator("#found a").filter(has_text=waiting[1]).click()
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_url(re.compile(r"/cases/\d+"))
    assert loads == [page.url]


def test_beside_the_list_a_case_is_decided_in_place_and_the_next_one_opens(page: Page, waiting: list[str]) -> None:
    office = Office(page)
    office.sign_in("shijiazhuang")
    page.set_viewport_size({"width": 1366, "height": 640})
    page.goto("/tasks?sort=-arrived")
    page.locator("#split-switch").click()
    pane = page.frame_locator("iframe.split-pane")
    expect(pane.locator("h1")).to_be_visible()
    rows = page.locator("a[data-row]")
    expect(pane.locator(".case-meta").first).to_contain_text(waiting[-1])  # the newest is first
    loads = counted(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(pane.locator(".case-meta").first).to_contain_text(waiting[-2])
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    pane.get_by_role("button", name="退回").first.click()
    pane.locator("#opinion").fill("请补充理由")
    pane.locator("#sheet-confirm").click()
    expect(page.locator("#main > [role=status]")).to_contain_text(f"{waiting[-2]} 已办理")
    expect(page.locator("#rows")).not_to_contain_text(waiting[-2])
    expect(pane.locator(".case-meta").first).to_contain_text(waiting[-3])  # what stood behind it
    assert loads == []
    page.reload()
    expect(pane.locator("h1")).to_be_visible()  # the choice is remembered
    page.set_viewport_size({"width": 390, "height": 844})
    rows.first.click()  # no room: a page of its own
    page.wait_for_url(re.compile(r"/tasks/\d+-\d+\?back="))


def test_twelve_rows_are_seen_at_once(page: Page, waiting: list[str]) -> None:
    office = Office(page)
    office.sign_in("observer")
    page.set_viewport_size({"width": 1366, "height": 640})
    page.goto("/cases")
    seen = page.evaluate(
        "[...document.querySelectorAll('#rows tbody tr')].filter(r => r.getBoundingClientRect().bottom <= innerHeight).length"
    )
    assert seen >= 12


def test_a_case_is_approved_by_two_clicks_and_returned_by_three(page: Page, site: Site, waiting: list[str]) -> None:
    """Of all pages only that of the task is loaded; then one is in the list again, at what is said of the act."""
    with Visitor(site.url).sign_in("shijiazhuang") as reviewer:
        for number in waiting[:2]:
            (task,) = set(re.findall(r'href="(/tasks/\d+-\d+)["?]', reviewer.get(f"/tasks?q={number}").text))
            assert reviewer.post(task, {"data": {"opinion": "同意"}, "outcome": "pass"}).status == 200
    office = Office(page)
    office.sign_in("province")
    for number, outcome, reason in ((waiting[0], "核定", ""), (waiting[1], "退回", "请补充理由。")):
        page.goto("/tasks")
        loads = counted(page)
        page.locator("#rows tr", has_text=number).locator("a.row-link").click()
        page.locator(".act-buttons").get_by_role("button", name=outcome, exact=True).click()
        if reason:
            expect(page.locator("#opinion")).to_be_focused()  # no click to get there
            page.keyboard.type(reason)
            page.locator("#sheet-confirm").click()
        expect(office.said()).to_contain_text(number)
        opened = [address.partition(site.url)[2].partition("?")[0] for address in loads]
        assert re.fullmatch(r"/tasks/\d+-\d+", opened[0]) and opened[1:] == ["/tasks"], opened
        expect(page.locator("#main > :has(> .flashes)")).to_be_focused()


def test_twenty_alike_take_four_clicks_and_one_load_and_a_keyboard_picks_some(
    page: Page, waiting: list[str], pictures: Path
) -> None:
    office = Office(page)
    office.sign_in("shijiazhuang2")
    page.set_viewport_size({"width": 1366, "height": 640})
    page.goto("/tasks")
    loads = counted(page)
    page.locator("[data-pick-all]:visible").click()
    expect(page.locator("[data-picked]")).to_contain_text("已选 20 件")
    page.get_by_role("button", name="批量办理").click()
    sheet = page.locator("#bulk-sheet")
    sheet.get_by_label("初审通过").click()
    page.keyboard.type("同意上报")  # whoever has chosen goes on with his words
    expect(sheet.get_by_role("button", name="存为常用意见")).to_be_visible()
    sheet.get_by_role("button", name="确认办理 20 件").click()
    page.wait_for_url(re.compile(r"/bulk/\d+"))
    assert len(loads) == 1
    expect(page.locator("#bulk-state-title")).to_contain_text("办理完毕：已办 20 件")
    picture(page, pictures, "bulk-done")
    assert_accessible(page, "bulk-done")
    page.goto("/tasks")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+Space")
    expect(page.locator("[data-picked]")).to_contain_text("已选 3 件")
    page.keyboard.press("b")
    sheet.get_by_label("退回修改").focus()
    page.keyboard.press("Space")
    expect(sheet).to_contain_text("3 件不能办理")
    inspect(page, pictures, "bulk-sheet")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.goto("/cases?state=running")
    page.locator("#rows tr", has_text="省总工会核定").locator("[data-pick]").first.click()
    page.keyboard.press("b")
    expect(sheet).to_contain_text("1 件可以催办")
    assert_accessible(page, "urge-sheet")
    sheet.get_by_role("button", name="确认催办 1 件").click()
    expect(page.locator("#bulk-state-title")).to_contain_text("催办完毕：已催办 1 件")
