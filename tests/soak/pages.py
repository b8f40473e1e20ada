"""Every page of the demo in a real browser, for each role that sees it, at three sizes: axe-core finds nothing wrong.

One page of each kind: the links are followed as ``tests.web.common.test_languages`` follows them. Nothing scrolls
sideways, in Chinese and in English, however long the words are.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urljoin, urlsplit

from playwright.sync_api import Error, Page, sync_playwright

from tests.browser.conftest import CHROMIUMS, SWITCHES
from tests.browser.looks import SIZES, assert_bears_long_words, assert_fits, settle, violations
from tests.browser.office import Office
from tests.site import prepared_environment, run_gangwei, serving
from tests.soak.watch import Score

ROLES = (
    *("shijiazhuang", "changan", "province", "changan.worker1", "shijiazhuang.leader", "observer"),
    *("guangmingli", "contractor", "shijiazhuang.expert1", "province.policy"),
    *("operator", "auditor", "administrator", "designer"),
)
KINDS = ("tab", "view", "only", "what", "kind", "prove", "unit")  # of a query: those that make another page
FILES = ("export", "download", ".xlsx", ".csv", ".bpmn", ".docx", ".json", "/static/")
NAMES = re.compile(r"/(?:\d+(?:-\d+)?|[A-Z]{2,4}\d+-\d+|\d{9}-\d{3}|SG\d+)(?=/|$)")  # of things, in an address
SECONDS = 60.0


def soak(count: int = 2, seed: int = 1) -> Score:
    """In ``count`` languages, Chinese first. Nothing is drawn by ``seed``."""
    score = Score("pages", limit=SECONDS)
    program = next(found for name in CHROMIUMS if (found := shutil.which(name)))
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        environment = prepared_environment(Path(name))
        run_gangwei(["demo"], environment)
        chromium = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        with serving(Path(name), environment) as site:
            for english in (False, True)[:count]:
                seen: set[str] = set()
                for login in ROLES:
                    page = chromium.new_context(base_url=site.url, locale="zh-CN").new_page()
                    Office(page).sign_in(login)
                    if english:
                        page.get_by_role("button", name="English").click()
                    for address in walk(page, seen):
                        _look(score, page, f"{login} {address}{' in English' if english else ''}")
                    page.context.close()
    return score


def walk(page: Page, seen: set[str]) -> Iterator[str]:
    """Opens one page of each kind that links lead to and that nobody has seen; what is asked for is shown."""
    waiting = ["/", "/nowhere"]
    known = set(waiting)
    while waiting:
        address = waiting.pop(0)
        try:
            page.goto(address)
        except Error as other:  # a file, that no name betrays
            assert "Download is starting" in str(other), other
            continue
        if kind_of(page.url) not in seen:
            seen.add(kind_of(page.url))
            yield address
        for link in page.eval_on_selector_all("a[href]:not([download])", "all => all.map(one => one.href)"):
            there = urlsplit(urljoin(page.url, link))
            path = f"{there.path}?{there.query}" if there.query else there.path
            fits = there.netloc == urlsplit(page.url).netloc and not any(part in path for part in FILES)
            if fits and kind_of(path) not in known | seen:
                known.add(kind_of(path))
                waiting.append(path)


def kind_of(address: str) -> str:
    """The address without the names of things, and with the words of its query that make another page of it."""
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    return NAMES.sub("/N", parts.path) + "".join(f" {name}={asked[name][0]}" for name in KINDS if name in asked)


def _look(score: Score, page: Page, what: str) -> None:
    for size in SIZES:
        began = time.monotonic()
        page.set_viewport_size(size)
        settle(page)
        score.tried += 1
        score.broken += [f"{what} at {size['width']}: {line}" for line in violations(page)]
        try:
            assert_fits(page, what)
            assert_bears_long_words(page, what)
        except AssertionError as wide:
            score.broken.append(f"at {size['width']}: {wide}")
        score.took(time.monotonic() - began, what)
    score.outcomes["pages"] += 1
