"""Whether an installation can serve: its database, its definitions, its disk and its clock. Knows no setting, no page.

Every finding says what was found and, where something is wrong, what to do.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from engine import database as schema
from engine.errors import Refusal
from engine.model import Clock
from engine.publishing.catalog import Catalog
from engine.words import Said, Sayable, Words, say, worded
from storage import definitions, moments, ticks
from storage.database import Database, Unreachable

LEAST_FREE_BYTES: Final = 1 << 30
_WHAT_TO_DO: Final = say("怎么办：")
MOST_APART: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Diagnosis(Sayable):
    """Something that was looked at. ``cure``: what to do about it; empty where all is well."""

    what: Said
    cure: Said = ""

    @property
    def well(self) -> bool:
        """Whether nothing is to be done."""
        return not self.cure

    def text(self, language: str = "zh") -> str:
        """It in a line, with its cure."""
        what = worded(self.what, language)
        return what if self.well else f"{what} {_WHAT_TO_DO.text(language)}{worded(self.cure, language)}"


def examine(database: Database, clock: Clock) -> Iterator[Diagnosis]:
    """The database, and what is in it. Nothing that is wrong with it ends in an error."""
    try:
        schema.require_current(database)
    except Refusal as refused:
        yield Diagnosis(say("数据库结构与程序不符"), refused.words)
        return
    except (*Unreachable, OSError) as error:
        cause = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        yield Diagnosis(
            say("数据库不能访问：{cause}", cause=cause),
            say("检查 GANGWEI_DATABASE_URL，并确认数据库服务已启动、磁盘可用。"),
        )
        return
    yield Diagnosis(say("数据库可以访问，结构是最新的"))
    yield _clock(database, clock)
    yield from _definitions(database)


def _clock(database: Database, clock: Clock) -> Diagnosis:
    now, cure = clock.now(), say("校准本机时间（如启用 NTP）后再启动；时间倒退会使登录和期限出错。")
    with database.read() as connection:
        newest = moments.newest(connection)
        apart = abs(ticks.database_now(connection) - now)
    if newest is not None and newest - now > MOST_APART:
        return Diagnosis(
            say("本机时间比最近一条记录早 {seconds} 秒", seconds=int((newest - now).total_seconds())), cure
        )
    if apart > MOST_APART:
        return Diagnosis(say("本机时间与数据库相差 {seconds} 秒", seconds=int(apart.total_seconds())), cure)
    return Diagnosis(say("本机时间可信"))


def _definitions(database: Database) -> Iterator[Diagnosis]:
    catalog, found = Catalog(database), 0
    with database.read() as connection:
        for key, digest in sorted(definitions.current_digests(connection).items()):
            if key[0] == "_":
                continue
            found += 1
            try:
                catalog.definition(connection, digest)
            except Exception as error:  # whatever it is, it is told by its name and the others are looked at
                what = say("流程“{key}”不能装载：{error}", key=key, error=type(error).__name__)
                yield Diagnosis(what, say("用 gangwei workflows check 检查后，由 gangwei workflows publish 重新发布。"))
    if found:
        yield Diagnosis(say("已发布的流程：{count} 个", count=found))
    else:
        yield Diagnosis(say("还没有发布流程"), say("请执行 gangwei workflows publish。"))


def examine_folder(folder: Path) -> Iterator[Diagnosis]:
    """The data folder and that of the files: whether they can be written, and how much room there is."""
    for one in (folder, folder / "files"):
        if one == folder or one.exists():
            yield _writable(one)
    if folder.exists():
        free = shutil.disk_usage(folder).free
        room = say("磁盘剩余 {free} GB", free=round(free / 2**30, 1))
        yield Diagnosis(room, say("清理磁盘或扩容：至少留 1 GB。") if free < LEAST_FREE_BYTES else "")


def _writable(folder: Path) -> Diagnosis:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        cause = error.strerror or type(error).__name__
        what: Words = say("文件夹 {folder} 不能写入：{cause}", folder=folder, cause=cause)
        return Diagnosis(what, say("建立这个文件夹，并让运行本系统的账号拥有它（chown）。"))
    return Diagnosis(say("文件夹 {folder} 可以写入", folder=folder))
