"""``gangwei organisations``: the tree of unions. Knows no rule of it."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from engine.demo import people as demo_people
from web.common.context import application
from web.common.words import say
from web.console.commands import tell

organisations = AppGroup("organisations")


@organisations.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_organisations(file: Path | None) -> None:
    """Take a CSV or Excel FILE into the tree: all of it, or nothing and every mistake · 导入单位

    Without FILE: the official tree of Hebei that comes with the program.
    """
    opened = application()
    if file is None:
        done = demo_people.load_organisations(opened.database, opened.machine)
    else:
        done = opened.organisations.take_in(None, file.name, file.read_bytes())
    tell(
        say(
            "新增 {added} 个，更改 {changed} 个，未变 {unchanged} 个，调整隶属 {count} 个",
            added=done.added,
            changed=done.changed,
            unchanged=done.unchanged,
            count=len(done.moved),
        ),
    )


@organisations.command("succeed")
@click.argument("code", metavar="ORGANISATION")
@click.argument("successor")
@click.argument("reason")
def succeed(code: str, successor: str, reason: str) -> None:
    """Let ORGANISATION go into SUCCESSOR (codes), with all that runs in its name · 单位撤并"""
    done = application().succession.succeed(None, code, successor, reason)
    moved = say("移交在办事项 {cases} 件、任务 {tasks} 项、台账记录 {records} 条、人员 {people} 名")
    tell(moved.about(cases=done.cases, tasks=done.tasks, records=done.records, people=done.people))


@organisations.command("rename")
@click.argument("code", metavar="ORGANISATION")
@click.argument("name")
@click.argument("reason")
@click.option("--short", default="", metavar="NAME", help="The short name · 简称")
def rename(code: str, name: str, reason: str, short: str) -> None:
    """Give ORGANISATION (its code) another NAME, of which its running cases hear · 单位更名"""
    done = application().succession.rename(None, code, name, short, reason)
    tell(say("已更名，{cases} 件在办事项改用新名称", cases=done.cases))
