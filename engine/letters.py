"""The letters that people type, for the engine and its pages: ``storage.letters`` says it all. Knows nothing more."""

from __future__ import annotations

from storage.letters import (
    LONGEST_LOGIN,
    code,
    folded,
    is_blank,
    is_never_text,
    is_nothing,
    is_visible,
    login,
    name,
    narrow,
    tidy,
    words,
)

__all__ = [
    "LONGEST_LOGIN", "code", "folded", "is_blank", "is_never_text", "is_nothing", "is_visible", "login", "name",
    "narrow", "tidy", "words",
]  # fmt: skip
