"""``gangwei directory``: roles, kinds of organisation and figures put in force. Knows no rule of who may."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from engine.directory.changes import ADDED, CHANGED, REMOVED, Change
from engine.publishing.folder import FolderFiles
from web.common.config import read_config
from web.common.context import application
from web.common.words import say
from web.console.commands import language, tell

directory = AppGroup("directory", help="Roles, kinds of organisation, figures · 角色、单位类型、数据项")
HOW = {ADDED: say("新增"), CHANGED: say("更改"), REMOVED: say("删除")}


@directory.command("publish")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--by", "login", metavar="LOGIN", help="Who answers for it; asks for his password · 由哪位安全管理员发布")
def publish(folder: Path | None, login: str | None) -> None:
    """Put the _directory of FOLDER in force; in production a security administrator does · 发布角色和单位类型"""
    opened = application()
    offer, changes = opened.directory.read(FolderFiles(folder or read_config().workflows_dir))
    for change in changes:
        click.echo(_line(change))
    by = None
    if login:
        by = opened.signin.confirm(login, click.prompt("密码 · Password", hide_input=True, err=True))
    version = opened.directory.publish(by, offer)
    if version:
        tell(say("已发布角色和单位类型第 {version} 版", version=version))
    else:
        tell(say("角色和单位类型没有变化"))


def _line(change: Change) -> str:
    line = say("{how} {place} {name}；增加权限：{gains}") if change.gains else say("{how} {place} {name}")
    facts = {"how": HOW[change.how], "place": change.place, "name": change.name, "gains": ", ".join(change.gains)}
    return line.about(**facts).text(language())
