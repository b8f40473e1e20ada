"""What a backup says of itself, and what its members may be called. Reads and writes no file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypedDict, cast

import orjson

from engine.errors import Refusal
from engine.words import Said, Words, say
from storage.copying import Facts

FORMAT: Final = 1
NAME: Final = "manifest.json"
LARGEST: Final = 4 * 2**20
"""Bytes of a manifest."""
DATABASE: Final = re.compile(r"databases/[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
FILE: Final = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")


class BackupDamaged(Refusal):
    """A file that is no backup, or not a whole one."""

    sentence = say("备份“{file}”不完整或已损坏，不能使用：{what}。")


class DatabaseIn(TypedDict):
    """A database in a backup. ``kind``: sqlite (a file of it) or postgresql (a dump of its own program)."""

    kind: str
    bytes: int
    sha256: str
    facts: Facts


class FilesIn(TypedDict):
    """The files of cases in a backup. ``missing``: that rows name and that were not there."""

    count: int
    bytes: int
    sha256: str  # over their sorted names
    missing: list[str]


class Manifest(TypedDict):
    """All that a backup says of itself. No secret is in it: neither keys nor passwords of the machine."""

    format: int
    program: str  # version of Gangwei
    packages: str  # versions of the packages that know the calendar
    made_at: str
    settings: dict[str, str]
    databases: dict[str, DatabaseIn]  # by their members' names
    main: str  # which of them is the installation's own
    files: FilesIn


def written(manifest: Manifest) -> bytes:
    """It as the backup holds it."""
    return orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


def read(file: str, data: bytes) -> Manifest:
    """The manifest out of a backup. Raises BackupDamaged."""
    try:
        found = orjson.loads(data)
    except ValueError:
        raise damaged(file, say("清单无法读取")) from None
    if not isinstance(found, Mapping) or not isinstance(found.get("format"), int):
        raise damaged(file, say("清单无法读取"))
    if found["format"] > FORMAT:
        raise damaged(file, say("由新版程序生成（格式{format}），请用新版恢复", format=found["format"]))
    if not found.keys() >= Manifest.__annotations__.keys():
        raise damaged(file, say("清单无法读取"))
    return cast(Manifest, dict(found))


def damaged(file: str, what: Said | Words, **_: Any) -> BackupDamaged:
    """What is wrong with a backup."""
    return BackupDamaged(file=file, what=what)
