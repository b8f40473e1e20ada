"""What a token keeps for the engine: the names in its internal data, and the number of the first scope."""

from __future__ import annotations

from typing import Final

ROOT: Final = 1
"""The number of the scope of the process itself: the first of all numbers."""
EVERYWHERE: Final = ("case",)
"""Variables that also a called process sees which is handed what it sees."""
EVENTS: Final = "e"
"""In the internal data of a token: what the token waits for beside itself, by event element."""
OF: Final = "of"
"""In the internal data of a token: the number of the repeated activity that this is an instance of."""

RESET: Final = "reset"
"""In the internal data of a token: the flows from which a complex gateway has taken a token when it fired."""
CAME: Final = "came"
"""In the internal data of a token: what the element waits for has come already."""
HELD: Final = "held"
"""In the internal data of a token: the token waits for others to come to an activity that uses up several (1)."""
APART: Final = "apart"
"""In the internal data of a token: it is a multi-instance of many, whose instances are stored apart from the state."""
ITEM: Final = "item"
"""In the internal data of a token: which instance of such an activity it is, from 1."""
