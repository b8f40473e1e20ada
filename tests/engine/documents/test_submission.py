"""The Word file of a submission, read again with the library that wrote it: texts, tables, page, properties, bytes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from engine.documents.submission import EventMark, Opinion, Paper, render
from engine.documents.word import printable
from engine.views import FieldView
from tests.calls import calls

AT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past midnight of the next day in Shijiazhuang
LONG = "辖区企业和职工增加较快，现有在编人员已充分发挥作用，仍需增加力量。"
ROWS = ("事项", "所在单位", "类别", "数量", "等级", "职责", "理由", "提示")
PAPER = Paper(
    language="zh",
    process="采购审批",
    step="提出申请",
    matter="购置桌椅",
    number="SP2026-000001",
    status="running",
    applicant="长安区总工会",
    organisation="长安区总工会",
    by="长安区经办员",
    at=AT,
    parts=(
        FieldView("heading", "采购申请表"),
        FieldView("field", "需求", LONG),
        FieldView("field", "人数", "7"),
        FieldView("field", "电话", ""),
        FieldView("text", "", "请逐项核对。", warning=True),
        FieldView(
            "table",
            "申请事项",
            columns=ROWS,
            rows=(
                ("新增", "甲街道", "街道", "2", "三级", "调解", "任务重", ""),
                ("新增", "乙街道", "街道", "9", "二级", "建会", "企业多", "超出名额"),
            ),
            warning=True,
            marked=frozenset({1}),
        ),
        FieldView(
            "table", "等级结构", columns=("等级", "现有", "核定后"), rows=(("三级", "0", "2"), ("二级", "1", "1"))
        ),
        FieldView("table", "人员", columns=("姓名", "单位"), rows=(("甲", "乙"),)),
    ),
    outcome="",
    judges=False,
    opinions=(
        Opinion("市里初审", "同意", "情况属实。", "市级审核员", "石家庄市总工会", AT),
        Opinion("省里核定", organisation="河北省总工会"),
    ),
    made_from=EventMark(1, "a" * 64),
    opinions_to=EventMark(4, "b" * 64),
)


def read(paper: Paper) -> Any:
    return docx.Document(io.BytesIO(render(paper)))


def rows_of(document: Any) -> list[list[str]]:
    """The texts of all rows of all tables, a cell over several columns once."""
    return [[cell.text for cell in dict.fromkeys(row.cells)] for table in document.tables for row in table.rows]


def paragraph_with(document: Any, words: str) -> Any:
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    return next(one for cell in cells for one in cell.paragraphs if words in one.text)


def test_the_paper_has_the_form_s_own_title_and_says_whose_it_is_in_beijing_time() -> None:
    document = read(PAPER)
    assert document.paragraphs[0].text == "采购申请表"
    assert rows_of(document)[:4] == [
        ["事项名称", "购置桌椅"],
        ["编号", "SP2026-000001", "事项状态", "办理中"],
        ["申请单位", "长安区总工会", "提交人", "长安区经办员"],
        ["提交时间", "2026年11月23日 00:30", "办理环节", "提出申请"],
    ]


def test_a_form_without_a_heading_is_called_by_process_and_step() -> None:
    assert read(replace(PAPER, parts=PAPER.parts[1:])).paragraphs[0].text == "采购审批（提出申请）"
    assert read(replace(PAPER, parts=(), language="en")).paragraphs[0].text == "采购审批: 提出申请"


def test_long_values_have_a_row_of_their_own_and_short_ones_share_it() -> None:
    rows = rows_of(read(PAPER))
    assert ["需求", LONG] in rows and ["人数", "7", "电话", "—"] in rows


def test_the_rows_of_a_wide_list_are_numbered_blocks_and_the_one_beyond_the_limit_is_marked() -> None:
    document = read(PAPER)
    rows = rows_of(document)
    first, second = rows.index(["申请事项 1"]), rows.index(["※ 申请事项 2"])
    assert ["事项", "新增", "所在单位", "甲街道"] in rows[first:second]
    assert ["提示", "※ 超出名额"] in [row[-2:] for row in rows[second:]] and not any(
        "提示" in row for row in rows[first:second]
    )
    warning = paragraph_with(document, "超出名额").style
    assert warning.font.bold and str(warning.font.color.rgb) == "B01212"
    assert any("标有“※”" in one.text for one in document.paragraphs)


def test_a_narrow_list_is_a_table_whose_head_stands_on_every_page() -> None:
    grades = next(table for table in read(PAPER).tables if table.rows[0].cells[0].text == "等级结构")
    assert [[cell.text for cell in row.cells] for row in grades.rows[1:]] == [
        ["等级", "现有", "核定后"], ["三级", "0", "2"], ["二级", "1", "1"],
    ]  # fmt: skip
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in grades.rows]
    assert repeated == [True, True, False, False]


def test_every_table_has_rows_and_none_touches_another() -> None:
    document = read(PAPER)
    assert all(len(table.rows) for table in document.tables)
    tags = [one.tag for one in document.element.body.inner_content_elements]
    assert all({before, after} != {qn("w:tbl")} for before, after in pairwise(tags))


def test_each_opinion_has_a_box_with_a_place_for_seal_and_date_and_who_is_still_asked_has_an_empty_one() -> None:
    boxes = {row[0]: row[1] for row in rows_of(read(PAPER)) if len(row) == 2}
    assert boxes["市里初审意见"].split("\n") == [
        "同意", "情况属实。", "", "经办人：市级审核员", "石家庄市总工会（盖章）", "2026年11月23日",
    ]  # fmt: skip
    assert boxes["省里核定意见"].split() == ["经办人：", "河北省总工会（盖章）", "年", "月", "日"]
    assert "长安区总工会（盖章）" in boxes["填报单位"] and "负责人（签字）" in boxes["填报单位"]


@pytest.mark.parametrize(("language", "box", "signature", "day"), [
    ("zh", "申请人", "申请人（签名）：", "2026年11月23日"), ("en", "Applicant", "Applicant (signature): ", "2026-11-23"),
])  # fmt: skip
def test_who_hands_in_for_himself_signs_with_his_name_and_no_union_s_seal(
    language: str, box: str, signature: str, day: str
) -> None:
    paper = replace(PAPER, language=language, parts=(), opinions=(), for_himself=True)
    rows = rows_of(read(paper))
    boxes = {row[0]: row[1] for row in rows if len(row) == 2}
    assert boxes[box].split("\n") == [f"{signature}____________", day]
    labels = {cell for row in rows for cell in row}
    assert {"zh": "所在单位", "en": "Organisation"}[language] in labels and "申请单位" not in labels


def test_what_was_decided_ends_with_its_own_opinion_alone() -> None:
    rows = rows_of(read(replace(PAPER, judges=True, outcome="同意", opinions=PAPER.opinions[:1])))
    assert rows[-1][0] == "市里初审意见" and not any(row[0] in ("填报单位", "办理结果") for row in rows)


def test_a_corrected_paper_says_that_it_is_no_longer_the_last_word() -> None:
    assert "第5号记录" in read(replace(PAPER, replaced_by=5)).paragraphs[1].text


def test_the_foot_has_number_pages_and_the_beginning_of_the_hash_and_the_file_holds_all_of_it() -> None:
    document = read(PAPER)
    (foot,) = document.sections[0].footer.paragraphs
    fields = [one.get(qn("w:instr")) for one in foot._p.iter(qn("w:fldSimple"))]
    assert foot.text.startswith("SP2026-000001\t第 ") and foot.text.endswith(f"\t防篡改校验 {'a' * 12}")
    assert fields == ["PAGE", "NUMPAGES"]
    core = document.core_properties
    assert core.identifier == "sha256:" + "a" * 64
    assert "a" * 64 in core.comments and "第4号记录" in core.comments and "b" * 64 in core.comments
    assert (core.title, core.author, core.subject) == ("采购申请表", "长安区经办员", "SP2026-000001")
    assert core.created == core.modified == AT
    assert any("a" * 64 in one.text for one in document.paragraphs)


def test_the_page_is_a4_and_the_fonts_are_those_of_chinese_offices() -> None:
    document = read(PAPER)
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    looks = {name: document.styles[f"Form {name}"] for name in ("title", "label", "value", "footer")}
    assert {name: one.element.rPr.rFonts.get(qn("w:eastAsia")) for name, one in looks.items()} == {
        "title": "黑体", "label": "黑体", "value": "仿宋", "footer": "宋体",
    }  # fmt: skip
    assert (looks["title"].font.size, looks["value"].font.size) == (Pt(18), Pt(12))


def test_the_same_paper_is_the_same_file() -> None:
    assert render(PAPER) == render(PAPER)
    with zipfile.ZipFile(io.BytesIO(render(PAPER))) as parts:
        assert {one.date_time for one in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any("thumbnail" in name for name in parts.namelist())


def test_in_english_all_words_of_the_paper_are_english() -> None:
    rows = rows_of(read(replace(PAPER, language="en", parts=())))
    assert ["Number", "SP2026-000001", "Status", "In progress"] in rows
    assert "Opinion: 市里初审" in [row[0] for row in rows]


@pytest.mark.parametrize("text", ["a\x01b", "a\x0bb", "a\ud800b", "a\uffffb"])
def test_what_no_file_can_hold_is_shown_as_a_mark(text: str) -> None:
    assert printable(text) == "a\ufffdb"
    assert ["需求", "a\ufffdb"] in rows_of(read(replace(PAPER, parts=(FieldView("field", "需求", text),))))


@pytest.mark.parametrize("text", ["<w:p>&amp;</w:p>", "第一行\n第二行\t后面", "  两边有空格  ", "]]>", "\U00020bb7"])
def test_what_people_wrote_stands_there_as_they_wrote_it(text: str) -> None:
    parts = (FieldView("field", text, text), FieldView("text", "", text), FieldView("heading", text))
    rows = rows_of(read(replace(PAPER, parts=parts, by=text, matter=text)))
    assert [text] in rows and ["事项名称", text] in rows and [text, text] in rows


def test_a_long_list_takes_as_much_for_each_row_as_a_short_one() -> None:
    def paper(rows: int) -> Paper:
        return replace(
            PAPER, parts=(FieldView("table", "申请事项", columns=ROWS, rows=(("新增", *("甲街道",) * 7),) * rows),)
        )

    content = render(paper(500))
    assert calls(lambda: render(paper(100))) < 5 * calls(lambda: render(paper(20)))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert "申请事项 500" in parts.read("word/document.xml").decode()


def test_a_list_without_rows_has_its_head_only() -> None:
    assert ["姓名", "单位"] in rows_of(read(replace(PAPER, parts=(FieldView("table", "", columns=("姓名", "单位")),))))


def test_a_sheet_of_many_columns_is_one_table_in_small_type_with_its_head_on_every_page() -> None:
    heads = tuple(f"第{n}列" for n in range(1, 10))
    rows = tuple(tuple(f"{line}-{n}" for n in range(1, 10)) for line in range(1, 61))
    sheet = FieldView("table", "人员", "", heads, rows, marked=frozenset({1}), sheet=True)
    made = next(one for one in read(replace(PAPER, parts=(sheet,))).tables if len(one.columns) == len(heads))
    assert [cell.text for cell in made.rows[1].cells] == list(heads)
    assert made.rows[1]._tr.trPr.xpath("w:tblHeader")
    assert len(made.rows) == len(rows) + 2
    looks = {paragraph.style.name for cell in made.rows[2].cells for paragraph in cell.paragraphs}
    assert looks == {"Form smallcell"}
