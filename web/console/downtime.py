"""What a downtime held up, told at the console. Knows no rule of jobs."""

from __future__ import annotations

from datetime import datetime

import click

from engine.calendar.timers import Missed
from web.common.context import application
from web.common.i18n import moment
from web.common.words import say
from web.console.commands import language, tell

STATES = {
    "waiting": say("等待执行"),
    "done": say("已完成"),
    "failed": say("失败待处理"),
    "abandoned": say("已跳过"),
}


def tell_downtime(number: int) -> None:
    """Everything that fell due in it, and when it was done."""
    gap, held = application().operator.watched_downtime(number)
    tell(say("停机 {start} 至 {end}", start=at(gap.start), end=at(gap.end)))
    for one in held:
        done = f"{at(one.done_at)} (+{one.late_by:.0f} s)" if one.done_at else STATES[one.status].text(language())
        click.echo(f"{at(one.due_at)} → {done}  {one.kind} {one.element} {one.case_number or ''}")
        if one.missed:
            _tell_missed(one.missed)


def _tell_missed(missed: Missed) -> None:
    number = missed.rounds
    when = at(missed.first) + (f" – {at(missed.last)}" if number > 1 else "")
    click.echo("  ", nl=False)
    cycle = say("循环：应触发 {times} 次，合并为 1 次；错过 {missed} 次：{when}")
    tell(cycle.about(times=number + 1, missed=number, when=when))


def at(when: datetime) -> str:
    """A moment as the console shows it."""
    return moment(when)
