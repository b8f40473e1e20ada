"""Console commands for accounts and roles. Knows no rule: each calls a function of the engine."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from engine import letters
from engine.desks.account_views import Account
from engine.desks.successors import Successor
from web.common.context import application
from web.common.i18n import counted
from web.common.words import say
from web.console.commands import language, tell

user = AppGroup("user")
_login = click.argument("login")
_successor = click.option("--successor", default="", metavar="LOGIN", help="Who takes over · 接替的人")
_nobody = click.option("--nobody", is_flag=True, help="Nobody takes over for now · 暂不指定接替的人")
_role = click.argument("role", metavar="ROLE")
_code = click.argument("code", metavar="ORGANISATION", callback=lambda _context, _parameter, code: letters.narrow(code))


def _account(login: str) -> Account:
    found: Account = application().accounts.by_login(None, login)
    return found


def _tell(login: str, password: str) -> None:
    tell(
        say("{login} 的临时密码（只显示这一次，首次登录须更改）：{password}", login=login, password=password),
    )


@user.command("add")
@_login
@click.argument("name")
@click.option(
    "--role", "held", nargs=2, multiple=True, metavar="ROLE ORGANISATION", help="Grant at once · 同时授予角色"
)
def add(login: str, name: str, held: tuple[tuple[str, str], ...]) -> None:
    """Make an account for LOGIN, a person called NAME · 建立账号"""
    people = application().accounts
    account, password = people.create(None, login, name)
    _tell(account.login, password)
    for role, code in held:
        people.grant(None, account.user_id, role, code)


@user.command("list")
@click.argument("words", nargs=-1)
def list_users(words: tuple[str, ...]) -> None:
    """Accounts whose name, login or organisation holds every word · 列出账号"""
    people, after = application().accounts, ""
    while True:
        page = people.find(None, " ".join(words), after)
        for account in page.rows:
            click.echo(f"{account.login:<20} {_state(account):<8} {account.name}  {_held(account)}")
        if not page.next:
            break
        after = page.next
    tell(say("共 {total} 个账号", total=counted(page.total)))


def _state(account: Account) -> str:
    return (say("正常") if account.active else say("停用")).text(language())


def _held(account: Account) -> str:
    return " ".join(f"{one.role}@{one.organisation.code}" for one in account.memberships) or "—"


@user.command("lock")
@_login
@_successor
@_nobody
def lock(login: str, successor: str, nobody: bool) -> None:
    """Close an account and end its sessions · 停用账号"""
    application().accounts.lock(None, _account(login).user_id, Successor(successor, nobody))
    tell(say("已停用 {login}", login=login))


@user.command("unlock")
@_login
def unlock(login: str) -> None:
    """Open an account again, and let nobody wait after failed sign-ins · 启用账号、免除等待"""
    application().accounts.unlock(None, _account(login).user_id)
    tell(say("已启用 {login}", login=login))


@user.command("reset-password")
@_login
def reset_password(login: str) -> None:
    """Give an account a temporary password and end its sessions · 重置密码"""
    _tell(login, application().accounts.reset_password(None, _account(login).user_id))


@user.command("grant")
@_login
@_role
@_code
def grant(login: str, role: str, code: str) -> None:
    """Give LOGIN a ROLE at an ORGANISATION (its code) · 授予角色"""
    application().accounts.grant(None, _account(login).user_id, role, code)
    tell(say("已授予 {login}：{role}@{code}", login=login, role=role, code=code))


@user.command("revoke")
@_login
@_role
@_code
@_successor
@_nobody
def revoke(login: str, role: str, code: str, successor: str, nobody: bool) -> None:
    """Take a ROLE at an ORGANISATION away from LOGIN · 收回角色"""
    application().accounts.revoke(None, _account(login).user_id, role, code, Successor(successor, nobody))
    tell(say("已收回 {login}：{role}@{code}", login=login, role=role, code=code))


@user.command("roles")
def list_roles() -> None:
    """The roles that can be granted, and at which kinds of organisation · 列出角色"""
    for role in application().directory.in_force().roles.values():
        click.echo(f"{role.id:<20} {role.name[0]} · {role.name[1]}  ({', '.join(sorted(role.kinds))})")
