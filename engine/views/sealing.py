"""A task of a sealed submission as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.words import Words


@dataclass(frozen=True, slots=True)
class ShareHolder:
    """Who holds a share of a key. ``printed``: a recovery code on paper; else a pass phrase."""

    name: str
    printed: bool


@dataclass(frozen=True, slots=True)
class SealingView:
    """What a task does. ``kind``: sealed, share, unseal.

    ``at``: the last moment to hand in, or the first to open; None where the diagram does not say it yet. ``printed``:
    the share is a recovery code. ``holders``: of the key that opens; ``entries``: how many it would open now.
    """

    kind: str
    at: Words | None = None
    over: bool = False  # that moment is past
    printed: bool = False
    holders: tuple[ShareHolder, ...] = ()
    entries: int = 0
