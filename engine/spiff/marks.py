"""What a token keeps for the engine: the names in its internal data, and the number of the first scope."""

from __future__ import annotations

from typing import Any, Final, TypedDict

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
UNDO: Final = "undo"
"""In the internal data of a token: the entries that a thrower still has to undo."""
FOR: Final = "for"
"""In the internal data of a token: the number of the thrower for whom this token works."""
SEEN: Final = "seen"
"""In the internal data of a token: the variables of a completed sub-process that is opened again."""
IN: Final = "in"
"""In the internal data of a token: the number of the scope in which a thrower's handlers run."""

InternalData = TypedDict(
    "InternalData",
    {
        "e": dict[str, Any],
        "of": int,
        "reset": list[str],
        "came": bool,
        "held": int,
        "apart": bool,
        "item": int,
        "undo": list[list[Any]],
        "for": int,
        "seen": dict[str, Any],
        "in": int,
        "log": list[list[Any]],  # of a sub-process that is completed: what can be undone inside
        "data": dict[str, Any],  # its variables
        "broken": bool,  # it was terminated or interrupted: nothing of it can be undone
        "n": int,  # of a multi-instance: how many instances there are, were begun and are done
        "begun": int,
        "done": int,
        "left": list[Any] | None,  # items still to come, one after the other
        "out": list[list[Any]],  # [number, output] of those that are done
    },
    total=False,
)
"""The internal data of a token. As a call, for two of the names are words of the language."""
