"""What every page must pass: pictures, no sideways scrolling, nothing but trifles from axe-core. ``make soak`` walks all.

Knows no page.
"""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

WIDE: ViewportSize = {"width": 1440, "height": 900}
LOW: ViewportSize = {"width": 1366, "height": 640}
NARROW: ViewportSize = {"width": 390, "height": 844}
SIZES = (LOW, WIDE, NARROW)
UNHEARD = "html:has(script[type=module][src]):not([data-ready])"
"""A page that does not hear its keys and clicks yet (``ready.js``)."""
NAMED = (
    "h1, .row-title a, td:is(.row-extra, .row-place, .row-summary, .row-column):not(.nowrap, .row-acts), .fields dd, .facts dd, "
    ".case-meta > *, option:checked, .form-label, .opinion, .menu-who strong"
)
"""Where a page says what people, or the authors of a process, have named or numbered."""
IMPACTS = ("moderate", "serious", "critical")
PROGRAM = Axe().axe_script


def inspect(page: Page, pictures: Path, name: str) -> None:
    """Look at the page at all sizes; leaves it wide. Raises AssertionError naming what is wrong."""
    settle(page)
    page.screenshot(path=pictures / f"{name}-1440.png", full_page=True)
    page.set_viewport_size(LOW)
    assert_accessible(page, name)
    assert_bears_long_words(page, name)
    page.set_viewport_size(NARROW)
    settle(page)
    page.screenshot(path=pictures / f"{name}-390.png", full_page=True)
    assert_fits(page, name)
    assert_bears_long_words(page, name)
    assert_accessible(page, f"{name} at 390", colours=False)  # they are those of the other size
    page.set_viewport_size(WIDE)


def picture(page: Page, pictures: Path, name: str) -> None:
    """Only the picture, at the width that the page has: of a page whose kind is inspected elsewhere."""
    settle(page)
    width = (page.viewport_size or WIDE)["width"]
    page.screenshot(path=pictures / f"{name}-{width}.png", full_page=True)


def settle(page: Page) -> None:
    """Wait for scripts, fonts and the form, so that a picture shows what a person sees, from the top of the page."""
    page.wait_for_load_state("load")
    page.wait_for_function("unready => !document.querySelector(unready)", arg=f"{UNHEARD}, [aria-busy=true]")
    page.evaluate("document.fonts.ready.then(() => window.scrollTo(0, 0))")


def assert_fits(page: Page, name: str) -> None:
    """No horizontal scrolling of the page, and the widest culprit by name."""
    culprits = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll('body *')]
                .filter((element) => element.getBoundingClientRect().right > width + 1)
                .map((element) => `${element.tagName}.${element.className} to ${element.getBoundingClientRect().right}`)
                .slice(0, 5);
        }"""
    )
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name}: {wide} px too wide: {culprits}"


def assert_bears_long_words(page: Page, name: str) -> None:
    """Whatever is named may be of 60 letters without a gap: the page, its filters open, stays as wide as the screen."""
    page.evaluate(
        """([places, word]) => {
            const texts = [...document.querySelectorAll(places)].flatMap((place) => {
                const found = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
                while (found.nextNode()) if (found.currentNode.data.trim()) return [[found.currentNode, found.currentNode.data]];
                return [];
            });
            const folded = [...document.querySelectorAll("details.filters:not([open])")];
            for (const [text] of texts) text.data = word;
            for (const filters of folded) filters.open = true;
            window.asBefore = () => {
                for (const [text, data] of texts) text.data = data;
                for (const filters of folded) filters.open = false;
            };
        }""",
        [NAMED, "Abcdefghij" * 6],
    )
    try:
        assert_fits(page, f"{name} with long words")
    finally:
        page.evaluate("window.asBefore()")


def assert_accessible(page: Page, name: str, *, colours: bool = True) -> None:
    """axe-core finds nothing moderate, serious or critical. ``colours``: contrasts too, which take most of the time."""
    found = violations(page, colours=colours)
    assert found == [], f"{name}:\n" + "\n".join(found)


def violations(page: Page, *, colours: bool = True) -> list[str]:
    """What axe-core finds on the page as it stands, a line each; the program is handed to a page once."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(PROGRAM)
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
    found = page.evaluate("options => axe.run(options).then(({ violations }) => violations)", options)
    return [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'][:300]})"
        for violation in found
        if violation["impact"] in IMPACTS
        for node in violation["nodes"]
    ]
