"""统计: tables that a folder declares; every number is the count of the list that it opens, for each reader his own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.errors import DefinitionInvalid
from engine.publishing.catalog import problems_in
from engine.publishing.folder import FolderFiles
from tests.house import ROOT, WORKFLOWS, build_house
from tests.web.office import Office

FOLDER = ROOT / "tests" / "data" / "counted"
CHART = re.compile(r'<section class="card card-pad" id="([a-z_]+)">(.*?)</section>', re.DOTALL)
ROW = re.compile(r'<tr><th scope="row"[^>]*>([^<]+)</th>(.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<td data-value=\"[^\"]*\">(?:<a href=\"([^\"]+)\">)?([^<]*)")
TOTAL = re.compile(r"共 (\d+) (?:件|条)")
FILE = "_statistics/statistics.toml"

Tables = dict[str, dict[str, list[tuple[str, str]]]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: Any) -> Iterator[Office]:
    """长安 plants two oaks and two pines, one of which is felled, 路北 an oak; each is to be watered in three working days.

    Begun on Monday 2026-06-01; one oak of 长安 is watered after two days, what else it has after ten, 路北's never.
    """
    house = build_house(tmp_path_factory.mktemp("counted"), FOLDER)
    house.at(6, 1)
    sorts = [("oak", "stands"), ("oak", "stands"), ("pine", "stands"), ("pine", "felled")]
    ids = [house.start("changan", "plant", "130102", {"sort": sort, "standing": at}).case_id for sort, at in sorts]
    house.start("lubei", "plant", "130203", {"sort": "oak", "standing": "stands"})
    house.at(6, 3)
    house.complete("changan", ids[0], "watered")
    house.at(6, 11)
    for case_id in ids[1:]:
        house.complete("changan", case_id, "watered")
    yield Office(house)
    house.application.database.close()


def tables(office: Office, login: str, query: str = "") -> Tables:
    """Of each table its rows by name: words and address of every number."""
    answer = office.desk(login).get(f"/statistics{query}")
    assert answer.status_code == 200
    return {
        name: {place: [(words.strip(), unescape(link)) for link, words in CELL.findall(cells)] for place, cells in ROW.findall(text)}
        for name, text in CHART.findall(answer.text)
    }  # fmt: skip


def words(table: dict[str, list[tuple[str, str]]]) -> dict[str, list[str]]:
    return {place: [said for said, _ in cells] for place, cells in table.items()}


def test_every_number_is_as_worked_out_by_hand(office: Office) -> None:
    found = tables(office, "province")
    trees = words(found["trees"])
    # two oaks of three trees that stand: 66.666…, over a half; 路北 has entered none
    assert trees["石家庄市"] == ["66.7%，超过", "2", "1", "3"]
    assert trees["唐山市"] == ["—", "0", "0", "0"]
    # oaks that were watered after 2 and 10 days, pines both after 10; of all four 2, 10, 10, 10
    assert words(found["planting"]) == {"橡树": ["3", "6.0"], "松树": ["2", "10.0"], "合计": ["5", "10.0"]}
    watering = words(found["watering"])
    assert (watering["石家庄市"], watering["唐山市"]) == (["3", "1"], ["1", "0"])


@pytest.mark.parametrize("login", ["province", "shijiazhuang", "changan"])
def test_every_number_opens_a_list_of_just_so_many(office: Office, login: str) -> None:
    found, client, seen = tables(office, login), office.desk(login), 0
    for rows in found.values():
        for name, cells in rows.items():
            for said, address in cells if name != "唐山市" or login == "province" else ():
                if address:
                    page = client.get(address).text
                    total = TOTAL.search(page)
                    assert (total[1] if total else "0") == said, address
                    seen += 1
    assert seen >= 8


def test_a_county_sees_its_own_numbers_without_the_limit_of_a_city(office: Office) -> None:
    found = tables(office, "changan")
    assert list(words(found["trees"]).values()) == [["66.7%", "2", "1", "3"]]
    assert list(words(found["watering"]).values()) == [["3", "1"]]
    assert words(found["planting"])["合计"] == ["4", "10.0"]
    assert "data-limit" not in office.desk("changan").get("/statistics").text


def test_another_year_has_its_own_numbers(office: Office) -> None:
    found = tables(office, "province", "?year=2025")
    assert words(found["planting"])["合计"] == ["0", "—"]
    assert words(found["trees"])["石家庄市"] == ["—", "0", "0", "0"]
    assert tables(office, "province", "?year=²") == tables(office, "province")


def test_the_workbook_says_what_is_seen(office: Office) -> None:
    answer = office.desk("shijiazhuang").get("/statistics/export.xlsx?year=2026")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["树木", "植树用时", "浇水期限"]
    rows = [[cell.value for cell in row] for row in book["树木"].iter_rows()]
    assert rows == [["所属单位", "橡树比例（%）", "橡树", "松树", "合计"], ["石家庄市", 66.7, 2, 1, 3]]


def test_who_leads_nowhere_has_no_such_page(office: Office) -> None:
    for login in ("changan.worker1", "administrator"):
        client = office.desk(login)
        assert client.get("/statistics").status_code == 404
        assert 'href="/statistics"' not in client.get("/profile").text
    assert 'href="/statistics"' in office.desk("province").get("/").text


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('register = "tree"', 'register = "bush"', "没有台账“bush”"),
        ('year = "planted"', 'year = "felling"', "不能按“felling”筛选"),
        ('split = "sort"\nunless', 'split = "planted"\nunless', "“planted”没有选项"),
        ('share = "oak"', 'share = "ash"', "没有选项“ash”"),
        ('process = "plant"', 'process = "fell"', "没有流程“fell”"),
        ('split = "sort"\ndays', 'split = "kind"\ndays', "没有带选项的列“kind”"),
        ('kinds = ["city"]\nyear', 'kinds = ["camp"]\nyear', "没有“camp”这类单位"),
        ("limit = 50", "limit = 100", "限额应为1至99"),
        ("days = true", 'days = true\nshare = "oak"', "用不上“share”"),
        ("deadlines = true", "", "只写一项"),
    ],
)
def test_what_is_not_there_is_refused_by_name(before: str, after: str, told: str) -> None:
    files = {name: data.decode() for name, data in FolderFiles(FOLDER).items()}
    assert before in files[FILE]
    found = problems_in(files | {FILE: files[FILE].replace(before, after)}, FolderFiles(WORKFLOWS))
    assert [one for one in found if one.severity == "error" and told in one.text("zh")], [
        one.text("zh") for one in found
    ]


def test_a_register_is_not_published_without_what_statistics_count(office: Office) -> None:
    name = "_registers/tree.schema.json"
    text = (FOLDER / name).read_text().replace('"filters": ["planted", ', '"filters": [')
    with pytest.raises(DefinitionInvalid, match="planted"):
        office.house.publish({name: text})
