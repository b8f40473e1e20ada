"""Browser tests: a real server, a real Chromium, one fresh context for each test, and no error on its console."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.looks import WIDE
from tests.site import ROOT, Site

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=15_000)  # a busy machine is no fault of the page
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


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of a new visitor. Whatever the browser complains of on its console fails the test."""
    context = browser.new_context(base_url=site.url, viewport=WIDE, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(15_000)
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.extend(_complaint(message)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def _complaint(message: ConsoleMessage) -> list[str]:
    # A refusal of ours (403, 404, 409, 422) is reported by Chromium as a failed load; tests look at the page itself.
    own_refusal = "Failed to load resource" in message.text and "status of 4" in message.text
    return [message.text] if message.type == "error" and not own_refusal else []


@pytest.fixture(scope="session")
def pictures() -> Path:
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    return folder
