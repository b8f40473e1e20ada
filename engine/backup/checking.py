"""Whether a backup is whole, without restoring it. Reads all of it; writes only beside, and nothing that stays."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from engine.backup import archive, postgres
from engine.backup.manifest import DATABASE, FILE, LARGEST, NAME, Manifest, damaged, read
from engine.words import say
from storage import copying

Place = Callable[[str], Path | None]
"""Where a member of a name is to be put; None: nowhere."""


@dataclass(slots=True)
class WholeBackup:
    """A backup that is whole. ``digest``: SHA-256 of its manifest."""

    manifest: Manifest
    digest: str
    put: list[Path] = field(default_factory=list)


def check(file: Path, scratch: Path | None = None) -> WholeBackup:
    """Read a backup through: every hash, every count, and what the database itself says of its copy.

    ``scratch``: a folder for the databases meanwhile; that of the system else. Raises BackupDamaged, NoRoom.
    """
    with tempfile.TemporaryDirectory(dir=scratch, prefix="gangwei-check-") as folder:
        found = unpack(file, lambda name: Path(folder) / name.replace("/", "-") if DATABASE.fullmatch(name) else None)
        for put in found.put:
            must_be_readable(file, found.manifest, put, f"databases/{put.name.removeprefix('databases-')}")
        return found


def unpack(file: Path, place: Place) -> WholeBackup:
    """Read a backup to its end and put what ``place`` wants; what does not fit its manifest is found at the end.

    Raises BackupDamaged and NoRoom; what was put is then named by nobody: whoever gave the places clears them.
    """
    with archive.whole(file):
        return _unpack(file, place)


def _unpack(file: Path, place: Place) -> WholeBackup:
    seen: dict[str, tuple[int, str]] = {}
    put, manifest, digest = list[Path](), None, ""
    for name, size, content in archive.members(file):
        if manifest is not None or name in seen:
            raise damaged(file.name, say("“{name}”不在应在的位置", name=name))
        if name == NAME:
            data = content.read(LARGEST + 1) if size <= LARGEST else b""
            manifest, digest = read(file.name, data), hashlib.sha256(data).hexdigest()
            continue
        target = place(name)
        if target is None:
            seen[name] = archive.pour(content, None)
            continue
        with archive.disk_may_be_full(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
            put.append(target)
            with open(archive.private(target), "wb") as out:
                seen[name] = archive.pour(content, out)
    if manifest is None:
        raise damaged(file.name, say("没有清单，备份没有写完"))
    _must_fit(file, manifest, seen)
    return WholeBackup(manifest, digest, put)


def _must_fit(file: Path, manifest: Manifest, seen: dict[str, tuple[int, str]]) -> None:
    databases = {name: one for name, one in seen.items() if DATABASE.fullmatch(name)}
    told = {name: (one["bytes"], one["sha256"]) for name, one in manifest["databases"].items()}
    if databases != told or manifest["main"] not in told:
        raise damaged(file.name, say("数据库与清单不符"))
    digests = []
    for name, (_, digest) in seen.items():
        is_file = FILE.fullmatch(name)
        if is_file and is_file[2] != digest:
            raise damaged(file.name, say("附件“{name}”内容与名称不符", name=name))
        if is_file:
            digests.append(digest)
    names = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    if (len(digests), names) != (manifest["files"]["count"], manifest["files"]["sha256"]):
        raise damaged(file.name, say("附件与清单不符"))


def must_be_readable(file: Path, manifest: Manifest, put: Path, name: str) -> None:
    """What the database's own program says of a copy, and whether it holds what the manifest tells. Raises
    BackupDamaged."""
    told = manifest["databases"][name]
    if told["kind"] == "postgresql":
        if postgres.is_readable(put) is False:
            raise damaged(file.name, say("pg_restore 读不出数据库"))
        return
    wrong = copying.what_is_wrong(put)
    if wrong:
        raise damaged(file.name, say("数据库“{name}”：{wrong}", name=name, wrong=wrong))
    if copying.file_facts(put) != told["facts"]:
        raise damaged(file.name, say("数据库与清单不符"))
