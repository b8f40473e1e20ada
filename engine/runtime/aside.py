"""People whom the data of a case name as those who stand aside at a task, beside who took part in another case.

Both travel as texts: the number of a case, or ``@login``, which no number begins with. Knows no task and no diagram.
"""

from __future__ import annotations

from typing import Any, Final

PERSON: Final = "@"
"""Stands before a login, where numbers of cases stand, too."""


def people_of(named: Any) -> list[str]:
    """``@login`` of each that an expression gives: one login or a list; what is no text names nobody."""
    found = named if isinstance(named, list) else [named]
    return [PERSON + one for one in dict.fromkeys(found) if isinstance(one, str) and one]
