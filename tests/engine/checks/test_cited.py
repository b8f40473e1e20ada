"""What is published with the catalogue of articles says at each step and row what it rests on."""

from __future__ import annotations

import pytest
import re2

from engine.checks.around import Surroundings
from engine.checks.cited import uncited
from engine.definition import check, definitions_in
from engine.publishing.folder import FolderFiles
from tests.house import ROOT, WORKFLOWS

OURS = definitions_in(FolderFiles(WORKFLOWS))
GRANT = {name.removeprefix("grant/"): data for name, data in FolderFiles(ROOT / "tests" / "data" / "effective").items()}
GRANT = {name: data for name, data in GRANT.items() if not name.startswith("_")}
ARTICLES = {"_shared/articles.toml": '[[article]]\nnumber = "12"\nzh = "十二"\nen = "Twelve"\n'.encode()}
TABLE = "2026-01-01.dmn"


def _told(change: dict[str, str] | None = None, articles: bool = True) -> list[str]:
    """The places of a foreign process at which the check finds a source missing, or one that is none."""
    text = GRANT["process.bpmn"].decode()
    for before, after in (change or {}).items():
        assert before in text
        text = text.replace(before, after)
    files = {**GRANT, "process.bpmn": text.encode(), **(ARTICLES if articles else {})}
    found = check("grant", files, Surroundings(("county_officer",), (), {}, tables={"allowance": ("step",)}))
    ours = [one for one in found if "rests" in one.text("en") or "summary" in one.text("en")]
    assert all(one.severity == "error" for one in ours)
    return [str(one.place) for one in ours]


def _with(source: str) -> dict[str, str]:
    return {'name="复核" gw:nameEn="Again"><bpmn:extensionElements>': (
        f'name="复核" gw:nameEn="Again"><bpmn:extensionElements><gw:article number="{source}"/>'
    )}  # fmt: skip


def test_every_task_of_ours_names_an_article_a_law_or_a_reading() -> None:
    assert _told() == ["today_rate", "again", "difference", "once_more"]
    for source in ("12", "law:政府采购法第四十六条", "reading:未作规定"):
        assert "again" not in _told(_with(source))
    for source in ("999", " "):
        assert "again" in _told(_with(source))
    assert _told(articles=False) == []


@pytest.mark.parametrize(
    ("note", "fits"),
    [
        ("第十二条", True),
        ("《政府采购法》第46条", True),
        ("我们的理解：四舍五入", True),
        ("随便写写", False),
        ("", False),
    ],
)
def test_every_row_of_an_effective_table_names_its_source(note: str, fits: bool) -> None:
    data = (ROOT / "tests" / "data" / "effective" / "_tables" / "allowance" / TABLE).read_bytes()
    changed = data.replace("我们的理解".encode(), note.encode())
    found = check("_tables/allowance", {TABLE: changed}, Surroundings((), (), {}))
    assert ([problem.severity for problem in found] == []) == fits


def test_a_row_of_ours_without_its_source_is_found_where_it_is_planted() -> None:
    tables = {name: data for files in OURS.values() for name, data in files.items() if name.endswith(".dmn")}
    assert len(tables) >= 5
    for name, data in tables.items():
        assert uncited(name, data) == []
        for first in re2.findall(rb"<rule id=[^>]*>\s*<description>([^<]*)<", data)[:1]:
            assert [row for row, _ in uncited(name, data.replace(first, b"", 1))] == [1]
