"""Tables from outside: nothing of them is lost, nothing invented, and none of them hurts whoever reads it."""

from __future__ import annotations

import io
import resource
import threading
import zipfile
from datetime import datetime

import openpyxl
import pytest

from engine.files import sheets, table
from engine.files.apart import Limits
from engine.files.sheets import limits, read_here, read_sheet
from engine.files.table import Sheet, SheetUnreadable
from engine.words import worded
from tests.workbooks import STRICT, excel, inline, one_sheet, packed, sheet_xml

HEAD = inline("编码", "名称")


def read(data: bytes) -> Sheet:
    return read_here(data)


def wrong(sheet: Sheet) -> list[str]:
    return [f"{worded(sheet.place(one.line, one.column), 'zh')}：{worded(one.what, 'zh')}" for one in sheet.wrong]


def notes(sheet: Sheet) -> list[str]:
    return [str(worded(note, "zh")) for note in sheet.notes]


def refusal(data: bytes) -> str:
    with pytest.raises(SheetUnreadable) as refused:
        read_sheet(data)
    assert refused.value.message("en").isascii()
    return refused.value.message("zh")


# --- cells ----------------------------------------------------------------------------------------------------------

STYLES = (
    '<numFmts><numFmt numFmtId="176" formatCode="000000"/><numFmt numFmtId="177" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>'
    '<numFmt numFmtId="178" formatCode="0.00_);[Red]\\(0.00\\)"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/><xf numFmtId="178"/><xf numFmtId="31"/></cellXfs>'
)  # fmt: skip
CELLS = {
    '<c t="s"><v>0</v></c>': "长安区", '<c t="s"><v>1</v></c>': "桥西区", "<c><v>130102</v></c>": "130102",
    "<c><v>2000.0</v></c>": "2000", "<c><v>0.30000000000000004</v></c>": "0.3", "<c><v>1.0000000000000001E-5</v></c>": "0.00001",
    '<c s="1"><v>46388</v></c>': "2027-01-01", '<c s="3"><v>46388.5</v></c>': "2027-01-01 12:00:00", '<c s="5"><v>46388</v></c>': "2027-01-01",
    '<c s="2"><v>1234</v></c>': "001234", '<c s="4"><v>12.5</v></c>': "12.5", '<c t="b"><v>1</v></c>': "TRUE",
    '<c t="str"><f>A1&amp;B1</f><v>甲乙</v></c>': "甲乙", '<c t="str"><f>""</f><v></v></c>': "", "<c><f>1+1</f><v>2</v></c>": "2",
    '<c t="d"><v>2027-01-01</v></c>': "2027-01-01", '<c t="inlineStr"><is><r><t>长</t></r><r><t>安</t></r><rPh><t>chang</t></rPh></is></c>': "长安",
    '<c t="str"><v>甲_x000D_乙_x005F_</v></c>': "甲\r乙_", "<c><v>１２</v></c>": "12",
}  # fmt: skip
TEXTS = "<si><t>长安区</t><phoneticPr/></si><si><r><t>桥西</t></r><r><t xml:space='preserve'>区 </t></r><rPh><t>qiao</t></rPh></si>"


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_read_as_its_writer_sees_it(cell: str) -> None:
    found = read(one_sheet(HEAD + f"<row>{cell}{inline('x')[5:-6]}</row>", texts=TEXTS, styles=STYLES))
    assert found.rows == ((2, (CELLS[cell], "x")),) and not found.wrong


WRONG = {
    '<c t="e"><f>VLOOKUP(1,2,3)</f><v>#N/A</v></c>': "“#N/A”是公式错误",
    "<c><f>SUM(C1:C9)</f></c>": "公式没有保存结果", "<c><f>SUM(C1:C9)</f><v></v></c>": "公式没有保存结果",
    "<c><v>1.30102199001011E+17</v></c>": "末几位已丢失", "<c><v>130102199001011000</v></c>": "末几位已丢失",
    '<c t="str"><v>1.30102E+17</v></c>': "“1.30102E+17”的末几位已丢失", '<c s="1"><v>60</v></c>': "“60”不是有效的日期",
    '<c s="1"><v>-5</v></c>': "“-5”不是有效的日期",
}  # fmt: skip


@pytest.mark.parametrize("cell", WRONG)
def test_a_value_that_cannot_be_known_is_refused_by_its_cell(cell: str) -> None:
    (said,) = wrong(read(one_sheet(HEAD + f"<row>{inline('130102')[5:-6]}{cell}</row>", styles=STYLES)))
    assert said.startswith("“表一”第 2 行，名称（B2）：") and WRONG[cell] in said


def test_days_since_1904_are_read_as_such() -> None:
    rows = HEAD + '<row><c s="1"><v>44926</v></c></row>'
    old = '<workbookPr date1904="1"/>'
    assert read(one_sheet(rows, styles=STYLES, properties=old)).rows[0][1][0] == "2027-01-01"


def test_what_is_hidden_is_read_and_told_and_what_is_merged_is_refused() -> None:
    rows = HEAD + '<row r="2" hidden="1"><c r="A2" t="str"><v>1</v></c></row><row r="5"><c r="B5"><v>7</v></c></row>'
    after = '<mergeCells><mergeCell ref="B5:B9"/><mergeCell ref="C7:D7"/><mergeCell ref="A2:A2"/></mergeCells>'
    found = read(one_sheet(rows, before='<cols><col min="2" max="16384" hidden="1"/></cols>', after=after))
    assert [line for line, _ in found.rows] == [2, 5]
    assert notes(found) == ["隐藏的第 2 行也读入了", "隐藏的 B 列也读入了"]
    assert wrong(found) == ["“表一”第 5 行，名称（B5）：B5:B9 是合并的单元格，请取消合并并逐格填写（现为“7”）"]


def test_the_first_visible_sheet_with_anything_in_it_is_read_and_the_others_are_named() -> None:
    empty, full = sheet_xml('<row r="1"><c r="A1" s="1"/></row>'), sheet_xml(inline("编码") + inline("1"))
    data = excel(
        ("草稿", 'state="hidden"', full),
        ("空", "", empty),
        ("单位", "", full),
        ("说明", "", full),
        ("底", 'state="veryHidden"', empty),
    )
    found = read(data)
    assert found.name == "单位" and notes(found) == ["隐藏的工作表“草稿”没有读入", "工作表“说明”没有读入"]
    assert "可见的工作表都是空的" in refusal(excel(("草稿", 'state="hidden"', full), ("空", "", empty)))


def test_formatted_empty_rows_are_no_rows_and_a_far_cell_is_refused() -> None:
    empty = "".join(
        f'<row r="{line}" ht="20"><c r="A{line}" s="1"/><c r="B{line}" s="1"/></row>' for line in range(3, 20_000)
    )
    found = read(one_sheet(HEAD + inline("1", "甲") + empty, styles=STYLES))
    assert len(found.rows) == 1
    assert "超过 60 列" in refusal(one_sheet(HEAD + '<row r="2"><c r="XFD2"><v>1</v></c></row>'))


def test_workbooks_of_openpyxl_and_in_the_strict_form_are_read() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["编码", "日期"])
    book.worksheets[0].append(["0012", datetime(2027, 1, 1)])
    book.save(out)
    assert read(out.getvalue()).rows == ((2, ("0012", "2027-01-01")),)
    strict = excel(("表", "", sheet_xml(HEAD + inline("1", "甲"), space=STRICT)), space=STRICT)
    assert read(strict).rows == ((2, ("1", "甲")),)


# --- text files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_is_read_in_every_encoding_and_with_every_delimiter(encoding: str, delimiter: str) -> None:
    rows = [["编码", "名称", "备注"], ["0013", f"长安{delimiter}区", "甲\n乙"], ["１３", "桥西", ""]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    found = read(text.encode(encoding))
    assert found.header == ("编码", "名称", "备注") and found.rows == ((2, tuple(rows[1])), (4, tuple(rows[2])))


def test_what_excel_writes_into_a_text_is_understood_or_refused() -> None:
    found = read('sep=;\r\n编码;证件;数\r\n="0013";1.30102E+17;#REF!\r\n'.encode("gbk"))
    assert found.rows == ((3, ("0013", "1.30102E+17", "#REF!")),)
    assert [said.partition("：")[0] for said in wrong(found)] == ["第 3 行，证件（B3）", "第 3 行，数（C3）"]


def test_old_and_locked_workbooks_are_told_what_to_do() -> None:
    assert "另存为 .xlsx" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "已损坏" in refusal(b"PK\x03\x04" + bytes(600))
    binary = packed({"_rels/.rels": one_sheet_rels("xl/workbook.bin")})
    assert ".xlsb" in refusal(binary)


def one_sheet_rels(target: str) -> str:
    from tests.workbooks import related

    return related(r1=("officeDocument", target))


# --- to hurt --------------------------------------------------------------------------------------------------------

MB = 1024 * 1024
DTD = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
A_CELL = '<c r="A1" t="s"><v>0</v></c>'
HOSTILE = {
    "many cells": lambda: one_sheet("<row>" + "<c><v>1</v></c>" * 300_000 + "</row>"),
    "many rows": lambda: one_sheet("<row><c><v>1</v></c></row>" * 100_000),
    "many empty rows": lambda: one_sheet("<row/>" * 300_000),
    "many empty cells": lambda: one_sheet("<row>" + "<c/>" * 3_000_000 + "</row>"),
    "many merged": lambda: one_sheet(HEAD, after="<mergeCells>" + '<mergeCell ref="A1:B9"/>' * 50_000 + "</mergeCells>"),
    "many hidden columns": lambda: one_sheet(HEAD, before="<cols>" + '<col min="1" max="9" hidden="1"/>' * 100_000 + "</cols>"),
    "many texts": lambda: one_sheet("<row>" + A_CELL + "</row>", texts="<si><t>a</t></si>" * 200_000),
    "a long text": lambda: one_sheet("<row>" + A_CELL + "</row>", texts="<si><t>" + "a" * (2 * MB) + "</t></si>"),
    "a text in pieces": lambda: one_sheet("<row>" + A_CELL + "</row>", texts="<si>" + "<r><t>aaaaaaaa</t></r>" * 100_000 + "</si>"),
    "one long text often": lambda: one_sheet(("<row>" + A_CELL.replace(' r="A1"', "") * 50 + "</row>") * 500, texts="<si><t>" + "a" * 999 + "</t></si>"),
    "many styles": lambda: one_sheet("<row>" + A_CELL + "</row>", texts="<si><t>a</t></si>", styles="<cellXfs>" + '<xf numFmtId="0"/>' * 100_000 + "</cellXfs>"),
    "many formats": lambda: one_sheet(HEAD, styles="<numFmts>" + "".join(f'<numFmt numFmtId="{n}" formatCode="0"/>' for n in range(50_000)) + "</numFmts>"),
    "many sheets": lambda: excel(*[("a", "", sheet_xml(""))] * 300),
    "deep": lambda: one_sheet("<a>" * 100_000 + "</a>" * 100_000),
    "many attributes": lambda: one_sheet("<row " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"),
    "entities": lambda: packed({"_rels/.rels": DTD + "<a>&b;</a>"}),
    "a bomb": lambda: one_sheet(" " * (60 * MB)),
    "another way to pack": lambda: packed({"_rels/.rels": "<a/>"}, zipfile.ZIP_LZMA),
    "many parts": lambda: packed({f"a{number}": "" for number in range(2_500)}),
    "no workbook": lambda: packed({"_rels/.rels": "<a/>"}),
    "a circle": lambda: packed({"_rels/.rels": one_sheet_rels("_rels/.rels")}),
    "a bad number": lambda: one_sheet(f"<row><c><v>{'9' * 5000}</v></c></row>"),
    "a bad place": lambda: one_sheet('<row r="99999999999999999999"><c r="A0"><v>1</v></c></row>'),
    "a bad text": lambda: one_sheet('<row><c t="s"><v>99</v></c></row>'),
    "a bad escape": lambda: one_sheet(inline("_xD800_")),
    "no numbers": lambda: one_sheet('<row r="x"><c s="y"><v>1</v></c></row>'),
    "a wide text": lambda: ("," * 4_000_000).encode(),
    "a long line": lambda: b'"' + b"a" * 4_000_000,
    "quotes": lambda: b'"",' * 200_000,
    "lines": lambda: b"\n" * 500_000,
    "rows of text": lambda: b"a\n" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_meant_to_hurt_is_refused_in_words_and_costs_little(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = HOSTILE[name]()
    monkeypatch.setattr(sheets, "limits", lambda _size: limits(0))  # as for a file of 128 KB
    before = spent()
    try:
        found = read_sheet(data)
        assert len(found.rows) <= table.MOST_ROWS
    except SheetUnreadable as refused:
        assert refused.message("zh").startswith("文件无法读取：") and "没有启动" not in refused.message("zh")
    assert spent() - before < 5, "two seconds, and what it takes to start and to be ended"


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_reader_that_takes_more_memory_than_it_may_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    plenty = one_sheet("<row><c><v>1</v></c></row>" * 15_000)
    assert len(read_sheet(plenty).rows) == 14_999
    monkeypatch.setattr(sheets, "limits", lambda _size: Limits(seconds=5, memory=20 * MB, patience=60))
    assert "内存超过限制" in refusal(plenty)


def test_the_least_that_harms_nobody_passes_the_limits_of_a_small_file() -> None:
    rows = "".join(
        inline(f"1301{number:05}", f"第{number}街道总工会", "街道", "130102", "2000") for number in range(15_000)
    )
    found = read_sheet(one_sheet(HEAD + rows))
    assert len(found.rows) == 15_000 and found.rows[-1][1][0] == "130114999"


def test_a_failure_to_start_is_told_as_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.files.apart.START", "raise SystemExit(3)")
    assert "没有启动" in refusal(b"a,b\n1,2\n")


def test_no_more_are_read_at_once_than_the_machine_can_bear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LONGEST_WAIT", 0.0)
    monkeypatch.setattr(sheets, "_turns", threading.BoundedSemaphore(1))
    with sheets._turns:
        assert "稍后再试" in refusal(b"a,b\n1,2\n")
    assert read_sheet(b"a,b\n1,2\n").rows == ((2, ("1", "2")),)
