"""Rows of a sheet are saved one by one: nobody's row is written over, and all are gone when the step is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
        from storage import row_drafts

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
