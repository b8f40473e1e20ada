"""An effective table before it is published: its versions can be read, and the days on which they hold are clear.

Whether callers fit it is asked where they are known (``engine.publishing.tables``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from engine.calendar.feel_functions import FEEL_NAMES
from engine.checks.cited import NOTE_IT, uncited
from engine.checks.folder import is_safe, oversize
from engine.checks.report import Report
from engine.checks.tables import check_tables
from engine.dmn.decisions import load_decisions
from engine.dmn.effective import ON, Days, days_of
from engine.errors import DefinitionInvalid, Problem, Refusal
from engine.words import dated, listed, say

_NAMES: Final = say("请命名为“施行日期.dmn”，例如 2026-01-01.dmn；到期不再施行的写 2026-01-01_2026-12-31.dmn。")


def check_table(name: str, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Everything wrong with the folder of an effective table."""
    if not is_safe(name) or not name.isidentifier():
        what = say("文件夹名就是决策表的标识，只能用字母、数字和下划线，不能以数字开头。")
        return (Problem(".", "key", what, say("请给文件夹改名。")),)
    large = tuple(oversize(files))
    if large:
        return large
    report = Report()
    found = dict[Days, str]()
    for file, data in sorted(files.items()):
        days = days_of(file)
        if days is None:
            report.error(file, "file", say("文件名没有写明施行日期。"), _NAMES)
            continue
        found[days] = file
        _check_version(name, file, data, report)
    if not files:
        report.error(".", "files", say("文件夹里没有文件。"), _NAMES)
    for problem in _days(found):
        report.add(problem)
    return report.problems


def _check_version(name: str, file: str, data: bytes, report: Report) -> None:
    try:
        decision = load_decisions(file, data).get(name)
    except DefinitionInvalid as invalid:
        for problem in invalid.problems:
            report.add(problem)
        return
    except Refusal as refusal:
        report.error(file, "file", refusal.words, say("请改正后重新存盘。"))
        return
    if decision is None:
        hint = say("决策的id要与文件夹同名。")
        report.error(file, name, say("文件里没有id为“{name}”的决策。", name=name), hint)
        return
    check_tables(file, data, report)
    for row, place in uncited(file, data):
        what = say("第{number}行没有写明依据的条文、法律或者我们的理解。", number=row)
        report.error(file, place, what, NOTE_IT)
    if ON in decision.parameters:
        what = say("输入不能叫“{name}”：调用时用它写按哪一天查。", name=ON)
        report.error(file, name, what, say("请换一个名称。"))
    outside = sorted(decision.calls - FEEL_NAMES.keys())
    if outside:
        what = say("用到了文件以外的函数：{names}。", names=listed(outside, by=", "))
        report.error(file, name, what, say("按日期施行的决策表不能调用别的决策，请把需要的决策放进同一个文件。"))


def _days(found: Mapping[Days, str]) -> Iterator[Problem]:
    """Versions that begin on one day or reach into each other are refused; days between two are told."""
    for days, file in found.items():
        if days.until is not None and days.until < days.since:
            yield Problem(file, "file", say("最后一天早于施行日期。"), _NAMES)
    for (one, file), (other, second) in pairwise(sorted(found.items(), key=lambda entry: entry[0].since)):
        if one.since == other.since or (one.until is not None and one.until >= other.since):
            what = say("与{file}的施行日期重叠。", file=file)
            yield Problem(second, "file", what, say("同一天只能有一个版本施行。"))
        elif one.until is not None and one.until + timedelta(days=1) < other.since:
            first, last = _next(one.until), other.since - timedelta(days=1)
            what = say(
                "{first}至{last}没有施行的版本，这些日子查表会报告为故障。", first=dated(first), last=dated(last)
            )
            hint = say("本来就不施行的，不必改；否则请补上一个版本。")
            yield Problem(second, "file", what, hint, severity="warning")


def _next(day: date) -> date:
    return day + timedelta(days=1)
