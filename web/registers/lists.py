"""A list of records: what its address asks for, which columns it shows, how a value reads. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from engine.feel.formats import amount_text, plain_text
from engine.views import Column, RegisterFilters, RegisterPage
from web.common.as_of import as_of
from web.common.hiding import HIDDEN, hides
from web.common.i18n import pick

LONGEST_SEARCH = 100


def read_query(query: Mapping[str, str]) -> RegisterFilters:
    """The filters of an address; ``is.KEY`` asks for an exact value of a column, ``not.`` before it for any other."""
    return RegisterFilters(
        q=query.get("q", "").strip()[:LONGEST_SEARCH],
        place=query.get("place", ""),
        equals={key[3:]: value for key, value in query.items() if key.startswith("is.") and value},
        unless={key[4:]: value for key, value in query.items() if key.startswith("not.") and value},
        sort=query.get("sort", ""),
        after=query.get("after", ""),
        at=as_of(query),
        hides=hides(),
    )


def told_columns(page: RegisterPage) -> tuple[Column, ...]:
    """The columns of a list without those that only repeat the record's number, which stands first anyway."""
    repeats = {
        column.key
        for column in page.columns
        if page.rows and all(row.values.get(column.key) == row.number for row in page.rows)
    }
    return tuple(column for column in page.columns if column.key not in repeats)


def shown(column: Column, value: object) -> str:
    """A stored value as people read it; hidden where it is personal and nobody could write down who looks."""
    if column.personal and hides():
        return HIDDEN
    if value is None or value == "":
        return ""
    if isinstance(value, (list, tuple)):
        return str(gettext("、")).join(shown(column, one) for one in value)
    if isinstance(value, Mapping) and column.members:
        told = (shown(member, value.get(name)) for name, member in column.members.items())
        return " ".join(filter(None, told))
    text = amount_text(value) if column.kind == "money" else plain_text(value)
    choice = column.choices.get(text)
    return pick(choice) if choice else text
