"""Templates in the layout of official papers (GB/T 9704-2012, the clauses named below), for a designer to begin with.

A4; what is written stands 156 × 225 mm, 22 lines of 28 points a page (5.2, 5.3); titles in 小标宋 of 二号, text in 仿宋
of 三号, with other fonts where a computer lacks these; page numbers as “— 1 —” (7.5); the seal never alone on a page
(7.3.5.1). Fills nothing in: what is written may hold places of ``places``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Row

from engine.documents.word import LATIN, packed

_FALLBACKS: Final = {
    "方正小标宋简体": "方正小标宋_GBK,小标宋体,华文中宋,宋体",
    "仿宋": "仿宋_GB2312,FangSong,华文仿宋,宋体",
    "黑体": "SimHei,华文黑体,微软雅黑",
    "楷体": "楷体_GB2312,KaiTi,华文楷体,宋体",
}
"""Fonts of the standard, and what stands in for each on a computer that lacks it (ECMA-376, 17.8.3.1)."""
_LINE: Final = Pt(28)
_TWO: Final = 640  # two characters of 三号, in twentieths of a point


@dataclass(frozen=True, slots=True)
class _Look:
    """A paragraph style: font, size in points (二号 22, 三号 16, 四号 14, 小四 12), how it stands."""

    font: str
    size: float = 16
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent: bool = False
    with_next: bool = False
    exactly: bool = True


_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_LOOKS: Final = {
    "公文标题": _Look("方正小标宋简体", 22, _CENTRE, with_next=True),
    "发文字号": _Look("仿宋", align=_CENTRE, with_next=True),
    "主送机关": _Look("仿宋"),
    "公文正文": _Look("仿宋", indent=True),
    "一级标题": _Look("黑体", indent=True, with_next=True),
    "二级标题": _Look("楷体", indent=True, with_next=True),
    "署名": _Look("仿宋", align=_RIGHT, with_next=True),
    "成文日期": _Look("仿宋", align=_RIGHT),
    "附注": _Look("仿宋", 14),
    "表头": _Look("黑体", 12, _CENTRE, with_next=True, exactly=False),
    "表格": _Look("仿宋", 12, _CENTRE, exactly=False),
    "页码": _Look("宋体", 14, _CENTRE, exactly=False),
}


class OfficialPaper:
    """A paper being written from top to bottom."""

    def __init__(self) -> None:
        self._document = docx.Document()
        for name, look in _LOOKS.items():
            self._style(name, look)
        self._page()
        self._fonts()

    def line(self, text: str, look: str = "公文正文") -> None:
        """A paragraph in one of the styles."""
        self._document.add_paragraph(text, style=look)

    def table(self, widths: Sequence[float], head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A bordered table; widths in millimetres. Its head stands on every page, no row is torn."""
        table: Table = self._document.add_table(rows=1 + len(rows), cols=len(widths))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        for number, texts in enumerate((head, *rows)):
            row = table.rows[number]
            marks = row._tr.get_or_add_trPr()
            marks.append(OxmlElement("w:cantSplit"))
            if number == 0:
                marks.append(OxmlElement("w:tblHeader"))
            _fill(row, widths, texts, "表头" if number == 0 else "表格", with_next=number == len(rows))

    def signature(self, office: str, date: str) -> None:
        """Who signs, and when: on the page of the text before it (7.3.5.1)."""
        body = [one for one in self._document.element.body if one.tag == qn("w:p")]
        if body:
            body[-1].get_or_add_pPr().append(OxmlElement("w:keepNext"))
        self.line("", "署名")
        self.line(office, "署名")
        self.line(date, "成文日期")

    def content(self) -> bytes:
        """The file. Asked twice, it is the same."""
        return packed(self._document)

    def _style(self, name: str, look: _Look) -> None:
        style = self._document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        style.font.name, style.font.size = LATIN, Pt(look.size)
        style.element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), look.font)
        form = style.paragraph_format
        form.alignment, form.space_before, form.space_after = look.align, Pt(0), Pt(0)
        form.keep_with_next, form.widow_control = look.with_next, True
        if look.exactly:
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
        marks = style.element.get_or_add_pPr()
        if look.indent:
            marks.append(parse_xml(f'<w:ind {nsdecls("w")} w:firstLineChars="200" w:firstLine="{_TWO}"/>'))
        if name in ("署名", "成文日期"):  # two and four characters from the right (7.3.5.1)
            form.right_indent = Pt(32 if name == "署名" else 64)

    def _page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(25)
        foot = section.footer.paragraphs[0]
        foot.style = "页码"
        foot.add_run("— ")
        foot._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
        foot.add_run(" —")

    def _fonts(self) -> None:
        """Names what stands in for a font that is not there."""
        told = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{others}"/></w:font>' for name, others in _FALLBACKS.items()
        )
        package = self._document.part.package
        assert package is not None
        for part in package.iter_parts():
            if part.partname == "/word/fontTable.xml":
                part._blob = part.blob.replace(b"</w:fonts>", f"{told}</w:fonts>".encode())


def blank() -> bytes:
    """A template to begin with: number, title, addressee, text, a table that grows, signature."""
    paper = OfficialPaper()
    paper.line("{{ paper_number }}", "发文字号")
    paper.line("")
    paper.line("{{ title }}", "公文标题")
    paper.line("")
    paper.line("{{ addressee }}：", "主送机关")
    paper.line("{{ text }}")
    paper.table(
        (20, 90, 46),
        ("序号", "事项", "金额（元）"),
        [("{{ rows.number }}", "{{ rows.item }}", "{{ rows.amount|金额 }}")],
    )
    paper.line("合计{{ total|大写 }}（￥{{ total|金额 }}）。")
    paper.signature("{{ office }}", "{{ date }}")
    return paper.content()


def _fill(row: _Row, widths: Sequence[float], texts: Sequence[str], look: str, *, with_next: bool) -> None:
    for cell, width, text in zip(row.cells, widths, texts, strict=True):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.style, paragraph.paragraph_format.keep_with_next = look, with_next or None
        paragraph.add_run(text)
