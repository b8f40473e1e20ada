"""``gangwei jobs`` and ``gangwei worker``: how the background work stands, and running it without the server."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from engine.desks.anchors import ANCHOR_HOUSE
from engine.desks.operator import Standing
from engine.jobs.report import Schedule
from engine.jobs.scheduler import BULK, LOOK
from engine.jobs.timetable import EXECUTED, FAILED, MISSED
from engine.jobs.upkeep import CHECK_CALENDAR, CLEAN_UP
from engine.words import listed, worded
from web.common.context import application
from web.common.words import say
from web.console.commands import language, tell
from web.console.downtime import STATES, at, tell_downtime
from web.console.old_deadlines import warn_of_old_deadlines

ROUTINES = {
    LOOK: say("执行到期任务"),
    BULK: say("批量办理"),
    CHECK_CALENDAR: say("检查放假通知"),
    CLEAN_UP: say("清理过期数据"),
    ANCHOR_HOUSE: say("核验并锚定证据"),
}
OUTCOMES = {EXECUTED: say("已执行"), FAILED: say("出错"), MISSED: say("错过")}


@click.command()
@with_appcontext
@click.option("--downtime", type=int, help="What one downtime held up, by its number · 某次停机补办了什么")
@click.option("--release", is_flag=True, help="Let go what waits since a restoring · 放行恢复后暂停的后台任务")
def jobs(downtime: int | None, release: bool) -> None:
    """How the background work stands · 后台任务情况"""
    desk = application().operator
    if release:
        tell(say("已放行 {count} 项后台任务，已到期的随即补办", count=application().outbox.release(None)))
        return
    if downtime is not None:
        tell_downtime(downtime)
        return
    standing: Standing = desk.watched()
    if standing.held is not None:
        held = {"at": at(standing.held.made_at), "count": standing.held.total, "due": standing.held.due}
        words = say("✗ 由 {at} 的备份恢复，{count} 项后台任务（{due} 项到期）暂不执行，放行用 gangwei jobs --release")
        tell(words.about(**held))
    _tell_queue(standing.schedule)
    _tell_workers(standing.schedule)
    _tell_routines(standing.schedule)
    for year in standing.years:
        tell(say("✗ {year} 年的放假通知尚未生效", year=year))
    for gap in standing.downtimes:
        when = f"#{gap.id} {at(gap.start)} – {at(gap.end)}"
        tell(say("停机 {when}，其间到期 {held_up} 项", when=when, held_up=gap.held_up))
    for incident in standing.incidents:
        text = worded(incident.what, language())
        number = f" {incident.case_number}" if incident.case_number else ""
        click.echo(f"✗ #{incident.id} {at(incident.at)} {incident.act}{number}: {incident.code} {text}")
    tell(say("{total} 个未处理的故障", total=standing.total))


def _tell_queue(found: Schedule) -> None:
    states = (say("{state} {count}", state=state, count=found.jobs.get(status, 0)) for status, state in STATES.items())
    tell(listed(states, by=say("，")))
    due = {name: found.due[name] for name in ("hour", "day", "week")}
    tell(say("1 小时/1 天/7 天内到期：{hour}/{day}/{week}", **due))
    done = {name: found.done[name] for name in ("minute", "hour", "day")}
    tell(say("1 分钟/1 小时/1 天内完成：{minute}/{hour}/{day}", **done))
    stand = say("逾时未执行 {late}（最长 {late_by:.0f} 秒），等待重试 {retrying}，正在执行 {running}")
    tell(stand.about(late=found.late, late_by=found.late_by, retrying=found.retrying, running=found.running))


def _tell_workers(found: Schedule) -> None:
    for one in found.workers:
        state = say("运行中") if one.alive else say("已停止")
        worker = say("执行程序 {name} {state}，最近查看 {at}，完成 {done}，失败 {failed}")
        facts = {"name": one.name, "state": state, "at": at(one.last_at), "done": one.done, "failed": one.failed}
        tell(worker.about(**facts))
    if not found.watched:
        tell(say("✗ 没有执行程序在运行"))
    tell(say("数据库时钟与本机相差 {skew:+.3f} 秒", skew=found.skew))
    if found.ahead:
        tell(say("演示时钟 {at}", at=at(found.at)))


def _tell_routines(found: Schedule) -> None:
    for one in found.routines:
        done, failed, missed = (one.counts[outcome] for outcome in OUTCOMES)
        routine = say("定时工作 {name}：{at} {how}{error}；共执行 {done}，出错 {failed}，错过 {missed}")
        name, how, error = ROUTINES.get(one.name, one.name), OUTCOMES[one.outcome], f" {one.error}" if one.error else ""
        counts = {"done": done, "failed": failed, "missed": missed}
        tell(routine.about(name=name, at=at(one.last_at), how=how, error=error, **counts))


@click.command()
@with_appcontext
def worker() -> None:
    """Run background jobs until stopped, beside or instead of the server's own · 运行后台任务"""
    from web.common.config import read_config
    from web.console.doctor import refuse_unfit
    from web.console.serve import stopped

    refuse_unfit(read_config())
    warn_of_old_deadlines()
    application().scheduler.run_forever(stopped())
