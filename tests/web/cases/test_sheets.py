"""Rows of a sheet are saved one by one: nobody's row is written over, and all are gone when the step is done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from storage import leaving, row_drafts
from storage.cases import save_draft
from tests.house import ROOT, build_house
from tests.web.office import Office
from tests.web.pages import JSON, handed_to_the_form, told

FOLDER = ROOT / "tests" / "data" / "sheets"
ONE, OTHER, PLACE = "shijiazhuang", "shijiazhuang2", "130102"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(build_house(tmp_path, FOLDER))
    yield made
    made.house.application.database.close()


def begun(office: Office, people: int = 3) -> str:
    """The task in which the sheet is filled in."""
    case = office.house.start("changan", "roster", PLACE, {"people": people, "wishes": []}).case_id
    return office.house.task_of(ONE, case)


def save(office: Office, who: str, task: str, *changes: Any, sheet: str = "staff", **known: int) -> Any:
    rows = [dict(zip(("id", "version", "place", "data"), one, strict=True)) for one in changes]
    body = {"changes": rows, "known": {name.replace("_", ":"): version for name, version in known.items()}}
    return office.desk(who).post(f"/tasks/{task}/sheets/{sheet}/rows", json=body, headers=JSON)


def on_page(office: Office, who: str, task: str) -> Any:
    return handed_to_the_form(office.desk(who).get(f"/tasks/{task}").text)


def test_a_row_that_one_editor_saves_stands_before_the_other_one(office: Office) -> None:
    task = begun(office)
    kept = told(save(office, ONE, task, ("s:0", 0, 0, {"who": "张三", "pay": "12345678901234567.89"})))
    assert [(row["id"], row["version"], row["data"]) for row in kept["rows"]] == [
        ("s:0", 1, {"who": "张三", "pay": "12345678901234567.89"})
    ]
    page = on_page(office, OTHER, task)
    assert page["sheets"]["by_name"]["staff"]["saved"] == kept["rows"]
    assert [row["code"] for row in page["values"]["staff"]] == ["A001", "A002", "A003"]


def test_a_row_that_was_saved_meanwhile_is_told_and_not_written_over(office: Office) -> None:
    task = begun(office)
    save(office, ONE, task, ("s:0", 0, 0, {"who": "张三"}), ("s:1", 0, 1, {"who": "李四"}))
    late = told(save(office, OTHER, task, ("s:0", 0, 0, {"who": "王五"}), ("s:2", 0, 2, {"who": "赵六"}), s_1=1))
    assert [(row["id"], row["version"], row["data"]["who"]) for row in late["rows"]] == [
        ("s:0", 1, "张三"),
        ("s:2", 1, "赵六"),
    ]
    again = told(save(office, OTHER, task, ("s:0", 1, 0, {"who": "王五"}), s_1=1, s_2=1))
    assert [(row["version"], row["data"]["who"]) for row in again["rows"]] == [(2, "王五")]


def test_a_row_that_is_taken_away_is_told_as_gone_and_new_ones_stand_where_they_were_put(office: Office) -> None:
    task = begun(office)
    save(office, ONE, task, ("n:b", 0, 0.75, {"who": "乙"}), ("n:a", 0, 0.5, {"who": "甲"}), ("s:1", 0, 1, None))
    rows = on_page(office, OTHER, task)["sheets"]["by_name"]["staff"]["saved"]
    assert [(row["id"], row["data"] and row["data"]["who"]) for row in rows] == [
        ("n:a", "甲"),
        ("n:b", "乙"),
        ("s:1", None),
    ]


def test_who_may_not_act_saves_no_row_and_a_step_that_is_done_keeps_none(office: Office) -> None:
    task = begun(office, people=1)
    assert save(office, "changan", task, ("s:0", 0, 0, {"who": "张三"})).status_code == 403
    assert save(office, ONE, task, ("s:0", 0, 0, {"who": "张三"}), sheet="total").status_code == 404
    assert save(office, ONE, task, ("s:0", 0, 0, {"who": "张三"})).status_code == 200
    row = {"code": "A001", "who": "张三", "place": PLACE, "kind": "full", "pay": 5000, "since": "2026-01-01"}
    done = office.desk(ONE).post(
        f"/tasks/{task}", json={"data": {"most_pay": 9000, "staff": [row]}, "outcome": "done"}, headers=JSON
    )
    assert done.status_code == 200, done.text
    assert save(office, OTHER, task, ("s:0", 1, 0, {"who": "李四"})).status_code == 409
    with office.house.application.database.read() as connection:
        assert row_drafts.count(connection, f"task:{task}") == 0


@pytest.mark.parametrize(
    "change",
    [("", 0, 0, {}), ("s:0", -1, 0, {}), ("s:0", 2**31, 0, {}), ("s:0", 0, 1e30, {}), ("s:0", 0, "x", {}),
     ("s:0", 0, 0, []), (7, 0, 0, {}), ("s" * 201, 0, 0, {}), ("s:0", True, 0, {}), ("s:0", 0, 0, {"__x": 1})],
)  # fmt: skip
def test_what_is_no_row_is_refused(office: Office, change: Any) -> None:
    assert save(office, ONE, begun(office), change).status_code in (400, 422)


def test_rows_of_a_start_are_the_persons_own_and_go_when_it_is_handed_in_or_discarded(office: Office) -> None:
    client = office.desk("changan")
    address = f"/start/roster/sheets/wishes/rows?organisation={PLACE}"
    row = {"id": "n:1", "version": 0, "place": 0, "data": {"wish": "电脑"}}
    assert client.post(address, json={"changes": [row]}, headers=JSON).status_code == 200
    page = handed_to_the_form(client.get(f"/start/roster?organisation={PLACE}").text)
    assert [one["data"] for one in page["sheets"]["by_name"]["wishes"]["saved"]] == [{"wish": "电脑"}]
    assert office.desk("zhengding").post(address, json={"changes": [row]}, headers=JSON).status_code == 403
    client = office.desk("changan")
    client.post(f"/start/roster?organisation={PLACE}", json={"data": {"people": 0, "wishes": []}}, headers=JSON)
    page = handed_to_the_form(client.get(f"/start/roster?organisation={PLACE}").text)
    assert page["sheets"]["by_name"]["wishes"]["saved"] == []


def test_rows_that_are_saved_again_take_no_more_room(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.cases.acting.row_drafts.MOST", 2)
    task, both = begun(office), ({"who": "张三"}, {"who": "李四"})
    for version in (0, 1):
        changes = [(f"s:{at}", version, at, data) for at, data in enumerate(both)]
        assert save(office, ONE, task, *changes).status_code == 200
    assert save(office, ONE, task, ("s:2", 0, 2, {})).status_code == 422


def test_a_draft_is_given_to_nobody_who_has_rows_of_his_own_at_its_place(office: Office) -> None:
    house, place = office.house, f"start:roster:{PLACE}"
    old, new = (house.actor(login).user_id for login in ("changan", ONE))
    with house.application.database.write() as connection:
        save_draft(connection, old, place, {}, house.clock.now())
        for person in (old, new):
            row_drafts.save(connection, {
                "place": f"{place}:{person}", "sheet": "wishes", "row": "n:1", "version": 1, "position": 0.0,
                "data": {}, "removed": False, "user_id": person, "saved_at": house.clock.now(),
            })  # fmt: skip
        (draft,) = leaving.drafts_of(connection, old)
        assert not leaving.give_draft(connection, draft, new)
        row_drafts.drop(connection, f"{place}:{new}")
        assert leaving.give_draft(connection, draft, new) and row_drafts.count(connection, f"{place}:{new}") == 1


FILLED = {
    "code": "A001",
    "who": "=1+1",
    "place": PLACE,
    "kind": "part",
    "hours": 20,
    "pay": 5000.5,
    "card": "0062220212345678901",
}


def given(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"most_pay": 9000, "staff": list(rows)}


def downloaded(office: Office, task: str, *rows: dict[str, Any]) -> Any:
    answer = office.desk(ONE).post(f"/tasks/{task}/sheets/staff/book", json={"data": given(*rows)})
    assert answer.status_code == 200, answer.text
    return load_workbook(BytesIO(answer.data))


def read(office: Office, task: str, book: Any, *rows: dict[str, Any]) -> Any:
    out = BytesIO()
    book.save(out)
    sent = {"file": (BytesIO(out.getvalue()), "人员.xlsx"), "data": json.dumps(given(*rows))}
    answer = office.desk(ONE).post(f"/tasks/{task}/sheets/staff/read", data=sent, headers=JSON)
    assert answer.status_code == 200, answer.text
    return told(answer)


def test_a_workbook_has_headings_choices_formats_and_no_formula(office: Office) -> None:
    task = begun(office)
    book = downloaded(office, task, {**FILLED, "since": "2026-03-01"}, {"code": "A002"})
    sheet = book.worksheets[0]
    assert (sheet.title, sheet["A1"].value) == ("人员", "人员")
    assert [cell.value for cell in sheet[2]][:6] == ["序号", "编号", "姓名", "服务地点", "用工形式", "每周工时"]
    row = {head.value: cell for head, cell in zip(sheet[2], sheet[3], strict=True)}
    assert (row["姓名"].value, row["姓名"].data_type) == ("=1+1", "s")
    assert (row["用工形式"].value, row["月工资"].value, row["月工资"].number_format) == ("兼职", 5000.5, "0.00")
    assert (row["工资卡号"].value, row["工资卡号"].number_format) == ("0062220212345678901", "@")
    assert row["入职日期"].value.isoformat() == "2026-03-01T00:00:00"
    assert [one.formula1 for one in sheet.data_validations.dataValidation][1] == "_choices!$B$1:$B$2"
    assert [cell.value for cell in book["_choices"]["B"]][:2] == ["全职", "兼职"]
    with office.house.application.looks.database.read() as log:
        logged = log.execute(text("SELECT kind, what, subject FROM access_looks ORDER BY id DESC")).first()
    assert logged is not None and tuple(logged) == ("downloaded", "sheet", f"{task}/staff")


def test_what_is_filled_in_comes_back_by_what_identifies_a_row(office: Office) -> None:
    task = begun(office)
    rows = (FILLED, {"code": "A002"}, {"code": "A003"})
    book = downloaded(office, task, *rows)
    sheet = book.worksheets[0]
    at = {head.value: head.column for head in sheet[2]}
    sheet.cell(3, at["编号"]).value, sheet.cell(4, at["编号"]).value = "A002", "Ａ００１"  # in another order
    sheet.cell(3, at["姓名"]).value, sheet.cell(3, at["入职日期"]).value = "李四", "2026/3/9"
    sheet.append(
        [None, "B001", "新来", "长安区总工会", "全职", None, "1,234.5", "2026年4月1日", "是", "6222021234567890123"]
    )
    answer = read(office, task, book, *rows)
    assert answer["wrong"] == []
    assert [(row["index"], row["data"]["code"], row["data"]["who"]) for row in answer["rows"]] == [
        (1, "A002", "李四"),
        (0, "A001", ""),
        (2, "A003", ""),
        (None, "B001", "新来"),
    ]
    assert answer["rows"][0]["data"]["since"] == "2026-03-09"
    new = answer["rows"][-1]["data"]
    assert (new["pay"], new["since"], new["member"], new["card"]) == (
        1234.5,
        "2026-04-01",
        True,
        "6222021234567890123",
    )


def test_every_wrong_cell_is_named_with_its_value_and_nothing_is_taken(office: Office) -> None:
    task = begun(office)
    rows = (FILLED, {"code": "A002"}, {"code": "A003"})
    book = downloaded(office, task, *rows)
    sheet = book.worksheets[0]
    at = {head.value: head.column for head in sheet[2]}
    sheet.cell(4, at["用工形式"]).value, sheet.cell(4, at["月工资"]).value = "临时", "很多"
    sheet.cell(5, at["编号"]).value = "A001"
    sheet.cell(5, at["入职日期"]).value = "2026-02-30"
    answer = read(office, task, book, *rows)
    assert answer["rows"] == []
    assert [(one["where"], one["value"]) for one in answer["wrong"]] == [
        ("“人员”第 4 行，用工形式（E4）", "临时"),
        ("“人员”第 4 行，月工资（G4）", "很多"),
        ("“人员”第 5 行，入职日期（H5）", "2026-02-30"),
        ("“人员”第 5 行", "A001"),
    ]
    book = downloaded(office, task, *rows)
    book.worksheets[0].cell(4, at["月工资"]).value = 90000
    answer = read(office, task, book, *rows)
    told_of = [(one["where"], one["value"], one["what"]) for one in answer["wrong"]]
    assert told_of == [("“人员”第 4 行，月工资（G4）", "90000", "第2行“月工资”应为不大于9000的数")]


def test_a_file_that_is_no_table_is_refused_in_words_and_so_is_who_may_not_act(office: Office) -> None:
    task = begun(office)
    sent = {"file": (BytesIO(b"a,b\n1,2\n"), "x.csv"), "data": json.dumps(given())}
    answer = told(office.desk(ONE).post(f"/tasks/{task}/sheets/staff/read", data=sent, headers=JSON))
    assert answer["wrong"][0]["what"] == "找不到表的列名，请使用下载的表格填写"
    sent = {"file": (BytesIO(b"PK\x03\x04 broken"), "x.xlsx"), "data": json.dumps(given())}
    assert office.desk(ONE).post(f"/tasks/{task}/sheets/staff/read", data=sent, headers=JSON).status_code == 422
    assert (
        office.desk("changan").post(f"/tasks/{task}/sheets/staff/book", json={"data": {}}, headers=JSON).status_code
        == 403
    )
