"""``gangwei jobs`` and ``gangwei worker``: how the background work stands, and running it without the server."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import with_appcontext

from engine.calendar.timers import Missed
from engine.desks.operator import Standing
from engine.jobs.report import Schedule
from engine.jobs.scheduler import LOOK
from engine.jobs.timetable import EXECUTED, FAILED, MISSED
from engine.jobs.upkeep import CHECK_CALENDAR, CLEAN_UP
from web.common.context import application
from web.common.i18n import moment
from web.console.calendar import warn_of_old_deadlines
from web.console.commands import language, say

STATES = {
    "waiting": ("等待执行", "waiting"),
    "done": ("已完成", "done"),
    "failed": ("失败待处理", "failed"),
    "abandoned": ("已跳过", "skipped"),
}


ROUTINES = {
    LOOK: ("执行到期任务", "due jobs"),
    CHECK_CALENDAR: ("检查放假通知", "holiday notices"),
    CLEAN_UP: ("清理过期数据", "clean-up"),
}
OUTCOMES = {EXECUTED: ("已执行", "executed"), FAILED: ("出错", "failed"), MISSED: ("错过", "missed")}


@click.command()
@with_appcontext
@click.option("--downtime", type=int, help="What one downtime held up, by its number · 某次停机补办了什么")
def jobs(downtime: int | None) -> None:
    """How the background work stands · 后台任务情况"""
    desk = application().operator
    if downtime is not None:
        _tell_downtime(downtime)
        return
    standing: Standing = desk.watched()
    _tell_queue(standing.schedule)
    _tell_workers(standing.schedule)
    _tell_routines(standing.schedule)
    for year in standing.years:
        say(f"✗ {year} 年的放假通知尚未生效", f"✗ no holiday notice of {year} is in force")
    for gap in standing.downtimes:
        when = f"#{gap.id} {_at(gap.start)} – {_at(gap.end)}"
        say(f"停机 {when}，其间到期 {gap.held_up} 项", f"downtime {when}, fell due: {gap.held_up}")
    for incident in standing.incidents:
        text = incident.what[0 if language() == "zh" else 1]
        number = f" {incident.case_number}" if incident.case_number else ""
        click.echo(f"✗ #{incident.id} {_at(incident.at)} {incident.act}{number}: {incident.code} {text}")
    say(f"{standing.total} 个未处理的故障", f"{standing.total} open incidents")


def _tell_queue(found: Schedule) -> None:
    stand = [(found.jobs.get(status, 0), *words) for status, words in STATES.items()]
    say("，".join(f"{zh} {count}" for count, zh, _ in stand), ", ".join(f"{en} {count}" for count, _, en in stand))
    due = [found.due[name] for name in ("hour", "day", "week")]
    say(f"1 小时/1 天/7 天内到期：{due[0]}/{due[1]}/{due[2]}", f"due within an hour/a day/a week: {due}")
    done = [found.done[name] for name in ("minute", "hour", "day")]
    say(f"1 分钟/1 小时/1 天内完成：{done[0]}/{done[1]}/{done[2]}", f"done in a minute/an hour/a day: {done}")
    say(
        f"逾时未执行 {found.late}（最长 {found.late_by:.0f} 秒），等待重试 {found.retrying}，正在执行 {found.running}",
        f"late: {found.late} (by up to {found.late_by:.0f} s), to be tried again: {found.retrying},"
        f" running: {found.running}",
    )


def _tell_workers(found: Schedule) -> None:
    for one in found.workers:
        state = ("运行中", "alive") if one.alive else ("已停止", "gone")
        say(
            f"执行程序 {one.name} {state[0]}，最近查看 {_at(one.last_at)}，完成 {one.done}，失败 {one.failed}",
            f"worker {one.name}: {state[1]}, last look {_at(one.last_at)}, done {one.done}, failed {one.failed}",
        )
    if not found.watched:
        say("✗ 没有执行程序在运行", "✗ no worker is running")
    say(
        f"数据库时钟与本机相差 {found.skew:+.3f} 秒",
        f"the database's clock differs from this machine's by {found.skew:+.3f} s",
    )
    if found.ahead:
        say(f"演示时钟 {_at(found.at)}", f"the demo's clock: {_at(found.at)}")


def _tell_routines(found: Schedule) -> None:
    for one in found.routines:
        (zh, en), (how_zh, how_en) = ROUTINES.get(one.name, (one.name, one.name)), OUTCOMES[one.outcome]
        error, at = f" {one.error}" if one.error else "", _at(one.last_at)
        done, failed, missed = (one.counts[outcome] for outcome in OUTCOMES)
        say(
            f"定时工作 {zh}：{at} {how_zh}{error}；共执行 {done}，出错 {failed}，错过 {missed}",
            f"routine {en}: {how_en}{error} at {at}; in all executed {done}, failed {failed}, missed {missed}",
        )


def _tell_downtime(number: int) -> None:
    gap, held = application().operator.watched_downtime(number)
    say(f"停机 {_at(gap.start)} 至 {_at(gap.end)}", f"down from {_at(gap.start)} to {_at(gap.end)}")
    for one in held:
        done = f"{_at(one.done_at)} (+{one.late_by:.0f} s)" if one.done_at else STATES[one.status][language() != "zh"]
        click.echo(f"{_at(one.due_at)} → {done}  {one.kind} {one.element} {one.case_number or ''}")
        if one.missed:
            _tell_missed(one.missed)


def _tell_missed(missed: Missed) -> None:
    number = missed.rounds
    when = _at(missed.first) + (f" – {_at(missed.last)}" if number > 1 else "")
    click.echo("  ", nl=False)
    say(
        f"循环：应触发 {number + 1} 次，合并为 1 次；错过 {number} 次：{when}",
        f"cycle: should have fired {number + 1} times, fired once for all; missed {number}: {when}",
    )


def _at(at: datetime) -> str:
    return moment(at)


@click.command()
@with_appcontext
def worker() -> None:
    """Run background jobs until stopped, beside or instead of the server's own · 运行后台任务"""
    from web.console.serve import stopped

    warn_of_old_deadlines()
    application().scheduler.run_forever(stopped())
