"""Where the articles of the measures stand: which elements and which rows of tables of the folders cite each.

The other side of what ``engine.checks.cited`` asks. A note that cites a law's article is no citation of the measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import re2

from engine.checks.report import LAW, READING, SHARED
from engine.diagram import Process, read_diagram
from engine.dmn.facts import read_facts
from engine.words import Text

_LAWS: Final = re2.compile(r"(?:[^办]法|条例|号|令|》)(?:第[一二三四五六七八九十百零〇]+条、?)+")
_OURS: Final = re2.compile(r"第([一二三四五六七八九十百零〇]+)条")
_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}
_TENS: Final = {"十": 10, "百": 100}


@dataclass(frozen=True, slots=True)
class Citation:
    """An element (``row`` 0: or a whole process) or a row of a table that cites an article, and the folder of it."""

    article: str
    folder: str
    what: Text  # the process or the table
    id: str
    name: Text
    row: int = 0


def citations(folders: Mapping[str, Mapping[str, bytes]]) -> Iterator[Citation]:
    """All of these folders, what they share once. Raises what reading a diagram or a table raises."""
    shared: dict[str, bytes] = {}
    for folder, files in folders.items():
        shared |= {name: data for name, data in files.items() if name.startswith(SHARED)}
        yield from _in_folder(folder, {name: data for name, data in files.items() if not name.startswith(SHARED)})
    yield from _in_folder(SHARED.rstrip("/"), shared)


def _in_folder(folder: str, files: Mapping[str, bytes]) -> Iterator[Citation]:
    for name, data in sorted(files.items()):
        if name.endswith(".bpmn"):
            for process in read_diagram(name, data).to_run:
                yield from _in_process(folder, process)
        elif name.endswith(".dmn"):
            for decision in read_facts(name, data):
                rows = ((at, rule.id, rule.note) for at, rule in enumerate(decision.rules, 1))
                for at, rule, note in rows:
                    for article in _articles(note):
                        yield Citation(article, folder, decision.name, rule, decision.name, at)


def _in_process(folder: str, process: Process) -> Iterator[Citation]:
    for article in _own(process.articles):
        yield Citation(article, folder, process.name, process.id, process.name)
    for element in process.elements.values():
        for article in _own(element.articles):
            yield Citation(article, folder, process.name, element.id, element.name)


def _own(articles: Iterable[str]) -> list[str]:
    return [one for one in articles if not one.startswith((LAW, READING))]


def _articles(note: str) -> list[str]:
    """The articles of the measures that a note names, each once."""
    found = (str(_number(one)) for one in _OURS.findall(_LAWS.sub("", note)))
    return list(dict.fromkeys(found))


def _number(text: str) -> int:
    """What Chinese numerals below a thousand say: 三十八 is 38."""
    total = digit = 0
    for sign in text:
        if sign in _TENS:
            total, digit = total + (digit or 1) * _TENS[sign], 0
        else:
            digit = _DIGITS[sign]
    return total + digit
