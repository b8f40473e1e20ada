"""Which elements and rows rest on which article: read from what they cite, and told as a page."""

from __future__ import annotations

import pytest

from engine.checks.citing import citations
from engine.publishing.articles import article_table
from engine.publishing.folder import FolderFiles
from tests.console import ROOT

PAGE = ROOT / "docs" / "articles.md"
SHOWN = (*map(str, range(11, 23)), "38")
ROW = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="limits" name="界限"><decisionTable id="t"><input id="i"><inputExpression id="e" typeRef="string"><text>x</text>
</inputExpression></input><output id="o" name="y" typeRef="number"/><rule id="r"><description>{note}</description>
<inputEntry id="a"><text>-</text></inputEntry><outputEntry id="b"><text>1</text></outputEntry></rule></decisionTable>
</decision></definitions>"""


@pytest.mark.parametrize(
    ("note", "articles"),
    [
        ("第十条：不足2000人的", ["10"]),
        ("第七条、第八条：三年；政府采购法第四十六条、第四十七条", ["7", "8"]),
        ("《政府采购法》第三十八条", []),
        ("87号第五十五条；第二十一条：质量优先", ["21"]),
        ("实施条例第五十条，办法第三十一条", ["31"]),
        ("我们的理解", []),
        ("第一百二十条", ["120"]),
    ],
)
def test_a_row_cites_the_measures_and_not_the_laws_that_it_names(note: str, articles: list[str]) -> None:
    found = citations({"one": {"limits.dmn": ROW.format(note=note).encode()}})
    assert [(one.article, one.id, one.row) for one in found] == [(article, "r", 1) for article in articles]


def test_the_page_says_of_each_article_from_posts_to_people_at_work_what_rests_on_it() -> None:
    page = article_table(FolderFiles(ROOT / "workflows"), SHOWN)
    parts = page.split("\n## ")[1:]
    assert [part.split("条")[0].removeprefix("第") for part in parts] == list(SHOWN)
    assert all("| `" in part for part in parts), [part for part in parts if "| `" not in part]
    assert PAGE.read_text(encoding="utf-8") == page, "run: gangwei workflows articles 11 … > docs/articles.md"


def test_an_article_that_nothing_cites_is_said_so() -> None:
    catalogue = '[[article]]\nnumber = "7"\nzh = "市级工会"\nen = "Cities"\n'
    files = {"_shared/articles.toml": catalogue, "one/limits.dmn": ROW.format(note="第八条")}
    assert "还没有元素引用。" in article_table(files)
