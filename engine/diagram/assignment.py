"""Who gets a task, as a lane says it. Knows no XML and no other fact of a diagram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BY_DATA: Final = frozenset({"organisation", "person", "register"})
"""Where the data of the case says who gets a task: ``of`` gives the code of an organisation, a login or a number."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who gets a task: a role, and where in the tree of organisations, seen from the organisation of the case; or whom
    the data of the case names (``by_data``)."""

    role: str  # "" of a person
    where: str  # "same": the organisation of the case; "ancestor": its nearest ancestor that fits; "starter": a person
    kinds: tuple[str, ...] = ()  # kinds of organisation that fit; empty: any
    when: str = ""  # FEEL: counts only while true; "": always
    of: str = ""  # FEEL, by data: who
    register: str = ""  # of a record: its register
    field: str = ""  # of a record: the field that names the organisation or the person; "": the register's ``person``

    @property
    def by_data(self) -> bool:
        """Whether the data of the case says who, and not the tree."""
        return self.where in BY_DATA
