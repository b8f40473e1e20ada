"""Names that stand for people and things in one export: the same inside it, others in each other. Knows no database."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

_LENGTH: Final = 16
"""Hexadecimal digits of a pseudonym: among a million no two are the same, but for one chance in 30 million."""


class Pseudonyms:
    """Pseudonyms by HMAC-SHA-256 under a key that lives as long as this does and is kept nowhere."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, kind: str, name: str) -> str:
        """The pseudonym of one of a kind."""
        return hmac.new(self._key, f"{kind}\0{name}".encode(), hashlib.sha256).hexdigest()[:_LENGTH]
