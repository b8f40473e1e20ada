"""Making a backup while the installation works: its databases at one moment, then the files. Knows no page.

What was acknowledged before it began is in it. Writers are not held up, and nobody takes a file away meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from engine import __version__, application
from engine import database as schema
from engine.backup import archive, postgres
from engine.backup.manifest import FILE, FORMAT, NAME, DatabaseIn, FilesIn, Manifest, written
from engine.calendar.notices import packages_version
from engine.errors import NotFound
from engine.files.lease import Lease
from engine.model import Clock
from engine.words import say
from storage import access_log, account_events, copying
from storage.copying import Facts
from storage.database import Connection, Database, utc_text

MADE: Final = "backup_made"
FILES: Final = "files"


class Settings(application.Settings, Protocol):
    """What a backup needs of the settings."""

    @property
    def demo(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that stands. ``digest``: SHA-256 of its manifest, by which it is called in the log of accounts."""

    manifest: Manifest
    digest: str
    size: int


def make(settings: Settings, target: Path, machine: Clock) -> Made:
    """Write a backup into a new file. Raises BackupThere, NoRoom, NotFound, NoProgram, ProgramFailed, OSError."""
    database, began = Database(settings.database_url), machine.now()
    with ExitStack() as stack:
        stack.callback(database.close)
        _must_be_there(database)
        out, scratch = stack.enter_context(archive.writing(target, began.timestamp()))
        renew = stack.enter_context(Lease(settings.data_dir, machine).holding())
        main, told, named = _main(database, out, scratch, renew)
        others = _others(settings.data_dir, database, main, out, scratch, renew)
        files = _files(settings.data_dir / FILES, named, out, renew)
        manifest: Manifest = {
            "format": FORMAT, "program": __version__, "packages": packages_version(), "made_at": utc_text(began),
            "settings": _settings(settings), "databases": {main: told, **others}, "main": main, "files": files,
        }  # fmt: skip
        data = written(manifest)
        out.add_bytes(NAME, data)
        stack.pop_all().close()
    return _noted(settings, Made(manifest, hashlib.sha256(data).hexdigest(), target.stat().st_size), machine)


def _must_be_there(database: Database) -> None:
    """Raises NotFound for an installation without a database."""
    if database.is_sqlite and not Path(database.engine.url.database or "").is_file():
        raise NotFound(what=say("数据库“{file}”", file=database.engine.url.database))
    if schema.revision_of(database) is None:
        raise NotFound(what=say("数据库中的数据"))


def _main(
    database: Database, out: archive.Writer, scratch: Path, renew: Callable[[], None]
) -> tuple[str, DatabaseIn, set[str]]:
    """The installation's own database: its member, what is told of it, and the files that its rows name."""
    if database.is_sqlite:
        file = Path(database.engine.url.database or "")
        name = f"databases/{file.name}"
        return name, *_copied(name, file, out, scratch, renew)
    with database.read() as connection:
        facts, named = copying.facts(connection), copying.named_files(connection)
        return "databases/postgresql.dump", _dumped(connection, facts, out, scratch), named


def _dumped(connection: Connection, facts: Facts, out: archive.Writer, scratch: Path) -> DatabaseIn:
    with open(archive.private(scratch), "wb"):
        postgres.dump(copying.target_of(connection, snapshot=True), scratch)
    size, digest = out.add("databases/postgresql.dump", scratch)
    scratch.unlink()
    return {"kind": "postgresql", "bytes": size, "sha256": digest, "facts": facts}


def _copied(
    name: str, file: Path, out: archive.Writer, scratch: Path, renew: Callable[[], None]
) -> tuple[DatabaseIn, set[str]]:
    """One database of SQLite, and the files that its rows name."""
    with open(archive.private(scratch), "wb"):
        copying.copy_sqlite(file, scratch, renew)
    size, digest = out.add(name, scratch)
    copy = Database(f"sqlite:///{scratch}")
    try:
        with copy.read() as connection:
            facts, named = copying.facts(connection), copying.named_files(connection)
    finally:
        copy.close()
        scratch.unlink()
    return {"kind": "sqlite", "bytes": size, "sha256": digest, "facts": facts}, named


def _others(
    data_dir: Path, database: Database, main: str, out: archive.Writer, scratch: Path, renew: Callable[[], None]
) -> dict[str, DatabaseIn]:
    """Every other database of SQLite that the installation keeps: in its folder, and who looked at what."""
    files = set(data_dir.glob("*.db"))
    if database.is_sqlite:
        files.add(Path(database.engine.url.database or "").with_name(access_log.FILE))
    found: dict[str, DatabaseIn] = {}
    for file in sorted(files):
        name = f"databases/{file.name}"
        if name not in (main, *found) and file.is_file() and copying.is_sqlite(file):
            found[name], _ = _copied(name, file, out, scratch, renew)
    return found


def _files(root: Path, named: set[str], out: archive.Writer, renew: Callable[[], None]) -> FilesIn:
    digests, total = [], 0
    for digest, file in _stored(root):
        renew()
        with suppress(FileNotFoundError):
            size, _ = out.add(f"{FILES}/{digest[:2]}/{digest}", file)
            digests.append(digest)
            total += size
    names = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return {"count": len(digests), "bytes": total, "sha256": names, "missing": sorted(named - set(digests))}


def _stored(root: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a case, by its digest, in order."""
    for file in sorted(root.glob("??/*")):
        if FILE.fullmatch(f"{FILES}/{file.parent.name}/{file.name}") and file.is_file():
            yield file.name, file


def _settings(settings: Settings) -> dict[str, str]:
    """What a restored installation should be run with, too."""
    mode = "production" if settings.production else "demo" if settings.demo else "development"
    return {"GANGWEI_ENV": mode, "database": "sqlite" if settings.database_url.startswith("sqlite") else "postgresql"}


def _noted(settings: Settings, made: Made, machine: Clock) -> Made:
    """Keep in the log of accounts that all data was copied: by whoever holds the machine."""
    database = Database(settings.database_url)
    try:
        if schema.is_current(database):
            facts = {"backup": made.digest, "bytes": made.size, "files": made.manifest["files"]["count"]}
            with schema.writing(database) as connection:
                account_events.append(connection, machine.now(), MADE, facts=facts)
    finally:
        database.close()
    return made
