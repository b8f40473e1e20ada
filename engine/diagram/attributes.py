"""What the attributes of an element of a diagram say, trimmed. Knows no element and no vocabulary."""

from __future__ import annotations

from engine.files.xml import Node
from engine.words import Text


def number(node: Node, name: str, otherwise: int) -> int:
    """A whole number; ``otherwise`` where none stands."""
    text = get(node, name)
    return int(text) if text.isdecimal() else otherwise


def get(node: Node, name: str) -> str:
    """A text; empty where none stands."""
    return str(node.get(name) or "").strip()


def words(node: Node, name: str) -> tuple[str, ...]:
    """Words with blanks between them."""
    return tuple(get(node, name).split())


def pair(zh: str | None, en: str | None) -> Text:
    """A text in both languages: Chinese stands for a missing English."""
    chinese = (zh or "").strip()
    return chinese, (en or "").strip() or chinese
