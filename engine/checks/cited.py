"""Every step of ours says what it rests on: an article, a law or a reading. Asked where the catalogue of articles is.

A folder that is published with that catalogue (``_shared/articles.toml``) stands under the measures; others cite what
they like. A row of a decision table says it in its annotation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import re2

from engine.checks.report import ARTICLES, Folder, Page, named
from engine.diagram import Element
from engine.dmn.facts import read_facts
from engine.words import say

_TASKS: Final = frozenset({
    "userTask", "serviceTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask", "manualTask",
})  # fmt: skip
_NOTE: Final = re2.compile(
    r"(?i)第[一二三四五六七八九十百零〇0-9]+条|《|我们的理解|our reading|law:|reading:|art(icle|\.) ?[0-9]"
)


def check_cited(folder: Folder, pages: Iterable[Page]) -> None:
    """Tasks, deadlines and timers of the diagrams, and the rows of the tables."""
    if ARTICLES not in folder.files:
        return
    for page in pages:
        for element in page.process.elements.values():
            if _asks(element) and not any(one.strip() for one in element.articles):
                what = say("“{name}”没有写明依据的条文、法律或者我们的理解。", name=named(element))
                page.error(
                    element, what, say("请加上<gw:article number=“12”/>，或者 law:政府采购法第四十六条、reading:理由。")
                )
    for name, data in sorted(folder.files.items()):
        if name.endswith(".dmn") and ".dmn" not in folder.unread:
            for rule, decision in uncited(name, data):
                what = say("第{number}行没有写明依据的条文、法律或者我们的理解。", number=rule)
                folder.report.error(name, decision, what, NOTE_IT)


NOTE_IT: Final = say("请在这一行的说明里写明，例如“第十二条”“《政府采购法》第四十六条”“我们的理解：……”。")


def uncited(file: str, data: bytes) -> list[tuple[int, str]]:
    """The rows of a file's tables whose note names no source: (number from 1, decision). Raises XmlRefused."""
    return [
        (number, decision.id)
        for decision in read_facts(file, data)
        for number, rule in enumerate(decision.rules, 1)
        if _NOTE.search(rule.note) is None
    ]


def _asks(element: Element) -> bool:
    timed = any(event.kind == "timer" for event in element.events)
    return element.tag in _TASKS or element.deadline is not None or timed
