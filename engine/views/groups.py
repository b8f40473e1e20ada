"""Where lists of kinds and of registers show something. Knows neither of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from engine.views.basic import OrganisationName
from engine.words import Text


class Group(NamedTuple):
    """The group in which a list shows something, and its place among all; none of both: last."""

    name: Text = ("", "")
    order: int = 0


NO_GROUP: Final = Group()


@dataclass(frozen=True, slots=True)
class Startable:
    """A kind of case that the reader may start, and for which organisations."""

    key: str
    name: Text
    description: Text
    organisations: tuple[OrganisationName, ...]
    group: Group = NO_GROUP
