"""What a keystroke costs in a sheet of 300 rows, in a real browser; the floor: the same keys in a plain field."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.sheets import paste, rows_of_people, served, sit_down

ROWS, LINES = 300, 40
SHARE = 0.95
_LISTEN = """() => {
    window.waits = [];
    addEventListener("keydown", () => {
        const at = performance.now();
        requestAnimationFrame(() => setTimeout(() => waits.push(performance.now() - at)));
    }, true);
}"""


def measure() -> None:
    """Prints milliseconds from a key to the picture that follows it, 95 of 100 keys, and the floor."""
    with tempfile.TemporaryDirectory() as name, served(Path(name), ROWS) as (site, task), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(locale="zh-CN")
        page.set_content("<input autofocus>")
        floor = _typed(page, "input")
        sit_down(page, site, task)
        page.locator('.tabulator-cell[data-key="who"]').first.click()
        paste(page, rows_of_people(ROWS))
        page.wait_for_timeout(5_000)  # what follows from it
        grid = _typed(page, '.tabulator-cell[data-key="pay"]')
        browser.close()
    print(f"a key in a sheet of {ROWS} rows, p95: {grid:.0f} ms (floor, a plain field: {floor:.0f} ms)")


def _typed(page: Page, where: str) -> float:
    page.evaluate(_LISTEN)
    page.locator(where).first.click()
    for _ in range(LINES):
        for key in ("4", "3", "2", "1", "Enter"):
            page.keyboard.press(key)
            page.wait_for_timeout(40)
    page.wait_for_timeout(1_000)
    waits = sorted(page.evaluate("waits"))
    return float(waits[int(len(waits) * SHARE)])
