"""全部事项 as pages: the observer's desk, the rows, the search on top of every page, the Excel file."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest

from tests.engine.cases.test_acts import APPROVAL, REQUEST
from tests.house import build_house
from tests.web.office import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Any:
    house = build_house(tmp_path_factory.mktemp("visible"), APPROVAL)
    for login, place in (("changan", "130102"), ("lubei", "130203"), ("changan", "130102")):
        house.start(login, "approval", place, REQUEST)
    yield Office(house)
    house.application.database.close()


def numbers(page: str) -> list[str]:
    return re.findall(r'class="row-number">([^<]+)<', page)


def test_who_gets_no_tasks_sees_the_cases_of_his_part_of_the_tree(office):
    observer = office.desk("observer")
    page = observer.get("/cases").text
    assert len(numbers(page)) == 3 and 'href="/cases/3?back=/cases"' in page and "共 3 件" in page
    assert len(numbers(office.desk("observer.tangshan").get("/cases").text)) == 1


def test_a_case_opened_from_the_list_leads_back_to_it(office):
    page = office.desk("observer").get("/cases?place=130102&sort=number").text
    back = re.search(r'href="(/cases/\d+\?back=[^"]+)"', page)
    assert back and "返回全部事项" in office.desk("observer").get(back[1].replace("&amp;", "&")).text


def test_filters_narrow_list_and_export_alike_and_nonsense_filters_nothing(office):
    observer = office.desk("observer")
    for query, count in (("place=130203", 1), ("state=completed", 0), ("sort=x&due=x&opened_from=x&after=x", 3)):
        rows = numbers(observer.get(f"/cases?{query}").text)
        sheet: Any = openpyxl.load_workbook(io.BytesIO(observer.get(f"/cases/export.xlsx?{query}").data)).active
        assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == rows and len(rows) == count
    assert "没有符合条件的事项" in observer.get("/cases?q=无").text


def test_an_export_that_nobody_could_read_is_refused_in_words(office, monkeypatch):
    monkeypatch.setattr("web.cases.visible.MOST_EXPORTED", 2)
    answer = office.desk("observer").get("/cases/export.xlsx")
    assert answer.status_code == 422 and "请先筛选" in answer.text


def test_a_case_is_found_from_any_page_by_its_number(office):
    observer = office.desk("observer")
    assert 'id="find"' in observer.get("/registers").text
    number = numbers(observer.get("/cases").text)[0]
    found = observer.get(f"/cases/found?q={number[-5:]}").text
    assert number in found and 'href="/cases/3"' in found
    assert observer.get("/cases/found?q=").text.strip() == ""
    assert "没有符合条件的事项" in office.desk("observer.tangshan").get(f"/cases/found?q={number}").text


def test_only_the_rows_are_sent_when_a_filter_changes(office):
    answer = office.desk("observer").get("/cases", headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<section id="rows"') and "HX-Request" in answer.vary
