"""What the pages and the console say beyond gettext's own calls: words whose reader is not known yet. Knows no page."""

from __future__ import annotations

from typing import Any

from engine.words import Words


def say(sentence: str, /, **facts: Any) -> Words:
    """Words of the web: as the engine's, with the English in the web's catalogue."""
    return Words(sentence, tuple(facts.items()), package="web")
