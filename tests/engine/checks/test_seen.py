"""What a process shows to people from outside names roles, fields and columns that are there."""

from __future__ import annotations

import pytest

from engine.definition import check_files
from tests.engine.checks.test_personal import AROUND
from tests.house import ROOT

QUOTE = ROOT / "tests" / "data" / "outside" / "quote"


def told(before: str, after: str) -> list[str]:
    """The errors of the process with something in its diagram replaced."""
    files = {path.relative_to(QUOTE).as_posix(): path.read_bytes() for path in QUOTE.rglob("*") if path.is_file()}
    text = files["process.bpmn"].decode()
    assert before in text
    files["process.bpmn"] = text.replace(before, after).encode()
    return [
        one.text("en") for one in check_files(files, AROUND) if one.severity == "error" and "gw:seen" in one.text("en")
    ]


@pytest.mark.parametrize(
    "seen",
    [
        '<gw:seen by="outside"/>', '<gw:seen by="outside" fields="title matter"/>',
        '<gw:seen by="county_officer" fields="summary"/>',
    ],
)  # fmt: skip
def test_what_is_there_may_be_shown(seen: str) -> None:
    assert told("<gw:column", f"{seen}<gw:column") == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("<gw:column", '<gw:seen by="outside" fields="titel"/><gw:column', "titel"),
        ('fields="words"', 'fields="words price"', "price"),
        ('by="outside" fields="words"', 'by="stranger"', "stranger"),
        ('<gw:assignment role="city_reviewer"', '<gw:seen by="outside" fields="note"/><gw:assignment role="city_reviewer"', "lane"),
        ('<gw:assignment role="city_reviewer"', '<gw:seen by="nobody"/><gw:assignment role="city_reviewer"', "nobody"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused_by_its_name(before: str, after: str, said: str) -> None:
    problems = told(before, after)
    assert len(problems) == 1 and said in problems[0], problems
