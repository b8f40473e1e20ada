"""What is cleared away of the files of cases, and what never is."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from engine.files.store import FileStore

DAY = timedelta(days=1)


def aged(store_root: Path, digest: str, days: float = 2) -> Path:
    file = store_root / digest[:2] / digest
    then = file.stat().st_mtime - days * 86400
    os.utime(file, (then, then))
    return file


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def test_only_what_is_old_and_in_no_row_is_cleared_away(store: FileStore, tmp_path: Path) -> None:
    named, orphan, new = store.put_all([b"named", b"orphan", b"new"])
    half = tmp_path / named[:2] / "tmpabc"
    half.write_bytes(b"hal")
    for one in (named, orphan):
        aged(tmp_path, one)
    os.utime(half, (0, 0))
    assert store.sweep({named}, DAY) == 2
    assert {one.name for one in tmp_path.rglob("*") if one.is_file()} == {named, new}
    assert store.sweep({named}, DAY) == 0 and FileStore(tmp_path / "none").sweep(set(), DAY) == 0


def test_what_is_handed_in_again_is_not_taken_away_under_its_transaction(store: FileStore, tmp_path: Path) -> None:
    digest = store.put(b"twice")
    aged(tmp_path, digest)
    assert store.put(b"twice") == digest and store.sweep(set(), DAY) == 0
    assert store.get(digest) == b"twice"


def test_what_is_wanted_while_it_is_moved_aside_comes_back(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest, rename = store.put(b"wanted"), Path.rename
    aged(tmp_path, digest)

    def late(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        store.put(b"wanted")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    assert store.sweep(set(), DAY) == 0 and store.get(digest) == b"wanted"
