"""The comparison done in a process of its own with limits (``engine.files.apart``): designs hold what others upload.

A Word file may unfold to anything, and two long texts may take very long. Knows no row and no page.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Final, TypedDict

from engine.comparing.folders import compare
from engine.comparing.views import FileChange
from engine.errors import Refusal
from engine.files.apart import MEGABYTE, Limits, NotStarted, answer, ask, ready
from engine.words import say

LIMITS: Final = Limits(seconds=20, memory=512 * MEGABYTE, patience=40)


class NotCompared(Refusal):
    """The comparison took too long or too much, or did not start. Nothing was changed."""

    sentence = say("差别没有算出来：内容过多，或者比较程序没有启动。可以下载两边的文件自行比较。")


class _Order(TypedDict):
    """Both folders, their files in base64."""

    before: dict[str, str]
    after: dict[str, str]


def compared(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileChange]:
    """What ``compare`` answers, from that other process. Raises NotCompared."""
    order: _Order = {"before": _told(before, after), "after": _told(after, before)}
    if not order["before"] and not order["after"]:
        return []
    try:
        heard = ask(__name__, [json.dumps(order).encode()], LIMITS.patience)
    except NotStarted as fault:
        raise NotCompared from fault
    for line in heard.lines:
        found: list[FileChange] = json.loads(line, object_hook=_labelled)
        return found
    raise NotCompared


def _told(files: Mapping[str, bytes], others: Mapping[str, bytes]) -> dict[str, str]:
    """Only what differs goes there."""
    return {name: b64encode(data).decode() for name, data in files.items() if others.get(name) != data}


def _labelled(read: dict[str, object]) -> dict[str, object]:
    """JSON knows no pairs."""
    label = read.get("label")
    return {**read, "label": tuple(label)} if isinstance(label, list) else read


# -- the other process ---------------------------------------------------------------------------------------------


def main() -> None:
    """Answer one order."""
    ready()
    answer(_answered, LIMITS)


def _answered(line: bytes) -> bytes:
    order: _Order = json.loads(line)
    before, after = ({name: b64decode(data) for name, data in order[side].items()} for side in ("before", "after"))
    return json.dumps(compare(before, after)).encode()
