"""Word files as an office prints them: A4, Chinese fonts by name, bordered tables. Drives python-docx.

The same calls always give the same bytes: no clock is read, and the parts are packed in one order with one date.
Knows no case and no form.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from html import escape
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table

WIDTH = 16.4
"""Centimetres between the margins."""
SONG, FANG, HEI, LATIN = "宋体", "仿宋", "黑体", "Times New Roman"
RED = RGBColor(0xB0, 0x12, 0x12)
_TINTS = {"label": "F5F5F5", "band": "E7E7E7", "warning": "FBE9E7"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Look:
    """A paragraph style: East Asian font, size in points (小二 18, 小四 12, 小五 9), and how it stands."""

    font: str
    size: float
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT
    bold: bool = False
    red: bool = False
    around: float = 0  # points before and after


_LOOKS = {
    "title": _Look(HEI, 18, WD_ALIGN_PARAGRAPH.CENTER, around=8),
    "value": _Look(FANG, 12),
    "strong": _Look(HEI, 12),
    "sign": _Look(FANG, 12, WD_ALIGN_PARAGRAPH.RIGHT),
    "label": _Look(HEI, 12, WD_ALIGN_PARAGRAPH.CENTER),
    "cell": _Look(FANG, 12, WD_ALIGN_PARAGRAPH.CENTER),
    "smallcell": _Look(FANG, 9, WD_ALIGN_PARAGRAPH.CENTER),
    "smalllabel": _Look(HEI, 9, WD_ALIGN_PARAGRAPH.CENTER),
    "smallwarning": _Look(FANG, 9, bold=True, red=True),
    "band": _Look(HEI, 12),
    "warning": _Look(FANG, 12, bold=True, red=True),
    "note": _Look(FANG, 12, around=3),
    "small": _Look(SONG, 9, around=3),
    "gap": _Look(SONG, 4),
    "footer": _Look(SONG, 9),
}


@dataclass(frozen=True, slots=True)
class Properties:
    """What Word shows as the properties of the file. ``at``: aware."""

    title: str
    author: str
    subject: str
    identifier: str
    comments: str
    at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph and how it looks, by a name in ``_LOOKS``: title, value, label, cell, smallcell, warning, note …"""

    text: str
    look: str = "value"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, over ``span`` columns; ``tint`` is label, band, warning or nothing."""

    lines: tuple[Line, ...]
    span: int = 1
    tint: str = ""


def packed(document: Document) -> bytes:
    """The file of a document. Asked twice, it is the same."""
    raw, made = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(entry, parts.read(name))
    return made.getvalue()


class Sheet:
    """A document being written from top to bottom."""

    def __init__(self, properties: Properties) -> None:
        self._document = docx.Document()
        self._page()
        self._write_properties(properties)
        for name, look in _LOOKS.items():
            self._style(name, look)

    def line(self, line: Line) -> None:
        """A paragraph outside of tables."""
        paragraph = self._document.add_paragraph()
        paragraph._p.style = _style_id(line.look)
        paragraph.add_run(printable(line.text))

    def grid(self, widths: Sequence[float]) -> Grid:
        """A bordered table that begins with its first row; widths in centimetres."""
        return Grid(partial(self._table, tuple(widths)), tuple(widths))

    def footer(self, left: str, right: str, page: str) -> None:
        """The foot of every page. ``page`` has two places ``{}``: this page and how many there are."""
        paragraph = self._document.sections[0].footer.paragraphs[0]
        paragraph._p.style = _style_id("footer")
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(Cm(WIDTH / 2), WD_TAB_ALIGNMENT.CENTER)
        stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        before, between, after = page.split("{}")
        paragraph.add_run(f"{printable(left)}\t{before}")
        paragraph._p.append(_field("PAGE"))
        paragraph.add_run(between)
        paragraph._p.append(_field("NUMPAGES"))
        paragraph.add_run(f"{after}\t{printable(right)}")

    def content(self) -> bytes:
        """The file. Asked twice, it is the same."""
        return packed(self._document)

    def _table(self, widths: tuple[float, ...]) -> Table:
        *_, last = self._document.element.body.inner_content_elements
        if last.tag == qn("w:tbl"):  # Word joins tables that touch
            self.line(Line("", "gap"))
        table: Table = self._document.add_table(rows=0, cols=len(widths))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        table._tbl.tblPr.insert(-1, _margins())  # where the schema wants it: before tblLook
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        return table

    def _page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.top_margin, section.bottom_margin = Cm(2.0), Cm(1.9)
        section.left_margin = section.right_margin = Cm((21 - WIDTH) / 2)
        section.footer_distance = Cm(1.0)
        package = self._document.part.package
        assert package is not None
        pictures = [key for key, rel in package.rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]
        for key in pictures:  # the library's own template brings one
            del package.rels[key]
        settings = self._document.settings.element
        for mode in settings.iter(qn("w:compatSetting")):
            if mode.get(qn("w:name")) == "compatibilityMode":
                mode.set(qn("w:val"), "15")  # else Word opens it as a file of old times
        for language in settings.iter(qn("w:themeFontLang")):
            language.set(qn("w:eastAsia"), "zh-CN")

    def _write_properties(self, properties: Properties) -> None:
        core = self._document.core_properties
        at = properties.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        core.created = core.modified = at
        core.title, core.subject = printable(properties.title)[:255], printable(properties.subject)[:255]
        core.author = core.last_modified_by = printable(properties.author)[:255]
        core.identifier, core.comments = properties.identifier, properties.comments
        core.language, core.revision = properties.language, 1

    def _style(self, name: str, look: _Look) -> None:
        style = self._document.styles.add_style(f"Form {name}", WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle) and style.style_id == _style_id(name)
        style.font.name, style.font.size, style.font.bold = LATIN, Pt(look.size), look.bold
        properties = style.element.get_or_add_rPr()
        fonts = properties.rFonts
        fonts.set(qn("w:eastAsia"), look.font)
        fonts.set(qn("w:cs"), LATIN)
        properties.append(_element("w:lang", val="en-US", eastAsia="zh-CN"))
        if look.red:
            style.font.color.rgb = RED
        form = style.paragraph_format
        form.alignment, form.space_before, form.space_after = look.align, Pt(look.around), Pt(look.around)
        form.line_spacing = Pt(look.size) if name == "gap" else 1.1
        if name == "gap":
            form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        if name == "sign":
            form.right_indent = Cm(0.8)
        form.keep_with_next = name in ("title", "band")


class Grid:
    """A table that grows row by row."""

    def __init__(self, begin: Callable[[], Table], widths: tuple[float, ...]) -> None:
        self._begin, self._widths = begin, widths
        self._begun: Table | None = None

    def row(
        self,
        cells: Sequence[Cell],
        *,
        repeated: bool = False,
        whole: bool = True,
        with_next: bool = False,
        height: float = 0.75,
    ) -> None:
        """Add a row of at least ``height`` centimetres.

        ``repeated``: it stands on top of every page. ``whole``: it is not torn. ``with_next``: it stays on the page
        of the row after it.
        """
        table = self._begun = self._begun or self._begin()
        marks = f'<w:trHeight w:val="{Cm(height).twips}"/>'
        marks = f"{'<w:cantSplit/>' * whole}{marks}{'<w:tblHeader/>' * repeated}"
        made, at = [], 0
        for cell in cells:
            made.append(_cell(cell, Cm(sum(self._widths[at : at + cell.span])).twips, with_next))
            at += cell.span
        # Written as text and read once: put together piece by piece, a long list takes the library many seconds.
        text = f"<w:tr {nsdecls('w')}><w:trPr>{marks}</w:trPr>{''.join(made)}</w:tr>"
        table._tbl.append(parse_xml(text))


def _cell(cell: Cell, width: int, with_next: bool) -> str:
    marks = f'<w:tcW w:type="dxa" w:w="{width}"/>'
    if cell.span > 1:
        marks += f'<w:gridSpan w:val="{cell.span}"/>'
    if cell.tint:
        marks += f'<w:shd w:val="clear" w:color="auto" w:fill="{_TINTS[cell.tint]}"/>'
    lines = "".join(_paragraph(line, with_next) for line in cell.lines)
    return f'<w:tc><w:tcPr>{marks}<w:vAlign w:val="center"/></w:tcPr>{lines}</w:tc>'


def _paragraph(line: Line, with_next: bool) -> str:
    marks = f'<w:pStyle w:val="{_style_id(line.look)}"/>{"<w:keepNext/>" * with_next}'
    text = escape(printable(line.text), quote=False).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    text = text.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{marks}</w:pPr>{run}</w:p>"


def _style_id(look: str) -> str:
    return f"Form{look}"


def printable(text: str) -> str:
    """The text with a mark in place of what no XML file can hold (control characters, lone surrogates)."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _margins() -> Any:
    """Air between the text of a cell and its borders, in twentieths of a point."""
    made = OxmlElement("w:tblCellMar")
    for side, width in (("top", 25), ("left", 100), ("bottom", 25), ("right", 100)):
        made.append(_element(f"w:{side}", w=str(width), type="dxa"))
    return made


def _field(name: str) -> Any:
    """A number that Word puts in."""
    made, run, text = _element("w:fldSimple", instr=name), OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    made.append(run)
    return made
