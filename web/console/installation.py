"""What an installation is made of, filled with, proved by and served by: ``gangwei db``, ``workflows``, ``serve`` ….

Knows no rule: each command calls a function of the engine and says what came of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from engine import database
from engine.demo import cases as demo_cases
from engine.demo import people as demo_people
from engine.desks import operator
from engine.desks import regulation as measures
from engine.errors import Refusal
from engine.publishing.catalog import problems_in
from engine.publishing.folder import FolderFiles
from engine.words import listed
from web.common.config import read_config
from web.common.context import application
from web.common.words import say
from web.console import serve as server
from web.console.calendar import warn_of_old_deadlines
from web.console.commands import language, tell

db = AppGroup("db")
workflows = AppGroup("workflows")
regulation = AppGroup("regulation")
case = AppGroup("case")


class DemoForbidden(Refusal):
    """Demo data asked for in production."""

    sentence = say("正式运行环境（GANGWEI_ENV）不装载演示数据。")


def _file(**options: Any) -> click.Path:
    return click.Path(exists=True, path_type=Path, **options)


@db.command("upgrade", with_appcontext=False)
def db_upgrade() -> None:
    """Bring the schema up to date; the data stays · 升级数据库结构，数据保留"""
    applied = database.upgrade(read_config().database_url)
    if applied:
        tell(say("数据库已升级：{applied}", applied=listed(applied)))
    else:
        tell(say("数据库已是最新"))


@workflows.command("check", with_appcontext=False)
@click.argument("folder", required=False, type=_file(file_okay=False))
def workflows_check(folder: Path | None) -> None:
    """Name every fault of the definitions in FOLDER; publishes nothing · 检查流程定义，不发布"""
    shipped = read_config().workflows_dir
    found = problems_in(FolderFiles(folder or shipped), beside=FolderFiles(shipped))
    for problem in found:
        click.echo(f"{'✗' if problem.severity == 'error' else '!'} {problem.text(language())}")
    errors = sum(problem.stands_for for problem in found if problem.severity == "error")
    warnings = sum(problem.stands_for for problem in found) - errors
    tell(say("{errors} 处错误，{warnings} 处提醒", errors=errors, warnings=warnings))
    if errors:
        raise click.exceptions.Exit(1)


@workflows.command("publish")
@click.argument("folder", required=False, type=_file(file_okay=False))
def workflows_publish(folder: Path | None) -> None:
    """Publish what has changed; running cases keep their version · 发布有变化的流程"""
    opened = application()
    files = FolderFiles(folder or read_config().workflows_dir)
    for key, version, fresh in opened.catalog.publish(files, opened.machine.now()):
        if fresh:
            tell(say("已发布 {key} 第 {version} 版", key=key, version=version))
        else:
            tell(say("{key} 没有变化", key=key))


@click.command()
@with_appcontext
@click.option("--cases/--no-cases", default=True, help="Play invented cases too, if there is none yet · 演示事项")
def demo(cases: bool) -> None:
    """Invented places, accounts and cases; safe to repeat · 演示单位、账号和事项"""
    config = read_config()
    if config.production:
        raise DemoForbidden
    opened = application()
    for load in (demo_people.load_organisations, demo_people.load_places, demo_people.load_users):
        load(opened.database, opened.machine)
    if cases:
        made = demo_cases.load_cases(config, opened.clock.now())
        tell(say("演示事项：新增 {made} 件", made=made))
    accounts = demo_people.demo_accounts(opened.directory.in_force())
    first = {account.role: account for account in reversed(accounts)}
    tell(say("演示账号，每种岗位一个，仅供试用："))
    for account in sorted(first.values(), key=accounts.index):
        click.echo(f"  {account.login:<14} {account.password:<18} {' · '.join(account.role)}（{account.name}）")
    tell(say("其余账号见 {USERS}", USERS=demo_people.USERS))


@regulation.command("import")
@click.argument("file", type=_file(dir_okay=False))
def regulation_import(file: Path) -> None:
    """Take the articles of a plain-text FILE in; they show beside the tasks · 导入条文原文"""
    opened = application()
    count = measures.import_regulation(opened.database, file.read_bytes(), opened.machine.now())
    tell(say("已导入 {count} 条", count=count))


@case.command("rebuild")
@click.argument("case_id", required=False)
@click.option("--all", "every", is_flag=True, help="Every case (also without an id) · 全部事项")
def case_rebuild(case_id: str | None, every: bool) -> None:
    """Rebuild cases from their events and compare with what is stored; writes nothing · 由流转记录重建事项并核对"""
    opened = application()
    if case_id and not every:
        proofs = iter([operator.prove(opened.database, opened.catalog, case_id)])
    else:
        proofs = operator.prove_all(opened.database, opened.catalog)
    total = wrong = 0
    for proof in proofs:
        total += 1
        wrong += bool(proof.differences)
        for difference in proof.differences:
            click.echo(f"✗ {proof.case_id}: {difference}", err=True)
    tell(say("核对 {total} 个事项，{wrong} 个不一致", total=total, wrong=wrong))
    if wrong:
        raise click.exceptions.Exit(1)


@click.command()
@with_appcontext
@click.option("--jobs/--no-jobs", "works", default=True, help="Run background jobs, too · 同时运行后台任务")
def serve(works: bool) -> None:
    """Serve on GANGWEI_HOST and GANGWEI_PORT until stopped · 启动服务"""
    warn_of_old_deadlines()
    server.serve(current_app._get_current_object(), read_config(), works)  # type: ignore[attr-defined]
