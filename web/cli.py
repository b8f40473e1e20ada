"""The console command ``gangwei``. Each command calls one function of the engine and says what came of it.

``gangwei --help`` lists them. The application is only made for the commands that need it.
"""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import ScriptInfo

from engine import schema
from web.commands import Commands, say
from web.config import read_config


def _application() -> Flask:
    from web import create_app

    return create_app()


@click.group(name="gangwei", cls=Commands)
def cli() -> None:
    """Case management for the social workers of Hebei's trade unions · 河北工会社会工作者事项办理"""


@cli.group()
def db() -> None:
    """The database · 数据库"""


@db.command("upgrade", with_appcontext=False)  # type: ignore[call-overload, untyped-decorator, unused-ignore]
def db_upgrade() -> None:
    """Bring the schema up to date; the data stays · 升级数据库结构，数据保留"""
    applied = schema.upgrade(read_config().database_url)
    if applied:
        say(f"数据库已升级：{'、'.join(applied)}", f"database upgraded: {', '.join(applied)}")
    else:
        say("数据库已是最新", "database is up to date")


def main() -> None:
    """The console script's entry."""
    cli.main(obj=ScriptInfo(create_app=_application), prog_name="gangwei")


if __name__ == "__main__":
    main()
