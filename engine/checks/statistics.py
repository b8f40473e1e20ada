"""Checks of what an installation counts for who leads, before it is published: what the file says by itself.

Whether the registers, processes and kinds that it names are there is asked in ``engine.publishing.statistics``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from engine.checks.entries import Entry, Shape, read_tables
from engine.checks.report import Report
from engine.errors import Problem
from engine.words import listed, say

STATISTICS: Final = "_statistics"
"""The folder beside the processes, and the key under which it is published."""
FILE: Final = "statistics.toml"
_SHAPE: Final = Shape(
    "statistic",
    needed={"id": str, "zh": str, "en": str},
    other={
        "register": str, "process": str, "deadlines": bool, "kinds": list, "year": str, "split": str, "unless": list,
        "share": str, "limit": int, "limit_zh": str, "limit_en": str, "days": bool,
    },
)  # fmt: skip
_SOURCES: Final = {
    "register": ({"year", "split", "kinds"}, {"unless", "share", "limit", "limit_zh", "limit_en"}),
    "process": ({"split"}, {"days"}),
    "deadlines": ({"kinds"}, set[str]()),
}
"""Of each source what must be said beside it, and what may."""
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check_statistics(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Everything wrong with the file of statistics; none: it can be read. Never raises for what it holds."""
    report = Report()
    entries = read_tables(files, {FILE: _SHAPE}, report).get(FILE, [])
    if report.errors:
        return report.problems
    seen = set[str]()
    for entry in entries:
        if not _ID.fullmatch(entry.id) or entry.id in seen:
            what = say(
                "标识“{id}”重复，或不是以小写字母开头、只有小写字母、数字和下划线的40个字符以内的词。", id=entry.id
            )
            entry.error(report, what, say("请改用另一个词。"))
        seen.add(entry.id)
        _check_source(report, entry)
    return report.problems


def _check_source(report: Report, entry: Entry) -> None:
    sources = [name for name in _SOURCES if entry.row.get(name)]
    if len(sources) != 1:
        what = say("应写明统计什么，只写一项：{sources}。", sources=listed(_SOURCES))
        entry.error(report, what, say("请只保留一项。"))
        return
    needed, other = _SOURCES[sources[0]]
    said = entry.row.keys() - _SHAPE.needed - {sources[0]}
    for word in sorted(needed - said):
        entry.error(report, say("缺少“{word}”。", word=word), say("统计{source}时必须写明。", source=sources[0]))
    for word in sorted(said - needed - other):
        entry.error(report, say("统计{source}时用不上“{word}”。", source=sources[0], word=word), say("请删去。"))
    if len(entry.texts("unless")) not in (0, 2):
        entry.error(report, say("unless应为两项：字段和不计入的值。"), say('例如unless = ["state", "void"]。'))
    limit = [word for word in ("limit", "limit_zh", "limit_en") if word in said]
    if limit and (len(limit) < 3 or "share" not in said or not 0 < int(entry.row["limit"]) < 100):
        what = say("限额应为1至99的百分数，同时写明limit、limit_zh、limit_en和share。")
        entry.error(report, what, say("请补全，或都删去。"))
