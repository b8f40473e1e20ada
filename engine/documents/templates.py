"""Word templates: places ``{{ name }}`` in the text are filled in, the designer's own formatting stays. Knows no case.

A paragraph that is nothing but one place becomes as many paragraphs as the value has lines, so that a long text keeps
the indent of its template. The same template, values and moment always give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.text.paragraph import Paragraph

from engine.documents.word import packed, printable
from engine.errors import BadInput

LARGEST = 20 * 1024 * 1024
"""Bytes of a template when unpacked."""

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def fill(template: bytes, values: Mapping[str, Any], at: datetime) -> bytes:
    """The Word file made from a template; ``at`` (aware) becomes its date.

    Raises BadInput for a template that is no Word file, and for a place that no value fills: nothing is left open.
    """
    document = read(template)
    missing = sorted(places(document) - values.keys())
    if missing:
        names = "、".join(missing)
        raise BadInput(field=("文书模板", "template"), reason=(f"没有内容可填：{names}", f"nothing fills: {names}"))
    for paragraph in list(_paragraphs(document)):
        _fill(paragraph, values)
    moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    document.core_properties.created = document.core_properties.modified = moment
    return packed(document)


def places(document: Document) -> set[str]:
    """The names of all places in a template."""
    return {name for paragraph in _paragraphs(document) for name in _PLACE.findall(paragraph.text)}


def read(template: bytes) -> Document:
    """A template, ready to be looked at. Raises BadInput for what is no Word file, or unpacks to more than LARGEST."""
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise ValueError("too large")
        return docx.Document(io.BytesIO(template))
    except Exception as error:  # whatever a library says of a broken file, it is no template
        reason = ("不是Word文件（.docx）", "it is no Word file (.docx)")
        raise BadInput(field=("文书模板", "template"), reason=reason) from error


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    """Every paragraph of the body, of its tables, of the heads and feet of pages."""
    yield from document.paragraphs
    for table in document.tables:
        for cell in {id(cell._tc): cell for row in table.rows for cell in row.cells}.values():
            yield from cell.paragraphs
    for section in document.sections:
        yield from section.header.paragraphs
        yield from section.footer.paragraphs


def _fill(paragraph: Paragraph, values: Mapping[str, Any]) -> None:
    whole = paragraph.text
    if not _PLACE.search(whole):
        return
    alone = _PLACE.fullmatch(whole.strip())
    lines = _text(values[alone[1]]).split("\n") if alone else [_PLACE.sub(lambda one: _text(values[one[1]]), whole)]
    for line in reversed(lines[1:]):
        copy = deepcopy(paragraph._p)
        paragraph._p.addnext(copy)
        _write(Paragraph(copy, paragraph._parent), line)
    _write(paragraph, lines[0])


def _write(paragraph: Paragraph, text: str) -> None:
    """Put the text into the first run: Word may have cut a place into several."""
    first, *others = paragraph.runs
    first.text = text
    for run in others:
        paragraph._p.remove(run._r)


def _text(value: Any) -> str:
    return "" if value is None else printable(str(value)).strip()
