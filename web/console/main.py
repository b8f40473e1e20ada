"""The console command ``gangwei``: finds the command that was asked for, and ends a refusal as a sentence.

``gangwei --help`` lists them. What a command needs, and the application, is imported when it is asked for: those take
more than a second.
"""

from __future__ import annotations

import os
import secrets
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from engine import __version__
from engine.errors import Refusal
from web.console.commands import explain, languages

if TYPE_CHECKING:
    from flask import Flask

COMMANDS: Final = {
    "access": ("access", "The log of who looked at what · 查看记录"),
    "backup": (
        "backup",
        "Back the installation up while it works, or check a backup · 运行中备份到文件，或核对备份",
    ),
    "calendar": ("calendar", "The working calendar · 工作日历"),
    "case": ("installation", "Cases · 事项"),
    "db": ("installation", "The database · 数据库"),
    "doctor": ("doctor", "Whether this installation can serve, and what to do where it cannot · 检查运行条件"),
    "directory": ("directory", "Roles, kinds of organisation, figures · 角色、单位类型、数据项"),
    "demo": ("demo", "Invented places, accounts and cases; safe to repeat · 演示单位、账号和事项"),
    "evidence": ("evidence", "Anchor the house, prove it · 证据锚定与核验"),
    "jobs": ("jobs", "How the background work stands · 后台任务情况"),
    "organisations": ("organisations", "The tree of organisations · 单位"),
    "regulation": ("installation", "The official text of the measures · 办法条文"),
    "restore": ("backup", "Make an installation of the backup FILE; stop the server first · 由备份恢复，须先停止服务"),
    "secret": ("doctor", "Make the key that signs sessions, unless there is one · 生成签名密钥"),
    "serve": ("installation", "Serve on GANGWEI_HOST and GANGWEI_PORT until stopped · 启动服务"),
    "user": ("people", "Accounts and roles · 账号与角色"),
    "worker": ("jobs", "Run background jobs until stopped, beside or instead of the server's own · 运行后台任务"),
    "workflows": ("workflows", "Process definitions · 流程定义"),
}
"""Each command: the file beside this one that holds it under its name, and what it is for."""


class Commands(click.Group):
    """The commands, each imported when it is asked for. Refusals and unreadable files end as plain sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which they are shown."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, if there is one."""
        if cmd_name not in COMMANDS:
            return None
        file, text = COMMANDS[cmd_name]
        found: click.Command = getattr(import_module(f"web.console.{file}"), cmd_name)
        found.help = found.help or text
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        from flask.cli import ScriptInfo

        ctx.obj = ScriptInfo(create_app=_application)
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            lines = explain(refusal)
        except BrokenPipeError:  # whoever read the output has seen enough
            ctx.exit(1)
        except OSError as error:
            from web.common.words import say

            lines = list(map(say("读写失败：{error}", error=error).text, languages()))
        for line in lines:
            click.echo(f"✗ {line}", err=True)
        ctx.exit(1)


def _application() -> Flask:
    from engine import database
    from engine.backup.restoring import must_be_finished
    from web.app import create_app
    from web.common.config import read_config
    from web.common.context import application_of

    must_be_finished(read_config().data_dir)
    # No command signs anything: only the server reads the secret.
    app = create_app({"SECRET_KEY": secrets.token_bytes(32)})
    database.require_current(application_of(app).database)
    return app


@click.group(name="gangwei", cls=Commands)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Case management for the social workers of Hebei's trade unions · 河北工会社会工作者岗位事项办理"""


def main() -> None:
    """The console script's entry. What a command makes is for its owner's eyes only."""
    os.umask(0o077)
    cli.main(prog_name="gangwei")


if __name__ == "__main__":
    main()
