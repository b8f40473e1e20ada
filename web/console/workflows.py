"""``gangwei workflows``: check definitions and publish them. Knows no rule of a definition."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from engine.calendar.days import LEGAL_ZONE
from engine.clock import SystemClock
from engine.documents import official
from engine.errors import BadInput
from engine.publishing.articles import article_table
from engine.publishing.catalog import problems_in
from engine.publishing.folder import FolderFiles
from web.common.config import read_config
from web.common.context import application
from web.common.words import say
from web.console.commands import existing, language, tell

workflows = AppGroup("workflows")
LONGEST_REASON = 500
"""Letters."""


@workflows.command("check", with_appcontext=False)
@click.argument("folder", required=False, type=existing(file_okay=False))
def workflows_check(folder: Path | None) -> None:
    """Name every fault of the definitions in FOLDER; publishes nothing · 检查流程定义，不发布"""
    shipped, today = read_config().workflows_dir, SystemClock().now().astimezone(LEGAL_ZONE).date()
    found = problems_in(FolderFiles(folder or shipped), beside=FolderFiles(shipped), today=today)
    for problem in found:
        click.echo(f"{'✗' if problem.severity == 'error' else '!'} {problem.text(language())}")
    errors = sum(problem.stands_for for problem in found if problem.severity == "error")
    warnings = sum(problem.stands_for for problem in found) - errors
    tell(say("{errors} 处错误，{warnings} 处提醒", errors=errors, warnings=warnings))
    if errors:
        raise click.exceptions.Exit(1)


@workflows.command("publish")
@click.argument("folder", required=False, type=existing(file_okay=False))
@click.option("--reason", default="", help="Why no case decides on it; in production, recorded · 为什么不经事项决定")
def workflows_publish(folder: Path | None, reason: str) -> None:
    """Publish what has changed; running cases keep their version · 发布有变化的流程"""
    opened, why = application(), reason.strip()
    if len(why) > LONGEST_REASON:
        raise BadInput(field=say("理由"), reason=say("最多{most}个字", most=LONGEST_REASON))
    files = FolderFiles(folder or read_config().workflows_dir)
    for key, version, fresh in opened.catalog.publish(files, opened.machine.now(), reason=why):
        if fresh:
            tell(say("已发布 {key} 第 {version} 版", key=key, version=version))
        else:
            tell(say("{key} 没有变化", key=key))


@workflows.command("articles", with_appcontext=False)
@click.argument("numbers", nargs=-1)
@click.option("--folder", type=existing(file_okay=False), help="Definitions other than those shipped · 其他流程文件夹")
def workflows_articles(numbers: tuple[str, ...], folder: Path | None) -> None:
    """Which elements and rows of tables rest on which article, as Markdown · 条文与流程元素对照表"""
    click.echo(article_table(FolderFiles(folder or read_config().workflows_dir), numbers), nl=False)


@workflows.command("paper", with_appcontext=False)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def workflows_paper(file: Path) -> None:
    """Write a Word template in the official layout to begin with · 写出公文版式的文书样板"""
    if file.exists():
        raise click.ClickException(say("{file} 已经存在，没有改动", file=str(file)).text(language()))
    file.write_bytes(official.blank())
    tell(say("已写出 {file}", file=str(file)))
