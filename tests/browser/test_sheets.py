"""A sheet of 300 rows in a real browser: pasted as a whole, judged while one types, filled in by two at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import visit
from tests.browser.looks import assert_accessible
from tests.sheets import OTHER, paste, rows_of_people, served, sit_down
from tests.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    with served(Path(tmp_path_factory.mktemp("sheets")), 300) as made:
        yield made


def cell(page: Page, row: int, key: str) -> Locator:
    return page.locator(f'.tabulator-cell[data-key="{key}"][id$="-{row}-{key}"]')


def test_300_rows_are_pasted_a_wrong_cell_is_told_and_two_editors_lose_nothing(
    browser: Browser, sheet: tuple[Site, str]
) -> None:
    site, task = sheet
    with visit(browser, site) as one, visit(browser, site) as other:
        sit_down(one, site, task)
        cell(one, 0, "who").click()
        paste(one, rows_of_people(300))
        expect(one.locator(".grid-state")).to_have_text("已粘贴 2100 格")
        expect(cell(one, 2, "yearly")).to_have_text("48030")  # worked out by the server
        cell(one, 1, "pay").click()
        one.keyboard.type("99999")
        expect(one.locator(".grid-state")).to_have_text("不能大于 9000。")
        one.keyboard.press("Enter")
        expect(cell(one, 1, "pay")).to_have_attribute("aria-invalid", "true")
        one.keyboard.press("Control+z")
        expect(cell(one, 1, "pay")).to_have_text("4001.5")
        expect(one.locator("#save-state")).to_have_text("表中的修改已保存")
        assert_accessible(one, "sheet")
        sit_down(other, site, task, OTHER)
        expect(cell(other, 1, "pay")).to_have_text("4001.5")
        cell(other, 0, "pay").click()
        other.keyboard.type("5000")
        other.keyboard.press("Enter")
        cell(other, 1, "pay").click()
        other.keyboard.type("6000")
        other.keyboard.press("Enter")
        expect(other.locator("#save-state")).to_have_text("表中的修改已保存")
        cell(one, 1, "pay").click()
        one.keyboard.type("7000")
        one.keyboard.press("Enter")
        conflict = one.locator(".grid-conflict")
        expect(conflict).to_contain_text("第 2 行：您和石家庄市第二审核员")
        expect(conflict.locator("td")).to_have_text(["7000", "6000"])
        expect(cell(one, 0, "pay")).to_have_text("5000")
        conflict.get_by_role("button", name="采用对方的").click()
        expect(cell(one, 1, "pay")).to_have_text("6000")
        expect(conflict).to_have_count(0)
