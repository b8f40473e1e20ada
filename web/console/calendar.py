"""``gangwei calendar``: a year, the end of a period, and proposing the notice of a year. Knows no rule of counting."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from engine.desks.calendar_views import Proposal
from engine.words import Said, worded
from web.calendar.months import WORKED, cell_of
from web.calendar.parts import Stretch, stretches, today
from web.common.context import application
from web.common.i18n import moment
from web.common.words import say
from web.console.commands import language, tell

calendar = AppGroup("calendar")
TABLES = (".csv", ".xlsx")
STATES = {
    "": say("待审定"),
    "in_force": say("已生效"),
    "refused": say("未采纳"),
    "withdrawn": say("已撤回"),
}
KINDS = {"off": say("放假"), "shift": say("上班"), "closed": say("停办")}
_place = click.option("--organisation", "code", default="", metavar="CODE", help="With its closures · 计入单位停办日")


def _in(said: Said) -> str:
    return str(worded(said, language()))


@calendar.command("year")
@click.argument("year", type=int, required=False)
@_place
def show_year(year: int | None, code: str) -> None:
    """Holidays, make-up days and closures of YEAR, by default this one · 全年放假和调休"""
    shown = year or today().year
    found = application().calendar.view(None, code).calendar
    cells = [cell_of(found, entry) for entry in found.days(shown)]
    for one in stretches(cell for cell in cells if cell.kind in KINDS):
        click.echo(f"{_span(one):<26} {_in(KINDS[one.kind])}  {_in(one.why)}")
    source, working = found.source(shown), sum(cell.kind in WORKED for cell in cells)
    if source.provisional:
        tell(say("放假通知未发布，以上为暂定"))
    else:
        tell(say("依据：{notice}", notice=source.number or say("国务院办公厅通知")))
    tell(say("{working} 个工作日；日历版本 {version}", working=working, version=found.version))


@calendar.command("count")
@click.argument("received", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD")
@click.argument("days", type=int)
@click.option("--natural", is_flag=True, help="Natural days instead of working days · 按自然日")
@_place
def count(received: datetime, days: int, natural: bool, code: str) -> None:
    """The last of DAYS after a day, with the ledger · 期限的最后一日和逐日台账"""
    due = application().calendar.count(None, received.date(), days, natural=natural, code=code)
    number = 0
    for entry in due.ledger:
        number += entry.counted
        click.echo(f"{entry.day.isoformat()}  {f'{number:>4}' if entry.counted else '   –'}  {_in(entry.why)}")
    last = due.ledger[-1].day
    tell(say("最后一日：{day}（暂定）", day=last) if due.provisional else say("最后一日：{day}", day=last))


@calendar.command("changes")
def show_changes() -> None:
    """What was proposed and decided; the page reviews it · 日历变更"""
    for one in application().calendar.changes(None):
        click.echo(f"#{one.id:<4} {moment(one.proposed_at)}  {_in(STATES[one.decision])}  {_what(one)}  {one.title}")


@calendar.command("propose")
@click.argument("year", type=int)
@click.argument("source")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def propose(year: int, source: str, file: Path) -> None:
    """Propose the notice of YEAR, numbered SOURCE, from its text or a table in FILE · 提出放假通知

    It comes in force when a person has reviewed it on the page.
    """
    desk = application().calendar
    if file.suffix.lower() in TABLES:
        made = desk.propose_notice_table(None, year, source, file.name, file.read_bytes())
    else:
        made = desk.propose_notice(None, year, source, file.read_text(encoding="utf-8-sig", errors="replace"))
    tell(
        say("已提出第 {made} 号变更，须在网页上审定后生效", made=made),
    )


def _span(one: Stretch) -> str:
    return one.first.isoformat() + (f" – {one.last.isoformat()}" if one.length > 1 else "")


def _what(one: Proposal) -> str:
    return str(one.year) if one.organisation is None else f"{one.organisation.name} {len(one.off)}d"


@calendar.command("recount")
def recount() -> None:
    """Compute open deadlines again after the program or its rules have changed; safe to repeat · 重新计算期限"""
    moved = application().calendar.recount()
    for line in moved:
        click.echo(_in(line))
    count = len(moved)
    tell(
        say("未办结的期限已按现行日历核对，{count} 项有变动", count=count),
    )
