"""The Word files of a case: what stands on them, and who gets them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest

from engine.errors import NotFound
from tests.applications import filled_application, post
from tests.engine.cases.test_acts import PLACE
from tests.house import House, build_house


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path)
    yield made
    made.application.database.close()


def applied(house: House, *posts: dict[str, Any]) -> str:
    kinds = house.application.cases.starts.startable(house.actor("changan"))
    kind = next(one for one in kinds if one.key == "post_approval")
    return house.start("changan", kind.key, PLACE, filled_application(*posts)).case_id


def rows_of(house: House, case_id: str, sequence: int = 1, language: str = "zh") -> list[list[str]]:
    _, content = house.application.cases.papers.document(house.actor("changan"), case_id, sequence, language)
    tables = docx.Document(io.BytesIO(content)).tables
    return [[cell.text for cell in dict.fromkeys(row.cells)] for table in tables for row in table.rows]


def boxes(rows: list[list[str]]) -> list[tuple[str, str]]:
    return [(row[0], row[1].split("\n")[0]) for row in rows if row[0].endswith("意见") and "盖章" in row[1]]


def last(house: House, case_id: str) -> int:
    return house.application.cases.reading.case(house.actor("changan"), case_id).submissions[-1].sequence


def test_the_application_is_a_form_with_its_posts_and_the_box_of_who_is_asked_next(house: House) -> None:
    case_id = applied(house, post(), post("130102904"))
    name, _ = house.application.cases.papers.document(house.actor("changan"), case_id, 1, "zh")
    assert name == "GW2026-00001 岗位开发设置申请表.docx"
    rows = rows_of(house, case_id)
    assert ["编号", "GW2026-00001", "事项状态", "办理中"] in rows
    assert ["申请事项 1"] in rows and ["申请事项 2"] in rows
    assert boxes(rows) == [("市总工会初审意见", "")]


def test_posts_beyond_the_quota_are_marked_on_paper(house: House) -> None:
    case_id = applied(house, post(number=9, excess_reason="争议案件很多，一人难以兼顾。"))
    rows = rows_of(house, case_id)
    assert ["※ 申请事项 1"] in rows and any(row[-1].startswith("※ 超出名额") for row in rows)


def test_the_opinions_of_all_later_steps_stand_on_the_application(house: House) -> None:
    case_id = applied(house)
    house.complete("shijiazhuang", case_id, "pass", opinion="情况属实。")
    assert boxes(rows_of(house, case_id)) == [("市总工会初审意见", "初审通过"), ("省总工会核定意见", "")]
    form = house.application.cases.reading.task(house.actor("province"), house.task_of("province", case_id)).form
    assert form is not None
    house.complete("province", case_id, "refuse", **{**form.values, "opinion": "本年度暂不新增。"})
    rows = rows_of(house, case_id)
    assert boxes(rows) == [("市总工会初审意见", "初审通过"), ("省总工会核定意见", "不予核定")]
    assert "石家庄市总工会（盖章）" in str(rows) and "本年度暂不新增。" in str(rows)


def test_the_paper_of_one_step_has_that_step_s_opinion(house: House) -> None:
    case_id = applied(house)
    house.complete("shijiazhuang", case_id, "pass", opinion="情况属实。")
    assert boxes(rows_of(house, case_id, last(house, case_id))) == [("市总工会初审意见", "初审通过")]


def test_each_version_of_an_application_has_the_opinions_on_itself(house: House) -> None:
    case_id = applied(house)
    house.complete("shijiazhuang", case_id, "return", opinion="请补充理由。", return_to="correct_application")
    again = filled_application(post(reason="新建园区企业二十余家"))
    house.complete("changan", case_id, "resubmit", **again)
    corrected = last(house, case_id)
    house.complete("shijiazhuang", case_id, "pass")
    assert boxes(rows_of(house, case_id)) == [("市总工会初审意见", "退回修改")]
    rows = rows_of(house, case_id, corrected)
    assert boxes(rows) == [("市总工会初审意见", "初审通过"), ("省总工会核定意见", "")]
    assert ["办理结果", "重新提交"] in [row[:2] for row in rows] and "新建园区企业二十余家" in str(rows)
    _, first = house.application.cases.papers.document(house.actor("changan"), case_id, 1, "zh")
    assert f"第{corrected}号记录" in docx.Document(io.BytesIO(first)).paragraphs[1].text


def test_the_file_names_the_event_it_was_made_from_and_is_always_the_same(house: House) -> None:
    case_id = applied(house)
    reader = house.actor("shijiazhuang")
    _, content = house.application.cases.papers.document(reader, case_id, 1, "en")
    line = house.application.cases.reading.case(reader, case_id).history[0]
    assert docx.Document(io.BytesIO(content)).core_properties.identifier == f"sha256:{line.hash}"
    assert house.application.cases.papers.document(reader, case_id, 1, "en")[1] == content


def test_who_may_not_see_the_case_does_not_get_its_papers(house: House) -> None:
    case_id = applied(house)
    with pytest.raises(NotFound) as refused:
        house.application.cases.papers.document(house.actor("tangshan"), case_id, 1, "zh")
    assert "事项" in refused.value.message("zh")


@pytest.mark.parametrize("sequence", [0, 2, 99, -1, 10**30])
def test_an_event_by_which_nothing_was_handed_in_has_no_paper(house: House, sequence: int) -> None:
    case_id = applied(house)
    house.application.cases.acting.comment(house.actor("changan"), case_id, "请尽快。")
    with pytest.raises(NotFound):
        house.application.cases.papers.document(house.actor("changan"), case_id, sequence, "zh")
