"""The secret that signs sessions and devices: read, judged, and made for its owner's eyes only. Knows no page."""

from __future__ import annotations

import os
import secrets
from itertools import pairwise
from pathlib import Path
from typing import Final

from engine.errors import BadInput
from engine.words import Words
from web.common.words import say

SETTING: Final = "GANGWEI_SECRET_KEY_FILE"
LEAST_BYTES: Final = 32
FEWEST_DIFFERENT: Final = 10
WELL_KNOWN: Final = (
    "changeme",
    "change-me",
    "change_me",
    "secret",
    "password",
    "default",
    "example",
    "insecure",
    "gangwei",
)
"""What stands in keys of examples; none of them comes up in a random key, however it is written."""


def make_secret(file: Path) -> bool:
    """A new random key in ``file``, unless there is one; whether it was made."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as out:
        out.write(secrets.token_bytes(LEAST_BYTES))
    return True


def secret_key(file: Path, *, make: bool) -> bytes:
    """The key in ``file``; when there is none and ``make`` says so, it is made.

    Raises BadInput when there is none, or when it is short or well-known: ``weakness`` says which.
    """
    if make:
        make_secret(file)
    reason = weakness(file)
    if reason is not None:
        raise BadInput(field=SETTING, reason=reason)
    return file.read_bytes()


def weakness(file: Path) -> Words | None:
    """What is wrong with the key in ``file``; None when nothing is. Raises OSError when it cannot be read."""
    try:
        key = file.read_bytes()
    except FileNotFoundError:
        return say("密钥文件 {file} 不存在", file=file.name)
    if len(key) < LEAST_BYTES:
        return say("{name} 少于 {least} 字节", name=file.name, least=LEAST_BYTES)
    if _is_well_known(key):
        return say("{name} 不是随机生成的密钥，容易被猜到", name=file.name)
    return None


def _is_well_known(key: bytes) -> bool:
    said, plain = key.decode("latin-1").casefold(), key.strip()
    steps = {after - before for before, after in pairwise(plain)}
    half = plain[: len(plain) // 2]
    repeats = len(half) > 0 and plain == half * 2
    return len(set(plain)) < FEWEST_DIFFERENT or len(steps) == 1 or repeats or any(word in said for word in WELL_KNOWN)
