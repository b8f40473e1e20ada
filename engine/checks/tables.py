"""Rules of decision tables that can never decide: written twice, or behind one that always holds. Reads no value."""

from __future__ import annotations

from typing import Final

from engine.checks.report import Report
from engine.files.xml import Node, line_of, parse, split
from engine.words import say

_FIRST: Final = "FIRST"
_ONE: Final = frozenset({_FIRST, "UNIQUE"})
"""Hit policies by which one rule decides (DMN 1.5, 8.2.10)."""
_ANY: Final = "-"


def check_tables(file: str, data: bytes, report: Report) -> None:
    """Every decision table of a DMN file that could be read."""
    waiting = [parse(data, what=file)]
    while waiting:
        node = waiting.pop()
        if split(node)[1] == "decisionTable":
            _check(node, file, report)
        if split(node)[1] != "extensionElements":  # what is in there is its owner's business
            waiting.extend(reversed(node))


def _check(table: Node, file: str, report: Report) -> None:
    policy = (table.get("hitPolicy") or "UNIQUE").strip()
    place = next((str(own.get("id")) for own in (table, *table.iterancestors()) if own.get("id")), "decisionTable")
    before: dict[tuple[str, ...], int] = {}
    rows = [node for node in table if split(node)[1] == "rule"]
    for number, row in enumerate(rows if policy in _ONE else (), 1):
        tests = tuple(_text(entry) for entry in row if split(entry)[1] == "inputEntry")
        always = next((at for own, at in before.items() if set(own) == {_ANY}), None) if policy == _FIRST else None
        facts = {"line": line_of(row), "number": number, "other": before.get(tests, always)}
        if tests in before and policy == _FIRST:
            what = say("第{line}行：规则{number}的条件与规则{other}完全相同，永远轮不到它。", **facts)
            report.error(file, place, what, say("请删去其中一条，或改条件。"))
        elif tests in before:
            what = say("第{line}行：规则{number}的条件与规则{other}完全相同，两条总是同时成立，决策会被拒绝。", **facts)
            report.error(file, place, what, say("请删去其中一条，或改条件。"))
        elif always is not None:
            what = say("第{line}行：规则{other}总是成立，排在后面的规则{number}永远轮不到。", **facts)
            report.error(file, place, what, say("请把总是成立的规则放在最后。"))
        before.setdefault(tests, number)


def _text(entry: Node) -> str:
    found = " ".join("".join(str(part) for part in entry.itertext()).split())
    return found or _ANY
