"""What an installation is made of, proved by and served by: ``gangwei db``, ``case``, ``serve`` ….

Knows no rule: each command calls a function of the engine and says what came of it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from flask.cli import AppGroup

from engine import database, upgrading
from engine.desks import proofs
from engine.desks import regulation as measures
from engine.evidence.differences import Late, ProofResult
from engine.words import listed
from web.app import create_app
from web.common.config import read_config
from web.common.context import application, application_of
from web.common.words import say
from web.console import serve as server
from web.console.commands import existing, tell
from web.console.doctor import refuse_unfit
from web.console.old_deadlines import watch_old_deadlines

db = AppGroup("db")
regulation = AppGroup("regulation")
case = AppGroup("case")


@db.command("upgrade", with_appcontext=False)
def db_upgrade() -> None:
    """Bring the schema up to date; the data stays · 升级数据库结构，数据保留"""
    applied = upgrading.upgrade(read_config().database_url)
    if applied:
        tell(say("数据库已升级：{applied}", applied=listed(applied)))
    else:
        tell(say("数据库已是最新"))


@regulation.command("import")
@click.argument("file", type=existing(dir_okay=False))
def regulation_import(file: Path) -> None:
    """Take the articles of a plain-text FILE in; they show beside the tasks · 导入条文原文"""
    opened = application()
    count = measures.import_regulation(opened.database, file.read_bytes(), opened.machine.now())
    tell(say("已导入 {count} 条", count=count))


LATE = 3
"""How `gangwei case rebuild` ends when nothing differs, but not all could be proved in time."""


@case.command("rebuild")
@click.argument("case_id", required=False)
@click.option("--all", "every", is_flag=True, help="Every case (also without an id) · 全部事项")
def case_rebuild(case_id: str | None, every: bool) -> None:
    """Rebuild cases from their events and compare with what is stored; writes nothing · 由流转记录重建事项并核对"""
    opened = application()
    if case_id and not every:
        found = iter([proofs.prove(opened.database, opened.catalog, case_id)])
    else:
        found = proofs.prove_all(opened.database, opened.catalog)
    total, verdicts = 0, Counter[ProofResult]()
    for proof in found:
        total += 1
        verdicts[proof.verdict] += 1
        for difference in proof.differences:
            mark = "?" if isinstance(difference, Late) else "✗"
            click.echo(f"{mark} {proof.case_id}: {difference}", err=True)
    wrong, late = verdicts[ProofResult.DIFFERS], verdicts[ProofResult.LATE]
    tell(say("核对 {total} 个事项，{wrong} 个不一致", total=total, wrong=wrong))
    if late:
        tell(say("另有 {late} 个未能在时限内核验", late=late))
    if wrong or late:
        raise click.exceptions.Exit(1 if wrong else LATE)


@click.command()
@click.option("--jobs/--no-jobs", "works", default=True, help="Run background jobs, too · 同时运行后台任务")
def serve(works: bool) -> None:
    """Serve on GANGWEI_HOST and GANGWEI_PORT until stopped · 启动服务"""
    config = read_config()
    refuse_unfit(config)
    app = create_app()
    database.require_current(application_of(app).database)
    watch_old_deadlines(app)
    server.serve(app, config, works)
