"""The mark of a draft on a Word file: a red line at the head of every page. Knows no case."""

from __future__ import annotations

import io
from typing import Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from engine.documents.word import RED, packed

SIZE: Final = 14
"""Points of the mark."""


def as_draft(content: bytes, mark: str) -> bytes:
    """The same file with the mark on every page."""
    document = docx.Document(io.BytesIO(content))
    for section in document.sections:
        for head in {
            id(one): one for one in (section.header, section.first_page_header, section.even_page_header)
        }.values():
            if head is not section.header and head.is_linked_to_previous:
                continue
            line = head.paragraphs[0].insert_paragraph_before() if head.paragraphs else head.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = line.add_run(mark)
            run.font.size, run.font.bold, run.font.color.rgb = Pt(SIZE), True, RED
    return packed(document)
