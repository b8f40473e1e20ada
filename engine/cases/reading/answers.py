"""What somebody who was brought into a task has answered, in words."""

from __future__ import annotations

from engine.cases.involving import verdicts
from engine.diagram import Element
from engine.words import Text


def answered_with(element: Element | None, answer: object) -> Text | None:
    """A verdict of a signer, or the outcome that a delegate proposes or that waits for others to sign."""
    signed = verdicts().get(str(answer))
    if signed is not None or element is None:
        return signed
    return next((one.name for one in element.outcomes if one.id == answer), None)
