"""Passwords: which are good enough, how they are kept and compared. Knows no account and no row."""

from __future__ import annotations

import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from engine.directory.guessable import is_guessable
from engine.directory.queue import Queue
from engine.errors import Refusal
from engine.words import Words, say

LONGEST = 200  # argon2 reads all of it: nobody may send a megabyte
LONGEST_TYPED = 4 * LONGEST  # before what a keyboard sends in parts is put together
FEWEST_DIFFERENT = 5
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read wrong: no i, l, o, 0, 1


class PasswordTooWeak(Refusal):
    """A new password that is too short, too long or easily guessed."""

    sentence = say("新密码不符合要求：{reason}")


class Passwords:
    """Argon2id with the parameters of this installation. An older hash is still read, and replaced when it is used."""

    def __init__(self, shortest: int, time_cost: int, memory_kib: int, parallelism: int, queue: Queue) -> None:
        """``queue``: what whoever hashes or compares stands in; no transaction may be open meanwhile."""
        self.queue = queue
        self._shortest = shortest
        self._hasher = PasswordHasher(time_cost, memory_kib, parallelism)
        # A hash of no password, with today's parameters: to compare with it takes as long and always fails.
        cost = f"m={memory_kib},t={time_cost},p={parallelism}"
        self._nobody = f"$argon2id$v={ARGON2_VERSION}${cost}${_random(16)}${_random(32)}"

    def hash(self, password: str) -> str:
        """The text to keep."""
        return self._hasher.hash(_same(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether ``password`` is the kept one. ``None`` (no such account) takes as long and is always false."""
        typed = _same(password)
        fits = len(typed) <= LONGEST
        try:
            self._hasher.verify(kept or self._nobody, typed[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None and fits

    def outdated(self, kept: str) -> bool:
        """Whether the kept text was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def check(self, password: str, login: str, about: Iterable[str] = ()) -> None:
        """Raises PasswordTooWeak: too short, too long, made of the login name, or easily guessed.

        ``about``: what else stands near its owner, such as his name and his organisation.
        """
        plain = _same(password).casefold()
        reason: Words | None = None
        if len(plain) < self._shortest:
            reason = say("至少需要 {least} 个字符", least=self._shortest)
        elif len(plain) > LONGEST:
            reason = say("最多 {most} 个字符", most=LONGEST)
        elif login.casefold() in plain and len(plain) < len(login) + self._shortest:
            reason = say("不能以用户名为主")
        elif len(set(plain)) < FEWEST_DIFFERENT or is_guessable(plain, (login, *about)):
            reason = say("过于常见，容易被猜到；请避开常用密码、键盘上相邻的键，以及用户名、姓名、单位加年份的写法")
        if reason:
            raise PasswordTooWeak(reason=reason)


def temporary_password() -> str:
    """A random one to be told once and changed at the first login: four groups, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _random(count: int) -> str:
    return b64encode(secrets.token_bytes(count)).decode().rstrip("=")


def _same(password: str) -> str:
    # Two keyboards may write the same character in two ways. What is far too long is cut before it is read.
    return unicodedata.normalize("NFC", password[:LONGEST_TYPED])
