"""A recovery code: a random secret as it is printed, read out and typed again. Knows no key.

Crockford's letters, of which none is taken for another; two of them at the end tell of a slip.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from typing import Final

from engine.errors import Refusal
from engine.words import say

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans("OIL", "011")
_BYTES: Final = 16
_BODY: Final = 26  # letters of 5 bits for 128 bits
_CHECK: Final = 2
_GROUP: Final = 4
_MOST: Final = 200  # characters that are looked at


class CodeWrong(Refusal):
    """What was typed is no recovery code."""

    sentence = say("恢复码输入有误：应为{letters}个字母和数字，请对照打印件逐组核对。")

    def __init__(self) -> None:
        super().__init__(letters=_BODY + _CHECK)


def new_code() -> str:
    """A code with 128 random bits: seven groups of four."""
    text = _written(secrets.token_bytes(_BYTES))
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def secret_of(code: str) -> bytes:
    """The random bits of a code, whatever stands between its letters. Raises CodeWrong."""
    typed = unicodedata.normalize("NFKC", code[:_MOST]).upper().translate(_MISREAD)
    letters = "".join(letter for letter in typed if letter.isalnum())
    if len(letters) != _BODY + _CHECK or not set(letters) <= set(_LETTERS):
        raise CodeWrong
    number = 0
    for letter in letters[:_BODY]:
        number = number * len(_LETTERS) + _LETTERS.index(letter)
    if number >> (8 * _BYTES):
        raise CodeWrong
    secret = number.to_bytes(_BYTES)
    if _written(secret) != letters:
        raise CodeWrong
    return secret


def _written(secret: bytes) -> str:
    check = int.from_bytes(hashlib.sha256(b"gangwei recovery code" + secret).digest()[:2])
    return _digits(int.from_bytes(secret), _BODY) + _digits(check % len(_LETTERS) ** _CHECK, _CHECK)


def _digits(number: int, count: int) -> str:
    found = ""
    for _ in range(count):
        number, digit = divmod(number, len(_LETTERS))
        found = _LETTERS[digit] + found
    return found
