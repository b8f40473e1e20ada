"""A table in a text file: CSV of Excel and of others, in any of their encodings and with any of their delimiters."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from engine.files.table import LONGEST_CELL, Sheet, SheetUnreadable, TableReading
from engine.files.text import decoded
from engine.words import say

DELIMITERS: Final = ",;\t"
_TOLD: Final = re.compile(r"sep=(.)\r?\n")
_AS_TEXT: Final = re.compile(r'="([^"]*)"')
"""How a program has Excel take digits for a text: ``="00123"``."""


def read(data: bytes) -> Sheet:
    """The table in ``data``. Raises SheetUnreadable."""
    text = decoded(data)
    if text is None:
        raise SheetUnreadable(reason=say("不是 Excel（.xlsx）或 CSV（UTF-8、GBK）文件"))
    told = _TOLD.match(text)
    delimiter = told[1] if told and told[1] in DELIMITERS else _delimiter(text)
    skipped = 1 if told else 0
    csv.field_size_limit(100 * LONGEST_CELL)
    rows = csv.reader(io.StringIO(text[told.end() :] if told else text, newline=""), delimiter=delimiter, strict=True)
    found, start = TableReading(), 1
    try:
        for cells in rows:
            found.add(start + skipped, [_plain(cell) for cell in cells])
            start = rows.line_num + 1
    except csv.Error as error:
        raise SheetUnreadable(reason=say("第 {start} 行的引号或分隔有误", start=start + skipped)) from error
    return found.sheet()


def _plain(cell: str) -> str:
    told = _AS_TEXT.fullmatch(cell) if cell.startswith('="') else None
    return told[1] if told else cell


def _delimiter(text: str) -> str:
    """The one that divides the first line which has any: a comma, a semicolon or a tab."""
    for line in text[:10_000].splitlines():
        bare = re.sub(r'"[^"]*"', "", line)
        most = max(DELIMITERS, key=bare.count)
        if most in bare:
            return most
    return ","
