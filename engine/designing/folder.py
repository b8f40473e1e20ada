"""The files of a design: which names and sizes are taken, what a blank one holds, and the folder as a zip file.

Knows no row and no page. The limits are those of publishing (``engine.checks.folder``).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from engine.checks.folder import KNOWN, MAX_NAME, is_safe, oversize
from engine.definition import LEFT_OUT, MAX_KEY, SHARED
from engine.errors import BadInput
from engine.words import listed, say

_KEY: Final = re.compile(rf"[a-z][a-z0-9_]{{0,{MAX_KEY - 1}}}")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
DESIGN: Final = say("设计稿")

BLANK: Final = Path(__file__).with_name("blank.bpmn")
"""An empty process, with the names that it gets in braces."""


def blank(key: str, name: str) -> dict[str, bytes]:
    """A folder with a process that begins and ends. Raises BadInput for a key that is none."""
    own = {part: f"{key}_{part}" for part in ("definitions", "collaboration", "pool", "lanes", "drawing", "plane")}
    named = {part: quoteattr(text) for part, text in {**own, "key": must_be_key(key), "name": name}.items()}
    return {"process.bpmn": BLANK.read_text(encoding="utf-8").format(**named).encode()}


def must_be_key(key: str) -> str:
    """The key itself. Raises BadInput unless a process may be called so."""
    if not _KEY.fullmatch(key):
        reason = say("请用小写英文、数字和下划线，以字母开头，最多{most}字，例如leave_request", most=MAX_KEY)
        raise BadInput(field=say("流程代号"), reason=reason)
    return key


def must_fit(files: Mapping[str, bytes]) -> None:
    """Raises BadInput unless a design may hold these files: their names, their number and their sizes."""
    for name in files:
        shown = name[:MAX_NAME]
        if not is_safe(name):
            reason = say("文件名“{name}”不安全：只能用文字、数字、点、横线和下划线，不能以点开头", name=shown)
            raise BadInput(field=DESIGN, reason=reason)
        if not name.endswith(KNOWN):
            reason = say("“{name}”不能放在流程文件夹里，可用的类型：{known}", name=shown, known=listed(KNOWN))
            raise BadInput(field=DESIGN, reason=reason)
    for problem in oversize(files):
        raise BadInput(field=problem.file if problem.file != "." else DESIGN, reason=problem.what)


def own(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Without what all processes share."""
    return {name: data for name, data in files.items() if not is_shared(name)}


def is_shared(name: str) -> bool:
    """Whether a file is one of all processes."""
    return name.startswith(f"{SHARED}/")


def checked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """What publishing looks at: walks that test a definition are no part of it."""
    return {name: data for name, data in files.items() if name.partition("/")[0] != LEFT_OUT}


def packed(key: str, files: Mapping[str, bytes]) -> bytes:
    """The folder as it stands in ``workflows/``, with what it shares beside it. The same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name if is_shared(name) else f"{key}/{name}", _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    return made.getvalue()
