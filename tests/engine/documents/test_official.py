"""The official layout: the page, the fonts and what stands in for them, and a signature that is never alone."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.shared import Mm, Pt

from engine.documents import official, templates

VALUES = {
    "paper_number": "冀工函〔2026〕1号", "title": "关于备案的函", "addressee": "石家庄市总工会", "text": "正文。\n第二段。",
    "rows": [{"number": n, "item": f"第{n}项", "amount": 100} for n in (1, 2)], "total": 200, "office": "长安区总工会",
    "date": "2026年3月2日",
}  # fmt: skip
PAPER = templates.fill(official.blank(), VALUES, datetime(2026, 3, 2, tzinfo=UTC))


def test_the_page_leaves_what_the_standard_says():
    page, space = (210, 297), docx.Document(io.BytesIO(PAPER)).sections[0]
    sides = (space.left_margin, space.right_margin, space.top_margin, space.bottom_margin)
    left, right, top, bottom = (round((one or 0) / Mm(1)) for one in sides)
    assert (page[0] - left - right, page[1] - top - bottom) == (156, 225)


def test_the_text_is_of_the_third_size_on_lines_of_28_points_and_each_font_has_others_in_its_place():
    document = docx.Document(io.BytesIO(PAPER))
    text = document.styles["公文正文"]
    assert (text.font.size, text.paragraph_format.line_spacing) == (Pt(16), Pt(28))
    assert document.styles["公文标题"].font.size == Pt(22)
    fonts = zipfile.ZipFile(io.BytesIO(PAPER)).read("word/fontTable.xml").decode()
    assert '<w:font w:name="方正小标宋简体"><w:altName w:val="方正小标宋_GBK,' in fonts


def test_pages_are_numbered_between_dashes():
    foot = docx.Document(io.BytesIO(PAPER)).sections[0].footer.paragraphs[0]
    assert foot.text.replace("1", "") == "—  —"
    assert 'w:instr="PAGE"' in foot._p.xml


def test_the_signature_stays_with_the_text_before_it():
    paragraphs = docx.Document(io.BytesIO(PAPER)).paragraphs
    words, gap, office, date = paragraphs[-4:]
    assert (words.text, office.text, date.text) == ("合计贰佰元整（￥200.00）。", "长安区总工会", "2026年3月2日")
    assert words.paragraph_format.keep_with_next
    assert all(one.style and one.style.paragraph_format.keep_with_next for one in (gap, office))


def test_the_same_template_is_written_twice():
    assert official.blank() == official.blank()
