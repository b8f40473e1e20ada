"""A designer at the workshop in a real browser: a copy is changed, saved while he works, checked, and taken along."""

from __future__ import annotations

import zipfile
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE
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
    every_file_is_edited_where_it_stands(page, pictures)
    with page.expect_download() as handed:
        page.locator("#zip").click()
    with zipfile.ZipFile(handed.value.path()) as folder:
        assert 'name="市总工会<b>审核</b>"' in unescape(folder.read("post_approval/process.bpmn").decode())


def every_file_is_edited_where_it_stands(page: Page, pictures: Path) -> None:
    mark, files = page.locator("#save-mark"), page.locator("#diagram-file")
    page.locator('[data-element-id="province_decision"] .djs-hit').first.click(force=True)
    deadline = page.locator("#panel .feel-box").filter(has_text="service_level").locator(".cm-content")
    deadline.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" + application.")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("established_staff")  # a field of its form
    picture(page, pictures, "workshop-expression")
    page.keyboard.press("Escape")
    for _ in range(len(" + application.")):
        page.keyboard.press("Backspace")
    files.select_option("post_quota.dmn")
    expect(page.locator("#file-editor")).to_contain_text("岗位名额")
    assert_accessible(page, "workshop-table")
    page.locator("#file-editor td.add-rule").first.click()
    expect(page.locator("#findings")).to_contain_text("行“")
    expect(mark).to_have_attribute("data-state", "saved")
    picture(page, pictures, "workshop-table")
    page.locator("#undo").click()
    expect(page.locator("#check-mark")).to_have_text("没有错误，也没有提醒")
    files.select_option("forms/application.form.json")
    page.locator("#file-editor").get_by_role("button", name="预览").click()
    expect(page.locator(".form-preview")).to_contain_text("设岗需求")
    assert_accessible(page, "workshop-form")
    picture(page, pictures, "workshop-form")
    files.select_option("process.bpmn")


def test_a_designer_plays_a_process_in_force_with_an_invented_person_and_goes_back(page: Page, pictures: Path) -> None:
    Office(page).sign_in("designer")
    page.goto("/definitions/grade_ratio")
    page.get_by_role("button", name="试运行").click(timeout=8 * PATIENCE)  # the process of a trial is begun here
    expect(page.get_by_text("发起一件事项")).to_be_visible()
    page.locator(".trial-start").get_by_role("button", name="填写").first.click()
    expect(page.locator("#form-mount")).not_to_have_attribute("aria-busy", "true")
    page.get_by_role("link", name="填入示例值").click()
    expect(page.locator("#form-mount")).not_to_have_attribute("aria-busy", "true")
    page.get_by_role("link", name="返回试运行").click()
    page.get_by_role("button", name="到下一个工作日").click()
    expect(page.locator(".trial-walk")).to_contain_text("时间经过")
    assert_accessible(page, "workshop-trial")
    picture(page, pictures, "workshop-trial")
    page.get_by_role("button", name="从头再来").click()
    expect(page.get_by_text("还没有走任何一步")).to_be_visible()
    page.get_by_role("button", name="结束试运行").click()
    expect(page.get_by_text("这次试运行已经结束")).to_be_visible()
