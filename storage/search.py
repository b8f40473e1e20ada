"""Looking for cases by words: in the number, the title, the summary and the organisation's names. Knows no list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, String, and_, cast, false, or_, select

from storage import names
from storage import words as index
from storage.tables import cases

NUMBER_LIKE: Final = re.compile(r"[A-Za-z0-9-]{2,57}[0-9]{3}")
"""A case's number or its tail: at least five characters, digits at the end."""
MOST_NUMBERS: Final = 100
"""A tail that fits more cases than this is a word like any other."""


@dataclass(frozen=True, slots=True)
class Told:
    """In what of cases is searched for who does not read all of them: the number, and more of some definitions.

    ``kinds``: by a folded word the keys of the processes whose names hold it; ``digests``: the definitions of cases
    that are searched as a whole.
    """

    kinds: Mapping[str, Sequence[str]]
    digests: Sequence[str] = ()


def holding(connection: Connection, words: Sequence[str], told: Told | None = None) -> list[ColumnElement[bool]]:
    """Conditions on ``cases``: each folded word is in what people read of it, however it was typed.

    The same for every list of cases, and for lists of tasks or deadlines that join them. What few cases hold is found
    by the index of words, and then no list is walked through.
    """
    if told is not None:
        return [_says_to(connection, told, word) for word in words]
    renamed = {word: names.codes_of(connection, word) for word in words}
    found = index.subjects(connection, index.CASE, [word for word in words if not renamed[word]])
    rare = [] if found is None else [index.among(connection, cases.c.id, [int(one) for one in found])]
    left = words if found is None else [word for word in words if renamed[word]]
    return [*rare, *(_holds(connection, word, renamed[word]) for word in left)]


def _says_to(connection: Connection, told: Told, word: str) -> ColumnElement[bool]:
    whole = and_(cases.c.digest.in_(told.digests), index.says(connection, index.CASE, cast(cases.c.id, String), word))
    number = cases.c.number.icontains(word, autoescape=True)
    return or_(number, cases.c.key.in_(told.kinds.get(word, ())), whole)


def _holds(connection: Connection, word: str, renamed: Sequence[str]) -> ColumnElement[bool]:
    said = index.says(connection, index.CASE, cast(cases.c.id, String), word)
    return or_(said, cases.c.organisation_code.in_(renamed) if renamed else false())


def of_number(connection: Connection, word: str) -> list[ColumnElement[bool]]:
    """Conditions on ``cases``: the number holds the folded word. Looks at nothing else of a case."""
    found = index.subjects(connection, index.CASE, [word])
    holds = cases.c.number.icontains(word, autoescape=True)
    return [holds] if found is None else [holds, index.among(connection, cases.c.id, [int(one) for one in found])]


def numbers(connection: Connection, word: str) -> list[str]:
    """The numbers of the cases whose number is ``word`` or, if none is, ends with it; none for what is no number."""
    if not NUMBER_LIKE.fullmatch(word):
        return []
    whole = select(cases.c.number).where(cases.c.number.in_([word, word.upper()]))
    found = list(connection.execute(whole).scalars())
    if found:
        return found
    ends = cases.c.number.iendswith(word, autoescape=True)
    query = select(cases.c.number).where(ends, *of_number(connection, word)).limit(MOST_NUMBERS + 1)
    tails = connection.execute(query).scalars().all()
    return list(tails) if len(tails) <= MOST_NUMBERS else []


def first_number(connection: Connection, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """(numbers, the other words): the first of the words that is the number of a case, or its tail."""
    for word in words:
        found = numbers(connection, word)
        if found:
            return found, [other for other in words if other is not word]
    return [], list(words)
