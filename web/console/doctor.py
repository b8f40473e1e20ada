"""``gangwei doctor`` and ``gangwei secret``, and what keeps a server for users from starting. Knows no page.

All that is wrong is told at once, each with what to do; in a trial, what production asks for is not asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from engine.channels.mail import MailLine
from engine.channels.sending import NotSent
from engine.channels.settings import KINDS, MailServer
from engine.clock import SystemClock
from engine.database import Database, is_current
from engine.demo import left
from engine.errors import Refusal
from engine.examining import Diagnosis, examine, examine_folder
from engine.words import listed
from web.common.assets import Assets
from web.common.config import SQLITE_FILE, Config, read_config
from web.common.secret import make_secret, weakness
from web.common.words import say
from web.console.commands import languages, tell

OTHERS: Final = 0o077
"""The bits of a file's mode by which its group and everybody else may do something with it."""
DEBUG: Final = "FLASK_DEBUG"
OFF: Final = ("", "0", "false", "no")
NAMED: Final = 5


class NotFit(Refusal):
    """A server for users that must not start; ``problems`` says all that is wrong."""

    sentence = say("有 {count} 项不符合正式运行的要求，没有启动（gangwei doctor 可随时检查）：")

    def __init__(self, problems: tuple[Diagnosis, ...]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))


def refuse_unfit(config: Config) -> None:
    """Raises NotFit with all that production does not start with; a trial may."""
    if not config.production:
        return
    database = Database(config.database_url)
    try:
        problems = tuple(one for one in _of_production(config, database) if not one.well)
    finally:
        database.close()
    if problems:
        raise NotFit(problems)


def _of_production(config: Config, database: Database) -> Iterator[Diagnosis]:
    yield _secret(config)
    yield _folders(config)
    yield _debug()
    try:
        readable = is_current(database)
    except Exception:  # whatever it is, the database's own finding tells of it
        readable = False
    if readable:
        yield _demo_accounts(database)
        yield _demo_clock(database)


def _secret(config: Config) -> Diagnosis:
    file = config.secret_key_file
    cure = say("请删去它，再执行 gangwei secret 生成；多台服务器须共用同一个文件。已登录的人要重新登录。")
    try:
        reason = weakness(file)
    except OSError as error:
        return Diagnosis(say("密钥文件 {file} 不能读取：{error}", file=file, error=error.strerror or ""), cure)
    if reason is None:
        return Diagnosis(say("密钥可用"))
    return Diagnosis(reason, cure if file.exists() else say("请执行 gangwei secret 生成；多台服务器须共用同一个文件。"))


def _folders(config: Config) -> Diagnosis:
    folder = config.data_dir
    exposed = [path for path in _private(config) if path.exists() and path.stat().st_mode & OTHERS]
    if os.name != "posix" or not exposed:
        return Diagnosis(say("数据文件夹只有本账号可以读写"))
    outside = [str(path) for path in exposed if folder not in (path, *path.parents)]
    what = say("本机其他账号可以读取数据（{files}）", files=listed([path.name for path in exposed[:NAMED]]))
    return Diagnosis(what, say("请执行：chmod -R go= {files}", files=" ".join([str(folder), *outside])))


def _private(config: Config) -> Iterator[Path]:
    """What nobody but the server's own account may read: the folder, what lies in it, and what was put elsewhere."""
    yield config.data_dir
    if config.data_dir.is_dir():
        yield from sorted(config.data_dir.iterdir())
    yield from (config.secret_key_file, config.anchor_key_file, config.anchors)
    file = config.database_url.removeprefix(SQLITE_FILE)
    if file not in (config.database_url, ""):
        yield from (Path(file + end) for end in ("", "-wal", "-shm"))


def _debug() -> Diagnosis:
    if os.environ.get(DEBUG, "").casefold() in OFF:
        return Diagnosis(say("没有开启调试"))
    return Diagnosis(
        say("开启了调试（{name}），出错时会把程序内部显示给访问者", name=DEBUG), say("请执行：unset {name}", name=DEBUG)
    )


def _demo_accounts(database: Database) -> Diagnosis:
    found = left.accounts_left(database)
    if not found:
        return Diagnosis(say("没有演示账号"))
    what = say(
        "有 {count} 个演示账号可以登录（{logins}），密码是公开的", count=len(found), logins=listed(found[:NAMED])
    )
    cure = say("请另建空的数据库；若要保留其中的数据，执行 gangwei demo --close 停用全部演示账号。")
    return Diagnosis(what, cure)


def _demo_clock(database: Database) -> Diagnosis:
    if not left.clock_is_moved(database):
        return Diagnosis(say("没有拨动过演示时钟"))
    cure = say("请另建空的数据库：拨动之后的事项和期限发生在将来。只是试用则设 GANGWEI_ENV=demo。")
    return Diagnosis(say("这个数据库的演示时钟被拨到了将来"), cure)


def _of_front_end() -> Diagnosis:
    missing = Assets().missing()
    if missing:
        return Diagnosis(
            say("前端没有打包（缺 {file}）", file=missing), say("请执行 make setup，或重新安装完整的安装包。")
        )
    return Diagnosis(say("前端已打包"))


def _of_proxy(config: Config) -> Diagnosis:
    if config.trusted_proxies:
        return Diagnosis(say("反向代理：{addresses}", addresses=listed(config.trusted_proxies)))
    cure = say("正式运行只通过 HTTPS 登录：在前面设反向代理，并把它的地址写入 GANGWEI_TRUSTED_PROXY。")
    return Diagnosis(say("没有设置反向代理"), cure)


def _of_anchors(config: Config) -> Diagnosis:
    beside = [one.name for one in (config.anchors, config.anchor_key_file) if config.data_dir in (one, *one.parents)]
    if not beside:
        return Diagnosis(say("证据的锚定簿和签名密钥不在数据文件夹里"))
    what = say("证据的锚定簿或签名密钥与数据放在一起（{files}）：能改数据的人也能改证据", files=listed(beside))
    cure = say(
        "请停下服务器，把它们移到数据库管理员够不着的地方（另一块磁盘或另一台机器），"
        "再把新位置写入 GANGWEI_ANCHORS 和 GANGWEI_ANCHOR_KEY_FILE。"
    )
    return Diagnosis(what, cure)


def _of_channels(config: Config) -> Iterator[Diagnosis]:
    """How people are told outside: the mail server is asked, and signed in to; robots are not, for they would post."""
    found = config.channels
    if not found.names:
        yield Diagnosis(say("没有设置消息推送"))
        return
    cure = say("请用 GANGWEI_URL 写明用户访问本系统的网址。")
    yield Diagnosis(say("推送中的链接：{url}", url=found.url)) if found.url else Diagnosis(say("推送中没有链接"), cure)
    if found.mail is not None:
        yield _mail_server(found.mail)
    for robot in found.robots.values():
        yield Diagnosis(say("机器人：{kind} · {name}", kind=KINDS[robot.kind], name=robot.name))


def _mail_server(server: MailServer) -> Diagnosis:
    where = f"{server.host}:{server.port}"
    try:
        MailLine(server).check()
    except NotSent as refused:
        cure = say("请检查 GANGWEI_SMTP、GANGWEI_SMTP_PASSWORD，以及本机能否访问这个服务器。")
        return Diagnosis(say("邮件服务器 {where}：{why}", where=where, why=refused.why), cure)
    if server.user and not server.password:
        return Diagnosis(say("邮件服务器 {where} 没有设置密码", where=where), say("请设置 GANGWEI_SMTP_PASSWORD。"))
    return Diagnosis(say("邮件服务器 {where} 可以使用", where=where))


def _all(config: Config, database: Database, asked: bool) -> Iterator[Diagnosis]:
    yield Diagnosis(say("运行模式：{mode}", mode=config.mode))
    if asked:
        yield from _of_production(config, database)
        yield _of_proxy(config)
        yield _of_anchors(config)
    yield from examine_folder(config.data_dir)
    yield from examine(database, SystemClock())
    yield _of_front_end()
    yield from _of_channels(config)


@click.command()
@click.option("--production", is_flag=True, help="Ask what production asks, in a trial, too · 按正式运行的要求检查")
def doctor(production: bool) -> None:
    """Whether this installation can serve, and what to do where it cannot · 检查运行条件"""
    config = read_config()
    database = Database(config.database_url)
    try:
        found = list(_all(config, database, production or config.production))
    finally:
        database.close()
    for one in found:
        for each in languages():
            click.echo(f"{'✓' if one.well else '✗'} {one.text(each)}")
    wrong = sum(not one.well for one in found)
    tell(say("检查 {count} 项，{wrong} 项需要处理", count=len(found), wrong=wrong))
    if wrong:
        raise click.exceptions.Exit(1)


@click.command()
def secret() -> None:
    """Make the key that signs sessions, unless there is one · 生成签名密钥"""
    file = read_config().secret_key_file
    if make_secret(file):
        tell(say("已生成密钥 {file}，只有本账号可读", file=file))
    else:
        tell(say("已有密钥 {file}，没有改动", file=file))
