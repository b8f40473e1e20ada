"""The small words that every other picture is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.words import Text

MOST_COUNTED: Final = 1_000
"""A list is counted so far: one more means «more than that»."""


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """Just enough of an organisation to name it and to link to it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the regulation with a summary in our own words; ``official`` only when an operator imported it."""

    number: str
    summary: Text
    official: str = ""
