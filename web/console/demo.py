"""``gangwei demo``: invented places, accounts and cases. Knows no rule: each part is loaded by the engine."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from engine.demo import cases as demo_cases
from engine.demo import left
from engine.demo import people as demo_people
from engine.errors import Refusal
from web.common.config import read_config
from web.common.context import application
from web.common.words import say
from web.console.commands import tell


class DemoForbidden(Refusal):
    """Demo data asked for in production."""

    sentence = say("正式运行环境（GANGWEI_ENV）不装载演示数据。")


@click.command()
@with_appcontext
@click.option("--close", is_flag=True, help="Only close the demo's accounts · 只停用全部演示账号")
@click.option("--cases/--no-cases", default=True, help="Play invented cases too, if there is none yet · 演示事项")
def demo(cases: bool, close: bool) -> None:
    """Invented places, accounts and cases; safe to repeat · 演示单位、账号和事项"""
    config, opened = read_config(), application()
    if close:
        tell(say("已停用 {count} 个演示账号", count=left.close_accounts(opened.database, opened.machine)))
        return
    if config.production:
        raise DemoForbidden
    for load in (demo_people.load_organisations, demo_people.load_places, demo_people.load_users):
        load(opened.database, opened.machine)
    demo_people.load_invited(opened.database, opened.machine, opened.invitations)
    if cases:
        made = demo_cases.load_cases(config, opened.clock.now())
        tell(say("演示事项：新增 {made} 件", made=made))
    accounts = demo_people.demo_accounts(opened.directory.in_force())
    first = {account.role: account for account in reversed(accounts)}
    tell(say("演示账号，每种岗位一个，仅供试用："))
    for account in sorted(first.values(), key=accounts.index):
        click.echo(f"  {account.login:<14} {account.password:<18} {' · '.join(account.role)}（{account.name}）")
    tell(say("其余账号见 {USERS}", USERS=demo_people.USERS))
