"""How one case is found from any page among many, in a real browser: clicks, loads, requests, and how soon it is seen."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Sequence

from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.site import Site
from tests.visitor import PASSWORD

LOGIN = "province"
TIMES = 5
ASKED_CLICKS, ASKED_LOADS = 2, 1


def measure(site: Site, words: Sequence[str]) -> None:
    """Print of each of these words what it takes to find and to open one case by it, the median of some times."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = _signed_in(browser, site)
        for typed in words:
            found = [_found(page, typed) for _ in range(TIMES)]
            shown, opened = (statistics.median(one[at] for one in found) for at in (0, 1))
            loads, requests = (max(one[at] for one in found) for at in (2, 3))
            kept = "OK" if loads <= ASKED_LOADS else "missed"
            print(
                f"found by “{typed}”: {ASKED_CLICKS} clicks, {loads:.0f} load, {requests:.0f} requests;"
                f" seen {shown:.0f} ms after the last key, its page {opened:.0f} ms after the click   {kept}",
                flush=True,
            )
        browser.close()


def _signed_in(browser: Browser, site: Site) -> Page:
    page = browser.new_context(base_url=site.url, locale="zh-CN").new_page()
    page.goto("/login")
    page.fill("#login", LOGIN)
    page.fill("input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#find").wait_for()
    return page


def _found(page: Page, typed: str) -> tuple[float, float, float, float]:
    """Milliseconds until it is seen and until its page is, loads of pages, and all requests to the program's routes."""
    page.goto("/calendar")
    page.wait_for_load_state("networkidle")
    asked: list[bool] = []

    def note(request: Request) -> None:
        if "/static/" not in request.url:
            asked.append(request.is_navigation_request())

    page.on("request", note)
    page.locator("#find").click()  # one click
    page.keyboard.type(typed)
    began = time.perf_counter()
    first = page.locator("#found a").first
    first.wait_for()
    shown = time.perf_counter()
    first.click()  # and another one
    page.wait_for_url("**/cases/*")
    page.locator("h1").first.wait_for()
    opened = time.perf_counter()
    page.remove_listener("request", note)
    return (shown - began) * 1000, (opened - shown) * 1000, float(sum(asked)), float(len(asked))
