"""Looking for cases by words: in the number, the title, the summary and the organisation's names. Knows no list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, or_, select

from storage import names
from storage.spelling import says
from storage.tables import cases

NUMBER_LIKE: Final = re.compile(r"[A-Za-z0-9-]{2,57}[0-9]{3}")
"""A case's number or its tail: at least five characters, digits at the end."""
MOST_NUMBERS: Final = 100
"""A tail that fits more cases than this is a word like any other."""


def holds(connection: Connection, word: str) -> ColumnElement[bool]:
    """Whether a case holds a folded word in what people read of it, however spelled."""
    fields = (cases.c.number, cases.c.title, cases.c.summary, cases.c.organisation_name)
    found = [says(connection, field, word) for field in fields]
    renamed = names.codes_of(connection, word)
    return or_(*found, cases.c.organisation_code.in_(renamed)) if renamed else or_(*found)


def numbers(connection: Connection, word: str) -> list[str]:
    """The numbers of the cases whose number is ``word`` or, if none is, ends with it; none for what is no number."""
    if not NUMBER_LIKE.fullmatch(word):
        return []
    whole = select(cases.c.number).where(cases.c.number.in_([word, word.upper()]))
    found = list(connection.execute(whole).scalars())
    if found:
        return found
    sqlite = connection.dialect.name == "sqlite"
    ends = cases.c.number.endswith(word) if sqlite else cases.c.number.iendswith(word)
    tails = connection.execute(select(cases.c.number).where(ends).limit(MOST_NUMBERS + 1)).scalars().all()
    return list(tails) if len(tails) <= MOST_NUMBERS else []


def first_number(connection: Connection, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """(numbers, the other words): the first of the words that is the number of a case, or its tail."""
    for word in words:
        found = numbers(connection, word)
        if found:
            return found, [other for other in words if other is not word]
    return [], list(words)
