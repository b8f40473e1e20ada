"""Takes the official text of the measures apart into articles. Knows the shape of a regulation, not its meaning."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from engine.errors import BadInput
from storage import regulation as rows
from storage.database import Database

_HEAD = re.compile(r"^[\s　]*第([一二三四五六七八九十百零〇]+)条[\s　]*(.*)$")
_CHAPTER = re.compile(r"^[\s　]*第[一二三四五六七八九十百]+章")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0}


def import_text(database: Database, text: str, now: datetime) -> int:
    """Take the articles 第一条, 第二条 … of ``text`` in place of those there; how many. Raises BadInput when there are none."""
    articles = split(text)
    if not articles:
        reason = ("没有找到“第一条”这样的条文", "no article like 第一条 was found")
        raise BadInput(field=("文件", "file"), reason=reason)
    source = hashlib.sha256(text.encode()).hexdigest()
    with database.write() as connection:
        rows.replace(connection, articles, source, now)
    return len(articles)


def split(text: str) -> dict[str, str]:
    """Article number (``"12"``) to its text. A number that stands twice keeps its first text."""
    articles: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head:
            number = str(numeral(head.group(1)))
            lines = None if number in articles else articles.setdefault(number, [])
            line = head.group(2)
        elif _CHAPTER.match(line):
            lines = None
        if lines is not None and line.strip():
            lines.append(line.strip())
    return {number: "\n".join(lines) for number, lines in articles.items()}


def numeral(text: str) -> int:
    """A Chinese numeral below 1,000: ``二十八`` is 28."""
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit
