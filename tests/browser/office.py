"""What a person does at the site, in his words: sign in, fill in a form, decide. Knows where things are on the pages."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Frame, Locator, Page, expect

from tests.visitor import PASSWORD

MOST_LOOKS = 50


def counted(page: Page) -> list[str]:
    """The pages that are loaded from now on, but for frames. Where one began does not count, though it be told late."""
    loads, began = list[str](), page.url

    def loaded(frame: Frame) -> None:
        if frame is page.main_frame and (loads or frame.url != began):
            loads.append(frame.url)

    page.on("framenavigated", loaded)
    return loads


class Office:
    """One person at one browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, login: str) -> None:
        """Sign in as a demo account; leaves whoever was signed in before."""
        self.page.context.clear_cookies()
        self.page.goto("/login")
        self.page.get_by_label("用户名").fill(login)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("button", name="登录")).to_have_count(0)

    def open_start(self, kind: str, first: str = "need") -> None:
        """Begin a case of this kind by the menu; ``first``: a field of its form."""
        self.page.get_by_role("link", name="发起事项").first.click()
        self.page.get_by_role("link", name=kind, exact=True).click()
        expect(self.field(first)).to_be_visible()

    def open_task(self, number: str) -> None:
        """Open the task of a case from the inbox, found by the case's number."""
        self.page.goto(f"/tasks?q={number}")
        self.page.locator("a.row-link").first.click()
        expect(self.page.locator("#task-title")).to_be_visible()

    def field(self, key: str, row: int | None = None) -> Locator:
        """A field of the form by its key, in a list by its row."""
        end = f"field_{key}" + ("" if row is None else f"_{row}")
        return self.page.locator(f"#form-mount input[id$='-{end}'], #form-mount textarea[id$='-{end}']")

    def fill(self, key: str, words: str, row: int | None = None) -> None:
        self.field(key, row).fill(words)

    def choose(self, key: str, option: str, row: int | None = None) -> None:
        """Choose from a select of form-js, searchable or not; only the form itself shows which."""
        expect(self.page.locator("#form-mount[aria-busy]")).to_have_count(0)
        end = f"field_{key}" + ("" if row is None else f"_{row}")
        shown = self.page.locator(f"#form-mount [id$='-{end}-display']")
        expect(shown.or_(self.field(key, row)).first).to_be_visible()  # a row that was just added is drawn first
        (shown if shown.count() else self.field(key, row)).click()
        self.page.locator(".fjs-dropdownlist-item").filter(has_text=option).first.click()

    def pick(self, key: str, number: int) -> None:
        """Choose one of the round buttons of a field, from 0."""
        self.page.locator(f"#form-mount input[id$='-field_{key}-{number}']").check()

    def today(self, key: str) -> None:
        """Choose the present day in the calendar of a date."""
        shown = self.page.locator(f"#form-mount input[id$='-field_{key}-date']")
        shown.click()
        self.page.locator(".flatpickr-calendar.open .flatpickr-day.today").click()
        expect(shown).not_to_have_value("")

    def date(self, key: str, day: str) -> None:
        """Type a day (as ISO) into a date."""
        shown = self.page.locator(f"#form-mount input[id$='-field_{key}-date']")
        shown.fill(day)
        shown.press("Enter")
        expect(shown).to_have_value(re.compile("/0?".join(str(int(part)) for part in day.split("-"))))

    def hand_over(self, key: str, name: str, content: bytes) -> None:
        """Choose a file for a field."""
        chosen = self.page.locator(f"#form-mount input[type=file][id$='-field_{key}']")
        chosen.set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})

    def tick(self, key: str, number: int, row: int) -> None:
        self.page.locator(f"#form-mount input[id$='-field_{key}_{row}-{number}']").check()

    def add_row(self) -> None:
        self.page.locator(".fjs-repeat-render-add").click()

    def submit(self, button: str = "提交") -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def decide(self, outcome: str, opinion: str = "") -> None:
        """Press an outcome's button, and answer its sheet where it has one; an opinion that nobody asks for first."""
        button = self.page.locator(".act-buttons").get_by_role("button", name=outcome, exact=True)
        sheet, asked = self.page.locator("#sheet"), button.get_attribute("data-opinion")
        if opinion and asked == "optional":
            self.page.locator("#write-opinion").click()
            sheet.locator("#opinion").fill(opinion)
            sheet.get_by_role("button", name=outcome, exact=True).click()
            return
        drafts = self.page.evaluate("JSON.parse(document.getElementById('form-page').textContent).previewUrl")
        button.click()
        if drafts:
            expect(sheet.or_(self.said()).first).to_be_visible()  # its papers are looked for first
        if not sheet.is_visible():
            return
        if opinion:
            sheet.locator("#opinion").fill(opinion)
        sheet.locator("#sheet-confirm").click()
        if opinion and sheet.locator(".draft").count():  # the paper has other words now: it is read again
            expect(sheet.locator("#sheet-errors")).to_be_visible()
            sheet.locator("#sheet-confirm").click()

    def tab(self, name: str, tabs: str = "事项内容") -> None:
        """One of the tabs of a case page."""
        self.page.get_by_role("navigation", name=tabs).get_by_role("link", name=name).click()

    def menu(self, name: str, places: str = "主导航") -> None:
        """One of the places on the left, or of those that a narrow screen has at its foot."""
        self.page.get_by_role("navigation", name=places).get_by_role("link", name=name, exact=True).click()

    def row(self, number: str) -> Locator:
        """The row of a case in the inbox."""
        self.page.goto("/tasks")
        return self.page.locator("#rows tr", has_text=number)

    def told(self, number: str, words: str) -> None:
        """Wait for a message on a case that says ``words``; a message follows its act a moment later."""
        told = self.messages(number).filter(has_text=words)
        for _ in range(MOST_LOOKS):
            if told.count():
                break
            self.page.wait_for_timeout(200)
            self.page.reload()
        expect(told).to_have_count(1)

    def messages(self, number: str) -> Locator:
        """What one was told of a case."""
        self.page.goto("/messages")
        return self.page.locator("table.messages tbody tr").filter(has_text=number)

    def demo_day(self) -> str:
        """The day of the demo's clock, as ISO."""
        return self.page.locator(".demo-clock time").inner_text()[:10]

    def download(self, link: Locator) -> Path:
        """Press a link that gives a file; where it lies."""
        with self.page.expect_download() as given:
            link.click()
        return Path(given.value.path())

    def next_working_day(self, times: int = 1) -> None:
        """Let days pass by the demo's clock."""
        shown = self.page.locator(".demo-clock time")
        for _ in range(times):
            before = shown.inner_text()
            self.page.get_by_role("button", name="下一个工作日").click()
            expect(shown).not_to_have_text(before)  # what is said of it stood there after the day before, too

    def said(self) -> Locator:
        """The sentence that the last act left on the page."""
        return self.page.locator(".notice-success").first

    def case_number(self) -> str:
        """The number in that sentence."""
        found = re.search(r"[A-Z]{2}\d{4}-\d{5}", self.said().inner_text())
        assert found, self.said().inner_text()
        return found.group()
