"""An installation made of a backup: checked before anything is touched, then all of it or nothing. Knows no page.

A database that a newer program can read is upgraded. The restoring itself is a fact in the chain of account events;
numbers go on beyond what may have been issued since, sessions end, and the outbox waits for an operator.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from engine import database as schema
from engine import upgrading
from engine.backup import archive, postgres
from engine.backup.checking import WholeBackup, must_be_readable, unpack
from engine.backup.making import FILES, Settings
from engine.backup.manifest import DATABASE, damaged
from engine.errors import BadInput, Refusal
from engine.model import Clock
from engine.words import listed, say
from storage import access_log, account_events, copying, numbering, restores, ticks
from storage.database import Database, utc_text

RESTORED: Final = "installation_restored"
AHEAD: Final = 100
"""Numbers that each sequence leaves out at least."""
MOST_AHEAD: Final = 1_000_000
UNFINISHED: Final = "restore.unfinished"
"""A file in the data folder while a database of PostgreSQL is being filled: no program may work with it yet."""
_QUIET: Final = timedelta(minutes=1)
_REPLACED: Final = ".replaced-{:%Y%m%dT%H%M%S}"


class NotEmpty(Refusal):
    """There is an installation already."""

    sentence = say(
        "这里已有数据（{what}），没有恢复。请恢复到空的安装；确要替换 SQLite 数据库时加 --replace，原库会改名保留。"
    )


class StillWorking(Refusal):
    """A program works with the installation that is to be replaced."""

    sentence = say("有程序正在使用这个安装（最近一次活动 {at}）。请先停止服务和所有执行程序，一分钟后重试。")


class OtherDatabase(Refusal):
    """A backup of the other kind of database."""

    sentence = say("备份来自 {there}，而 GANGWEI_DATABASE_URL 指向 {here}。请换用同类的数据库。")


class Unfinished(Refusal):
    """A restoring was cut off."""

    sentence = say("上一次恢复没有完成，不能使用这个安装。请再次执行 gangwei restore。")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it."""

    checked: WholeBackup
    applied: tuple[str, ...]  # migrations
    sessions: int  # that were ended
    kept: Path | None  # where the database that was replaced is now


def restore(settings: Settings, file: Path, machine: Clock, *, replace: bool = False, ahead: int = AHEAD) -> Restored:
    """Make an installation of a backup.

    ``replace``: a database of SQLite that is there is renamed and kept. ``ahead``: how many numbers each sequence
    leaves out at least. Raises BackupDamaged, NotEmpty, StillWorking, OtherDatabase, NoRoom, NoProgram, SchemaUnknown,
    OSError.
    """
    if not 0 < ahead <= MOST_AHEAD:
        raise BadInput(field="--ahead", reason=say("应为 1 至 {most} 的整数", most=MOST_AHEAD))
    database = Database(settings.database_url)
    try:
        _must_be_free(settings, database, machine, replace=replace)
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=settings.data_dir, prefix=".restore-"))
        try:
            return _restore(settings, database, file, folder, machine, ahead)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        database.close()


def must_be_finished(data_dir: Path) -> None:
    """Raises Unfinished where a restoring was cut off half-way."""
    if (data_dir / UNFINISHED).exists():
        raise Unfinished


def _must_be_free(settings: Settings, database: Database, machine: Clock, *, replace: bool) -> None:
    if (settings.data_dir / UNFINISHED).exists() or (database.is_sqlite and not _file(database).exists()):
        return
    with database.read() as connection:
        there = copying.rows_that_matter(connection)
        looked = ticks.newest(connection, 1) if there else []
    if there and not (replace and database.is_sqlite):
        raise NotEmpty(what=listed(f"{table} {count}" for table, count in there.items()))
    last = looked[0]["last_at"] if looked else None
    if last is not None and abs(machine.now() - last) < _QUIET:
        raise StillWorking(at=last.isoformat(timespec="seconds"))


def _restore(settings: Settings, database: Database, file: Path, folder: Path, machine: Clock, ahead: int) -> Restored:
    checked = unpack(file, lambda name: folder / name)
    main, kind = checked.manifest["main"], checked.manifest["databases"][checked.manifest["main"]]["kind"]
    here = "sqlite" if database.is_sqlite else "postgresql"
    if kind != here:
        raise OtherDatabase(there=kind, here=here)
    for put in checked.put:
        name = put.relative_to(folder).as_posix()
        if DATABASE.fullmatch(name):
            must_be_readable(file, checked.manifest, put, name)
    with archive.disk_may_be_full(settings.data_dir), _moved(folder, settings.data_dir, database, main, machine.now()):
        if database.is_sqlite:
            applied, sessions = _prepared(settings, f"sqlite:///{folder / main}", checked, machine, ahead)
            kept = _take_place(folder / main, database, machine.now())
        else:
            applied, sessions = _filled(settings, database, file, folder / main, checked, machine, ahead)
            kept = None
    return Restored(checked, applied, sessions, kept)


def _prepared(
    settings: Settings, url: str, checked: WholeBackup, machine: Clock, ahead: int
) -> tuple[tuple[str, ...], int]:
    """Upgrade what was copied and write into it that it was restored; the migrations, and the sessions that ended."""
    applied, now = upgrading.upgrade(url), machine.now()
    database = Database(url)
    made_at = datetime.fromisoformat(checked.manifest["made_at"])
    try:
        with schema.writing(database) as connection:
            sequences = numbering.count_on(connection, ahead)
            ended = restores.end_sessions(connection, now)
            row: restores.NewRestore = {
                "backup": checked.digest, "made_at": made_at, "restored_at": now, "ahead": ahead,
            }  # fmt: skip
            facts = {"restore": restores.note(connection, row), "backup": checked.digest, "ahead": ahead}
            facts |= {"made_at": utc_text(made_at), "program": checked.manifest["program"], "sessions": ended}
            facts |= {"sequences": sequences, "migrations": list(applied)}
            account_events.append(connection, now, RESTORED, facts=facts)
    finally:
        database.close()
    return applied, ended


def _take_place(made: Path, database: Database, now: datetime) -> Path | None:
    """Let a finished file be the database: one renaming. Where the one before is now."""
    target = _file(database)
    database.close()
    if Path(f"{target}-wal").exists():  # the last one who closes a database clears that away
        raise StillWorking(at=now.isoformat(timespec="seconds"))
    kept = None
    if target.exists():
        kept = target.with_name(f"{target.name}{_REPLACED.format(now)}")
        os.link(target, kept)
    ready = made if made.stat().st_dev == target.parent.stat().st_dev else Path(shutil.copy2(made, f"{target}.part"))
    with ready.open("rb") as opened:
        os.fsync(opened.fileno())
    ready.replace(target)
    archive.settle(target.parent)
    return kept


def _filled(
    settings: Settings, database: Database, file: Path, dumped: Path, checked: WholeBackup, machine: Clock, ahead: int
) -> tuple[tuple[str, ...], int]:
    """Fill an empty database of PostgreSQL; what fails leaves it empty. A mark keeps every program away meanwhile."""
    mark = settings.data_dir / UNFINISHED
    mark.touch(mode=0o600)
    copying.drop_everything(database)
    try:
        with database.read() as connection:
            target = copying.target_of(connection, snapshot=False)
        postgres.restore(target, dumped)
        with database.read() as connection:
            facts = copying.facts(connection)
        if facts != checked.manifest["databases"][checked.manifest["main"]]["facts"]:
            raise damaged(file.name, say("数据库与清单不符"))
        done = _prepared(settings, settings.database_url, checked, machine, ahead)
    except BaseException:
        with suppress(Exception):
            copying.drop_everything(database)
            mark.unlink()
        raise
    mark.unlink()
    return done


@contextmanager
def _moved(folder: Path, data_dir: Path, database: Database, main: str, now: datetime) -> Iterator[None]:
    """Put the files of cases and the other databases where they belong; when it fails, all is as it was."""
    with ExitStack() as undo:
        for file in sorted((folder / FILES).glob("??/*")):
            target = data_dir / FILES / file.parent.name / file.name
            if not target.exists():
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                file.replace(target)
                undo.callback(target.unlink)
        for file in sorted((folder / "databases").glob("*.db")):
            beside = database.is_sqlite and file.name == access_log.FILE
            target = _file(database).with_name(file.name) if beside else data_dir / file.name
            if f"databases/{file.name}" == main:
                continue
            for one in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
                if one.exists():
                    aside = one.with_name(f"{one.name}{_REPLACED.format(now)}")
                    one.rename(aside)
                    undo.callback(aside.rename, one)
            shutil.move(file, target)
            undo.callback(target.unlink)
        archive.settle(data_dir)
        yield
        undo.pop_all()


def _file(database: Database) -> Path:
    return Path(database.engine.url.database or "")
