"""Registers: list, record, Excel."""

from __future__ import annotations

import io
import re

from openpyxl import load_workbook

from tests.web.pages import page_client


def test_every_register_stands_with_its_count():
    client, _ = page_client()
    page = client.get("/registers").text
    assert re.search(r'岗位台账.{0,400}?<span class="count">1 条</span>', page, re.DOTALL)


def test_a_list_shows_stored_values_in_words():
    client, _ = page_client()
    page = client.get("/registers/post").text
    assert "初级岗" in page and 'href="/registers/post/130102-001"' in page


def test_one_record_belongs_to_one_organisation_in_english_too():
    client, _ = page_client(english=True)
    page = client.get("/registers/post").text
    assert ">Organisation</th>" in page and ">Organisation</label>" in page


def test_htmx_gets_only_the_rows_of_a_register():
    client, _ = page_client()
    assert client.get("/registers/post", headers={"HX-Request": "true"}).text.strip().startswith('<section id="rows"')


def test_a_search_without_result_says_so():
    client, _ = page_client()
    assert "没有符合条件的记录" in client.get("/registers/post?q=无").text


def test_a_record_tells_each_version_and_the_case_behind_it():
    client, _ = page_client()
    page = client.get("/registers/post/130102-001").text
    assert "第 2 版" in page and "第 1 版" in page and 'href="/cases/41"' in page
    assert "<del>一级岗</del> → <ins>初级岗</ins>" in page


def test_a_version_leads_to_the_line_of_the_history_that_made_it_where_the_case_may_be_opened():
    client, _ = page_client()
    page = client.get("/registers/post/130102-001").text
    assert '<a href="/cases/41?tab=history&amp;before=57#event-7">第 7 条流转记录</a>' in page
    assert "<span>第 5 条流转记录</span>" in page
    assert 'id="event-4"' in client.get("/cases/41?tab=history").text
    client, _ = page_client(english=True)
    assert ">Event 7</a>" in client.get("/registers/post/130102-001").text


def test_the_workbook_holds_words_and_no_formula():
    client, _ = page_client(english=True)
    answer = client.get("/registers/post/export.xlsx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=post.xlsx"
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert rows[0] == ["Number", "Organisation", "Unit", "Grade", "Changed on"]
    assert rows[1] == ["130102-001", "长安区总工会", "=建北街道总工会", "Entry grade", "2026-11-20"]
    assert sheet["C2"].data_type == "s"


def test_a_list_and_a_record_are_asked_for_as_they_stood_at_a_moment():
    officer, _ = page_client()
    for asked, minute in (
        ("as_of=2026-11-01T09:30", "09:30"),
        ("as_of=2026-11-01", "23:59"),
        ("at=2026-11-01", "23:59"),
    ):
        page = officer.get(f"/registers/post?{asked}").text
        assert f"列出的是截至2026-11-01 {minute}的内容" in page and f'value="2026-11-01T{minute}"' in page
        assert f"as_of=2026-11-01T{minute}" in page.partition('class="row-link')[2].partition(">")[0]
        assert f"这是截至2026-11-01 {minute}的内容" in officer.get(f"/registers/post/130102-001?{asked}").text
        taken = officer.get(f"/registers/post/export.xlsx?{asked}").headers["Content-Disposition"]
        assert taken.endswith(f"filename=post-2026-11-01T{minute.replace(':', '')}.xlsx")
    for wrong in ("2026-02-30", "x", "", "0001-01-01T00:00", "2026-11-01T09:30:00+08:00"):
        page = officer.get(f"/registers/post/130102-001?as_of={wrong}").text
        assert "现行内容" in page and "这是截至" not in page
