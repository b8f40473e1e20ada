"""What an installation counts for who leads (``_statistics``): read, and judged beside what it names.

Knows no register and no process by name. What is counted: ``engine.cases.reading.statistics``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict, cast

from engine.checks.statistics import FILE, STATISTICS, check_statistics
from engine.definition import Definition, Files
from engine.errors import Problem
from engine.registers import Register
from engine.words import Text, Words, listed, say

Choices = Mapping[str, tuple[str, ...]]
"""The columns of a process that have choices, with these."""


class _Entry(TypedDict):
    id: str
    zh: str
    en: str
    register: NotRequired[str]
    process: NotRequired[str]
    kinds: NotRequired[list[str]]
    year: NotRequired[str]
    split: NotRequired[str]
    unless: NotRequired[list[str]]
    share: NotRequired[str]
    limit: NotRequired[int]
    limit_zh: NotRequired[str]
    limit_en: NotRequired[str]
    days: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class Statistic:
    """One table of numbers with its chart: of a register, of the cases of a process, or else of all deadlines.

    ``kinds``: a row for each organisation of these kinds; none: a row for each choice of ``split``. ``year``: the field
    of a record that says of which year it is; cases are of the year in which they were opened. ``unless``: a field and
    the value of what is not counted. ``share``: the value of ``split`` whose part of all is told in per cent, and
    should not go over ``limit``. ``days``: how long the cases took from their opening to their end is told, too.
    """

    id: str
    name: Text
    register: str
    process: str
    kinds: tuple[str, ...]
    year: str
    split: str
    unless: tuple[str, ...]
    share: str
    limit: int | None
    limit_name: Text
    days: bool

    @property
    def without(self) -> tuple[str, str]:
        """``unless``, both empty for nothing."""
        return (self.unless[0], self.unless[1]) if self.unless else ("", "")


def read_statistics(files: Files) -> tuple[Statistic, ...]:
    """The statistics that a file says; none where there is something wrong with it, which its check tells."""
    if not files or check_statistics(files):
        return ()
    return tuple(map(_statistic, cast(list[_Entry], tomllib.loads(files[FILE].decode("utf-8")).get("statistic", []))))


def _statistic(row: _Entry) -> Statistic:
    return Statistic(
        id=row["id"], name=(row["zh"], row["en"]), register=row.get("register", ""), process=row.get("process", ""),
        kinds=tuple(row.get("kinds", ())), year=row.get("year", ""), split=row.get("split", ""),
        unless=tuple(row.get("unless", ())), share=row.get("share", ""), limit=row.get("limit"),
        limit_name=(row.get("limit_zh", ""), row.get("limit_en", "")), days=row.get("days", False),
    )  # fmt: skip


def choices_of(definition: Definition) -> dict[str, tuple[str, ...]]:
    """The columns of a definition that have choices."""
    return {one.id: one.choices for one in definition.process.columns if one.choices}


def unfit(
    statistics: Collection[Statistic], registers: Mapping[str, Register], processes: Mapping[str, Choices],
    kinds: Collection[str],
) -> Iterator[Problem]:  # fmt: skip
    """Where a statistic names what is not there: judged when either side is published."""
    for one in statistics:
        for kind in one.kinds:
            if kind not in kinds:
                what = say("没有“{kind}”这类单位。", kind=kind)
                yield _problem(one, what, say("可用：{kinds}。", kinds=listed(sorted(kinds))))
        if one.register:
            yield from _of_register(one, registers)
        elif one.process:
            yield from _of_process(one, processes)


def _of_register(one: Statistic, registers: Mapping[str, Register]) -> Iterator[Problem]:
    register = registers.get(one.register)
    if register is None:
        what = say("没有台账“{register}”。", register=one.register)
        yield _problem(one, what, say("可用：{registers}。", registers=listed(sorted(registers))))
        return
    for name in (one.year, one.split, *one.unless[:1]):
        if name not in register.columns or name not in register.filters:
            what = say("台账“{register}”的清单不能按“{field}”筛选，数字对不上清单。", register=one.register, field=name)
            yield _problem(
                one, what, say("可用：{fields}；也可以补进gangwei.filters。", fields=listed(register.filters))
            )
        elif name == one.split and not register.columns[name].choices:
            what = say("台账“{register}”的“{field}”没有选项，不能分组。", register=one.register, field=name)
            yield _problem(one, what, say("请换一个有选项的字段。"))
    named = {one.split: one.share, **dict([one.unless] if len(one.unless) == 2 else [])}
    for name, value in named.items():
        choices = register.columns[name].choices if name in register.columns else {}
        if value and choices and value not in choices:
            what = say("台账“{register}”的“{field}”没有选项“{value}”。", register=one.register, field=name, value=value)
            yield _problem(one, what, say("可用：{choices}。", choices=listed(choices)))


def _of_process(one: Statistic, processes: Mapping[str, Choices]) -> Iterator[Problem]:
    columns = processes.get(one.process)
    if columns is None:
        what = say("没有流程“{process}”。", process=one.process)
        yield _problem(one, what, say("可用：{processes}。", processes=listed(sorted(processes))))
    elif one.split not in columns:
        what = say("流程“{process}”没有带选项的列“{column}”。", process=one.process, column=one.split)
        hint = say("可用：{columns}；也可以在流程图里补上gw:column。", columns=listed(sorted(columns)))
        yield _problem(one, what, hint)


def _problem(one: Statistic, what: Words, hint: Words) -> Problem:
    return Problem(f"{STATISTICS}/{FILE}", one.id, what, hint)
