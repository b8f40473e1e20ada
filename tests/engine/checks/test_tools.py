"""What other tools draw gets a verdict, a message and a next step: at least sixty features of eight tools."""

from collections import Counter

import pytest

from tests.checks_page import PAGE, page
from tests.engine.checks.tools import Row, rows

ALL = tuple(rows())


def told(row: Row) -> list[str]:
    """What decides the verdict: errors, else warnings."""
    found = row.problems()
    errors = [problem for problem in found if problem.severity == "error"]
    return [problem.text("en") for problem in errors or found]


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.tool}-{row.facts['feature_en']}") for row in ALL])
def test_a_feature_of_another_tool_gets_its_verdict_and_its_messages(row):
    found = row.problems()
    refused = any(problem.severity == "error" for problem in found)
    assert ("refused" if refused else "warning" if found else "published") == row.verdict
    texts = told(row)
    assert len(texts) == len(row.says), texts
    for part, text in zip(row.says, texts, strict=True):
        assert part in text
    for problem in found:
        assert problem.severity == "warning" or problem.hint, problem.text("en")
        assert problem.text("zh") != problem.text("en")


def test_there_are_sixty_rows_of_eight_tools_and_every_verdict():
    assert len(ALL) >= 60 and len({row.tool for row in ALL}) == 8
    assert set(Counter(row.verdict for row in ALL)) == {"published", "warning", "refused"}


def test_what_a_tool_keeps_for_itself_refuses_nothing():
    kept = [row for row in ALL if set(row.facts) & {"ext", "task", "process"} and not row.facts.get("bare")]
    assert len(kept) >= 20 and [row.facts["feature_en"] for row in kept if row.verdict == "refused"] == []


def test_the_page_of_the_checks_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.checks_page"
