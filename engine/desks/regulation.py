"""Takes the official text of the measures apart into articles. Knows the shape of a regulation, not its meaning."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from engine.database import writing
from engine.errors import Refusal
from engine.files.text import decoded
from engine.words import say
from storage import account_events, regulation
from storage.database import Database

MOST_BYTES = 2_000_000
_ARTICLE = re.compile(r"^\s*第([〇零一二三四五六七八九十百]+)条\s*", re.MULTILINE)
_CHAPTER = re.compile(r"^\s*第[一二三四五六七八九十]+[章节]\s.*$", re.MULTILINE)
_IMPRINT = re.compile(r"\n\S+\s+\d{4}年\d{1,2}月\d{1,2}日印发\s*\Z")
_DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS = {"十": 10, "百": 100}


class RegulationUnreadable(Refusal):
    """A file that does not hold the articles one after the other; nothing was taken."""

    sentence = say("条文文件无法导入：{reason}")


def import_regulation(database: Database, data: bytes, now: datetime) -> int:
    """Put the articles of a plain-text file in the place of those imported before; how many there are.

    One transaction, noted among the system's events. Raises RegulationUnreadable; then nothing has changed.
    """
    articles = split_articles(_decode(data))
    source = hashlib.sha256(data).hexdigest()
    with writing(database) as connection:
        regulation.replace(connection, articles, source, now)
        facts = {"sha256": source, "articles": len(articles)}
        account_events.append(connection, now, "regulation_imported", facts=facts)
    return len(articles)


def split_articles(text: str) -> dict[str, str]:
    """Number ("12") to text. Articles must count 1, 2, 3 … without a gap: a gap means a damaged file."""
    body = _IMPRINT.sub("", _CHAPTER.sub("", text.replace("\r\n", "\n")))
    heads = list(_ARTICLE.finditer(body))
    if not heads:
        raise RegulationUnreadable(reason=say("没有“{example}”这样的条文", example="第一条"))
    articles: dict[str, str] = {}
    ends = [head.start() for head in heads[1:]] + [len(body)]
    for expected, (head, end) in enumerate(zip(heads, ends, strict=True), start=1):
        if number_of(head.group(1)) != expected:
            found = head.group().strip()
            reason = say("应为第 {expected} 条之处是“{found}”", expected=expected, found=found)
            raise RegulationUnreadable(reason=reason)
        lines = [line.strip() for line in body[head.end() : end].splitlines()]
        articles[str(expected)] = "\n".join(line for line in lines if line)
    return articles


def number_of(words: str) -> int:
    """A Chinese numeral below 1,000: ``二十三`` is 23."""
    total, digit = 0, 0
    for word in words:
        if word in _UNITS:
            total += (digit or 1) * _UNITS[word]
            digit = 0
        else:
            digit = _DIGITS[word]
    return total + digit


def _decode(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise RegulationUnreadable(reason=say("文件超过 2 MB"))
    text = decoded(data)
    if text is None:
        raise RegulationUnreadable(reason=say("不是纯文本（请在 Word 中另存为“纯文本”）"))
    return text
