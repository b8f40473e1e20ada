"""What a Word file says, piece by piece, to be read on a page. Knows no template and no case."""

from __future__ import annotations

import io
from typing import Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table
from docx.text.paragraph import Paragraph

from engine.views.papers import Piece

TITLE_FROM: Final = 18.0
"""Points from which on a centred line is a title."""
_LOOKS: Final = {WD_ALIGN_PARAGRAPH.CENTER: "center", WD_ALIGN_PARAGRAPH.RIGHT: "right"}


def pieces(content: bytes) -> tuple[Piece, ...]:
    """Paragraphs and tables of the body in their order; empty paragraphs are left out."""
    found: list[Piece] = []
    for block in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            found.append(Piece(rows=tuple(tuple(cell.text for cell in row.cells) for row in block.rows)))
        elif block.text.strip():
            found.append(Piece(block.text, _look(block), (block.paragraph_format.first_line_indent or 0) > 0))
    return tuple(found)


def _look(paragraph: Paragraph) -> str:
    sizes = [run.font.size.pt for run in paragraph.runs if run.font.size is not None]
    look = _LOOKS.get(paragraph.alignment, "plain") if paragraph.alignment is not None else "plain"
    return "title" if look == "center" and max(sizes, default=0) >= TITLE_FROM else look
