"""A designer at the workshop in a real browser: a copy is changed, saved while he works, checked, and taken along."""

from __future__ import annotations

import zipfile
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import assert_accessible, picture
from tests.browser.office import Office

pytestmark = pytest.mark.browser


def test_a_designer_renames_a_step_meets_a_finding_mends_it_and_takes_the_folder_along(
    page: Page, pictures: Path
) -> None:
    Office(page).sign_in("designer")
    page.goto("/workshop")
    assert_accessible(page, "workshop")
    page.locator("#copy-key").select_option("post_approval:1")
    page.get_by_role("button", name="复制并编辑").click()
    workshop, mark, checks = page.locator("#workshop"), page.locator("#save-mark"), page.locator("#check-mark")
    expect(workshop).to_have_attribute("data-ready", "editing")
    expect(checks).to_have_text("没有错误，也没有提醒")
    step = page.locator('[data-element-id="city_review"] .djs-hit').first
    step.click(force=True)
    name = page.locator("#panel").get_by_label("名称", exact=True).first
    expect(name).to_have_value("市总工会初审")
    name.fill("市总工会<b>审核</b>")
    name.press("Enter")
    expect(mark).to_have_attribute("data-state", "saved")
    expect(page.locator('[data-element-id="city_review"] text').first).to_contain_text("<b>")  # text, and only text
    assert_accessible(page, "workshop-design")
    picture(page, pictures, "workshop-design")
    form = page.locator("#panel").get_by_label("表单", exact=True).first
    form.select_option("")
    expect(checks).to_contain_text("处错误")
    page.locator("#findings .finding").first.click()
    expect(page.locator(".finding-badge").first).to_be_visible()
    picture(page, pictures, "workshop-finding")
    page.locator("#undo").click()
    expect(checks).to_have_text("没有错误，也没有提醒")
    with page.expect_download() as handed:
        page.locator("#zip").click()
    with zipfile.ZipFile(handed.value.path()) as folder:
        assert 'name="市总工会<b>审核</b>"' in unescape(folder.read("post_approval/process.bpmn").decode())
