"""``gangwei backup`` and ``gangwei restore``: a file that holds the installation, and an installation made of it."""

from __future__ import annotations

from pathlib import Path

import click

from engine.backup import checking, making, restoring
from engine.backup.manifest import Manifest
from engine.clock import SystemClock
from engine.words import listed
from web.common.config import read_config
from web.common.words import say
from web.console.commands import existing, tell


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--check", "checks", is_flag=True, help="Only read FILE through · 只核对，不生成")
def backup(file: Path, checks: bool) -> None:
    """Back the installation up while it works, or check a backup · 运行中备份到文件，或核对备份"""
    if checks:
        found = checking.check(file.absolute())
        tell(say("备份完整：{file}，清单 {digest}", file=file, digest=found.digest))
        _tell_manifest(found.manifest)
        return
    config = read_config()
    made = making.make(config, file.absolute(), SystemClock())
    tell(say("已备份到 {file}（{size} 字节），清单 {digest}", file=file, size=made.size, digest=made.digest))
    _tell_manifest(made.manifest)


@click.command()
@click.argument("file", type=existing(dir_okay=False))
@click.option("--replace", is_flag=True, help="Rename the SQLite database that is there · 原有 SQLite 数据库改名保留")
@click.option("--ahead", type=int, default=restoring.AHEAD, show_default=True,
              help="Numbers that each sequence leaves out at least · 每个编号序列至少跳过多少号")  # fmt: skip
def restore(file: Path, replace: bool, ahead: int) -> None:
    """Make an installation of the backup FILE; stop the server first · 由备份恢复，须先停止服务"""
    done = restoring.restore(read_config(), file.absolute(), SystemClock(), replace=replace, ahead=ahead)
    tell(say("已恢复：{file}，清单 {digest}", file=file, digest=done.checked.digest))
    _tell_manifest(done.checked.manifest)
    if done.applied:
        tell(say("数据库已升级：{applied}", applied=listed(done.applied)))
    if done.kept is not None:
        tell(say("原数据库保留为 {file}", file=done.kept))
    tell(say("已结束 {count} 个登录；编号已向后跳过，不会重复", count=done.sessions))
    tell(say("后台任务和消息暂不执行：请启动服务，由系统管理员在“运行情况”页放行，或执行 gangwei jobs --release"))
    tell(say("请执行 gangwei case rebuild --all 核对"))


def _tell_manifest(manifest: Manifest) -> None:
    facts = manifest["databases"][manifest["main"]]["facts"]
    counts = facts["counts"]
    what = {"at": manifest["made_at"], "cases": counts.get("cases", 0), "events": counts.get("events", 0)}
    files = manifest["files"]
    tell(say("时点 {at}：{cases} 个事项，{events} 条流转记录，{files} 个附件文件", files=files["count"], **what))
    if files["missing"]:
        missing = listed(files["missing"][:10])
        tell(say("✗ 有 {count} 个附件文件当时就不存在：{missing}", count=len(files["missing"]), missing=missing))
