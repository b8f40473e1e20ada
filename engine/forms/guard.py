"""The shape of what a client sends, before any field is looked at: size, depth, characters, numbers, keys.

Knows no form. Whatever passes here is plain JSON that storage, FEEL and a browser can hold.
"""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final

from engine import letters
from engine.errors import BadInput
from engine.feel import parse_json
from engine.feel.values import whole_number
from engine.forms.model import MAX_DIGITS, RESERVED_KEYS, Path, spell
from engine.words import Said, say

MAX_BYTES = 1_000_000  # of text in one submission, keys included
MAX_DEPTH = 20
MAX_NODES = 50_000
MAX_KEY = 200
FORM = say("表单内容")
# Everything below space but tab, line feed and carriage return; DEL; the C1 block; what XML (so Excel) cannot hold.
CONTROLS = frozenset({*range(32), *range(127, 160), 0xFFFE, 0xFFFF} - {9, 10, 13})
LARGEST_JSON = 4 * 1024 * 1024  # bytes; with every character escaped, ``MAX_BYTES`` of text are less
DEEPEST_JSON = 2 * MAX_DEPTH  # bluntly, before it is known where in the submission what lies
_NOT_BRACKETS: Final = bytes(code for code in range(256) if code not in b"[]{}")
_TURNS: Final = {code: 1 if code in b"[{" else -1 for code in b"[]{}"}


def parse(text: str | bytes) -> Any:
    """JSON of a client as values, not built before its size, its depth and the number of its values are known.

    UTF-8 (RFC 8259, 8.1). Raises BadInput for what is too large, ValueError or RecursionError for what is no JSON.
    """
    data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    if len(data) > LARGEST_JSON:
        raise _too_large()
    if _values(data) > MAX_NODES or data.count(b"[") + data.count(b"{") > DEEPEST_JSON:
        _must_be_small(data.replace(rb"\\", b"").replace(rb"\"", b""))
    return parse_json(data.decode("utf-8-sig", errors="surrogatepass"))


def _must_be_small(plain: bytes) -> None:
    """``plain``: JSON without its escaped quotation marks. Outside of its texts each value has a mark of its own."""
    if plain.count(b'"') > 4 * MAX_NODES:  # two to a text; a value and its key are two texts at most
        raise _too_large()
    bare = b"t".join(plain.split(b'"')[::2]).translate(None, b" \t\r\n")
    if _values(bare) - bare.count(b"[]") - bare.count(b"{}") > MAX_NODES:
        raise _too_large()
    depths = accumulate(map(_TURNS.__getitem__, bare.translate(None, _NOT_BRACKETS)))
    if max(depths, default=0) > DEEPEST_JSON:
        raise BadInput(field=FORM, reason=say("嵌套超过{most}层", most=MAX_DEPTH))


def _values(data: bytes) -> int:
    return 1 + data.count(b",") + data.count(b"[") + data.count(b"{")


def _too_large() -> BadInput:
    return BadInput(field=FORM, reason=say("内容过大，不得超过1 MB"))


def check_shape(submission: Any) -> dict[str, Any]:
    """The submission itself if it is a sound JSON object. Raises BadInput, saying where and why, and nothing else."""
    found = must_be_object(submission)
    left, nodes = MAX_BYTES, 0
    stack: list[tuple[Any, Path]] = [(found, ())]
    while stack:
        value, path = stack.pop()
        nodes += 1
        if type(value) is dict:
            _check_keys(value, path)
            left -= sum(len(key) for key in value)
            stack.extend((child, (*path, key)) for key, child in value.items())
        elif type(value) is list:
            stack.extend((child, (*path, index)) for index, child in enumerate(value))
        else:
            left -= _scalar_size(value, path)
        if left < 0 or nodes + len(stack) > MAX_NODES:
            raise _too_large()
        if len(path) > MAX_DEPTH:
            raise BadInput(field=_place(path[:3]), reason=say("嵌套超过{most}层", most=MAX_DEPTH))
    return found


def must_be_object(submission: Any) -> dict[str, Any]:
    """For whoever looks into a submission before its form does. Raises BadInput."""
    if type(submission) is not dict:
        raise BadInput(field=FORM, reason=say("应为一个JSON对象"))
    return submission


def _check_keys(value: dict[Any, Any], path: Path) -> None:
    for key in value:
        if type(key) is not str or len(key) > MAX_KEY:
            raise BadInput(field=_place(path), reason=say("字段名无效"))
        _check_text(key, (*path, "…"))
        if not CONTROLS.isdisjoint(map(ord, key)):
            raise BadInput(field=_place(path), reason=say("含有控制字符"))
        if key in RESERVED_KEYS or key.startswith("__"):
            raise BadInput(field=_place((*path, key)), reason=say("字段名为系统保留"))


def _scalar_size(value: Any, path: Path) -> int:
    if value is None or type(value) is bool:
        return 1
    if type(value) is str:
        return _check_text(value, path)
    if type(value) in (int, float, Decimal):
        return _check_number(value, path)
    raise BadInput(field=_place(path), reason=say("不是JSON能表示的内容"))


def _check_number(value: int | float | Decimal, path: Path) -> int:
    if not (value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)):
        raise BadInput(field=_place(path), reason=say("不是有效的数"))
    if whole_number(value) is None:
        raise BadInput(field=_place(path), reason=say("数字不得超过{most}位", most=MAX_DIGITS))
    return 8


def _check_text(text: str, path: Path) -> int:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise BadInput(field=_place(path), reason=say("含有无效字符")) from None
    if letters.is_never_text(text):
        raise BadInput(field=_place(path), reason=say("含有控制字符"))
    return size


def _place(path: Path) -> Said:
    text = spell(path)
    return text if text.isprintable() and text else FORM
