"""Browser tests: a real server, a real Chromium, fresh contexts for each test, and no error on any console."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from tests.browser.looks import UNHEARD, WIDE
from tests.browser.office import Office
from tests.console import ROOT
from tests.site import Site, prepared_environment, serving

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOWER = float(os.environ.get("GANGWEI_SLOWER", "1"))
"""How many times slower than this machine the browser's is to be: ``make soak PART=stories``."""
PATIENCE = 15_000 * SLOWER
"""Milliseconds: a busy machine is no fault of the page."""
expect.set_options(timeout=PATIENCE)
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    if not program:
        pytest.fail("Chromium is missing: as root, apt-get install -y chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def moved_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose clock the tests move; a module takes it by a fixture ``site`` of its own."""
    folder = tmp_path_factory.mktemp("moved")
    with serving(folder, prepared_environment(folder)) as running:
        yield running


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of a new visitor."""
    with visit(browser, site) as page:
        yield page


@contextmanager
def visit(browser: Browser, site: Site, size: ViewportSize = WIDE) -> Iterator[Page]:
    """A browser of somebody who was never here. Whatever it complains of on its console fails the test."""
    context = browser.new_context(base_url=site.url, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page = context.new_page()
    patient(page)
    page.on("console", lambda message: complaints.extend(_complaint(message)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def patient(page: Page) -> None:
    """Let whoever is at the page wait, as a person does without knowing it, until the page hears him."""
    if SLOWER > 1:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_locator_handler(page.locator(UNHEARD), lambda: None)  # pointing and looking wait until there is none
    for name in ("press", "type"):
        setattr(page.keyboard, name, _once_heard(page, getattr(page.keyboard, name)))


def _once_heard(page: Page, act: Callable[..., None]) -> Callable[..., None]:
    def waits(*words: str, **more: float) -> None:
        page.locator(UNHEARD).wait_for(state="detached")
        act(*words, **more)

    return waits


@dataclass
class Desks:
    """Everybody at a browser of his own: each signs in once, when he is first asked for."""

    browser: Browser
    site: Site
    stack: ExitStack
    offices: dict[str, Office] = field(default_factory=dict)

    def of(self, login: str, size: ViewportSize = WIDE, language: str = "") -> Office:
        """The office of a demo account; ``language``: the button that he presses first."""
        if login not in self.offices:
            office = Office(self.stack.enter_context(visit(self.browser, self.site, size)))
            office.sign_in(login)
            if language:
                office.page.get_by_role("button", name=language).click()
                expect(office.page.get_by_role("button", name=language)).to_have_count(0)
            self.offices[login] = office
        return self.offices[login]


@pytest.fixture
def desks(browser: Browser, site: Site) -> Iterator[Desks]:
    with ExitStack() as stack:
        yield Desks(browser, site, stack)


def _complaint(message: ConsoleMessage) -> list[str]:
    # A refusal of ours (403, 404, 409, 422) is reported by Chromium as a failed load; tests look at the page itself.
    own_refusal = "Failed to load resource" in message.text and "status of 4" in message.text
    return [message.text] if message.type == "error" and not own_refusal else []


@pytest.fixture(scope="session")
def pictures() -> Path:
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    return folder
