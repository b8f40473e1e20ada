"""What a browser says of a form and what the server says: form-js and feelin in Node beside our own engine.

`make soak PART=browser` asks more. What the two judge differently is refused when a form is published
(`tests/engine/checks/test_browser.py`).
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from engine.checks.alike import Alike
from engine.feel import Date
from engine.forms import dialect, rules
from engine.forms.patterns import matches
from engine.forms.settle import Settler
from tests.browser_engine import ask
from tests.engine.forms.helpers import environment, form, part
from tests.soak import browser

LEAST = {
    browser.conditions: 1_000,
    browser.values: 400,
    browser.rows: 100,
    browser.fields: 400,
    browser.patterns: 400,
    browser.moments: 200,
    browser.asked: 60,
}  # the first asks twice


@pytest.mark.parametrize("part", LEAST)
def test_the_browser_and_the_server_judge_alike(part: Any) -> None:
    made = browser.Differences()
    part(made, Random(20261130), LEAST[part])
    assert made.asked >= LEAST[part]
    assert made.found == []


def test_without_the_check_conditions_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Alike, "problems", property(lambda _: [], lambda *_: None), raising=False)
    made = browser.Differences()
    browser.conditions(made, Random(1), 200)
    assert made.refused == 0 and len(made.found) > 10


def test_a_hidden_field_that_others_still_see_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "ask", lambda questions: ask([{**one, "stock": True} for one in questions]))
    made = browser.Differences()
    browser.rows(made, Random(1), 60)
    assert made.found


def test_a_length_counted_in_letters_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "length", len)
    made = browser.Differences()
    browser.fields(made, Random(1), 800)
    assert made.found


def test_a_pattern_read_as_it_stands_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(dialect._CLASSES, "s", [(0x20, 0x20)])
    made = browser.Differences()
    browser.patterns(made, Random(2), 150)
    assert made.found


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"^\u7b2c1$", "第1", True),
        (r"^\u7b2c12$", "第12", True),
        (r"^\s$", "　", True),
        (r"^\s$", "\u180e", False),
        (r"^.$", "\u2028", False),
        (r"^.{2}$", "𠮷", True),
        (r"^\w$", "中", False),
        (r"^\d$", "１", False),
        (r"^[^]$", "\n", True),
        (r"^[[:alpha:]]$", "a]", True),
        (r"^\p{L}$", "p{L}", True),
        (r"^a$", "a\n", False),
        (r"\bb", "中b", True),
    ],
)
def test_a_pattern_matches_as_in_a_browser(pattern: str, text: str, found: bool) -> None:
    assert matches(pattern, text) is found
    assert ask([{"pattern": pattern, "texts": [text]}])[0]["value"] == [found]


@pytest.mark.parametrize(
    ("text", "met"),
    [('told > "2026-01-01"', True), ('told = "2026-01-05"', True), ('date(told) < date("2026-01-05")', False)],
)
def test_a_date_of_the_case_is_a_text_in_a_condition_as_in_a_browser(text: str, met: bool) -> None:
    made = form(part("textfield", "x", hide=f"={text}"), part("textfield", "y"))
    settler = Settler(made.fields, (), {"told": Date(2026, 1, 5)}, environment(), {})
    assert settler.judge({"x": "a", "y": ""}).hidden == (frozenset({("x",)}) if met else frozenset())
    assert ask([{"condition": text, "data": {"told": "2026-01-05"}}]) == [{"value": met}]
