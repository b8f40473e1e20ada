"""What of a case stands in the auditor's list: its number and how its log ends. Reads no title, no form, no state."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy import Connection, String, and_, true, type_coerce

from storage.paging import Listing
from storage.search import of_number
from storage.tables import cases

_OPENED = type_coerce(cases.c.opened_at, String).label("opened_at")
_LINE = (cases.c.id, cases.c.number, cases.c.status, _OPENED, cases.c.revision, cases.c.head)


class CaseEnd(TypedDict):
    """A case as an auditor finds it."""

    id: int
    number: str
    status: str
    opened_at: str  # as it is stored, be it readable or not
    revision: int
    head: str


def case_list(connection: Connection, word: str) -> Listing[CaseEnd]:
    """Cases whose number holds the word, in the order of their ids."""
    holds = of_number(connection, word.lower()) if word else []
    return Listing(CaseEnd, _LINE, cases, [and_(true(), *holds)], [("id", cases.c.id)])
