"""What a service task makes public (``gw:public``): its fields as plain JSON, ready to be shown and handed out.

Nothing but the declared fields goes in. Does no I/O and reads no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final, TypedDict

from engine.calendar.days import LEGAL_ZONE
from engine.diagram.public import Public, PublicValue
from engine.errors import ExpressionFailed
from engine.model import MadePublic
from engine.spiff import Place
from engine.words import Words, say

FORMAT: Final = 1
"""Of ``PublicContent``."""
MOST_ROWS: Final = 2_000
"""Rows of a table of a page."""
LONGEST_TITLE: Final = 200
ITEM: Final = "item"
"""The row, as the columns of a table name it."""
Feel = Callable[[str, Place, Mapping[str, Any] | None], Any]
"""A FEEL text as plain JSON, as seen from a place, with what is known beside."""


class Cell(TypedDict):
    """A field of a page, or the head of a column."""

    name: list[str]  # in Chinese and in English
    kind: str


class PublicField(Cell):
    """A field with its value; of a table ``columns`` and ``rows`` say more, and the value is null."""

    value: Any
    columns: list[Cell]
    rows: list[list[Any]]


class PublicContent(TypedDict):
    """What a page shows, and what it hands out to programs; ``address``: where in that its own address stands."""

    format: int
    fields: list[PublicField]
    json: dict[str, Any]
    address: list[str]


def published(public: Public, place: Place, feel: Feel, now: datetime) -> MadePublic:
    """The page as it stands now. Raises ExpressionFailed."""
    reader = _Reader(place, feel)
    since = reader.moment(public.since, last=False) or now
    until = reader.moment(public.until, last=True)
    fields: list[PublicField] = []
    handed: dict[str, Any] = {}
    for one in public.shown:
        value = reader.rows(one) if one.columns else reader.scalar(one.value, None)
        if one.name[0]:
            fields.append(_field(one, value))
        if one.path:
            _put(handed, one.path, _handed(one, value))
    content: PublicContent = {"format": FORMAT, "fields": fields, "json": handed, "address": list(public.address)}
    key = reader.text(public.key, say("区分各页的标识")) if public.key else ""
    title = reader.text(public.title, say("标题"))
    return MadePublic(public.id, key, public.name, title, since, until, dict(content))


class _Reader:
    """Reads the FEEL of one page."""

    def __init__(self, place: Place, feel: Feel) -> None:
        self._place, self._feel = place, feel

    def text(self, text: str, what: Words) -> str:
        value = self._feel(text, self._place, None)
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TITLE:
            raise self._failed(say("公开页面的{what} {text} 应为不超过{most}个字的文字", what=what, text=text,
                                   most=LONGEST_TITLE))  # fmt: skip
        return value

    def scalar(self, text: str, beside: Mapping[str, Any] | None) -> Any:
        value = self._feel(text, self._place, beside)
        parts = value if isinstance(value, list) else [value]
        if any(isinstance(part, list | dict) for part in parts):
            raise self._failed(say("公开的内容 {text} 应为文字、数字、日期或它们的列表", text=text))
        return value

    def rows(self, one: PublicValue) -> list[list[Any]]:
        """The cells of a table, row by row."""
        value = self._feel(one.value, self._place, None)
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            raise self._failed(say("公开的表格 {text} 应为不超过{most}行的列表", text=one.value, most=MOST_ROWS))
        return [[self.scalar(column.value, {ITEM: row}) for column in one.columns] for row in value]

    def moment(self, text: str, *, last: bool) -> datetime | None:
        """A moment; of a date its beginning, as the last day its end; None when there is none."""
        value = self._feel(text, self._place, None) if text else None
        if value is None:
            return None
        try:
            if len(value) > 10:
                found = datetime.fromisoformat(value)
                return found if found.tzinfo else found.replace(tzinfo=LEGAL_ZONE)
            day = date.fromisoformat(value) + timedelta(days=1 if last else 0)
            return datetime.combine(day, time(), LEGAL_ZONE)
        except (TypeError, ValueError, OverflowError) as error:
            raise self._failed(say("公示期限 {text} 没有得出日期或时刻", text=text)) from error

    def _failed(self, reason: Words) -> ExpressionFailed:
        return ExpressionFailed(element=self._place.label, reason=reason)


def _field(one: PublicValue, value: Any) -> PublicField:
    columns: list[Cell] = [{"name": list(column.name), "kind": column.kind} for column in one.columns if column.name[0]]
    if not one.columns:
        return {"name": list(one.name), "kind": one.kind, "value": value, "columns": [], "rows": []}
    kept = [place for place, column in enumerate(one.columns) if column.name[0]]
    rows = [[row[place] for place in kept] for row in value]
    return {"name": list(one.name), "kind": "rows", "value": None, "columns": columns, "rows": rows}


def _handed(one: PublicValue, value: Any) -> Any:
    """The value as a program gets it: of a table one object for each row."""
    if not one.columns:
        return value
    found = []
    for row in value:
        made: dict[str, Any] = {}
        for column, cell in zip(one.columns, row, strict=True):
            if column.path:
                _put(made, column.path, cell)
        found.append(made)
    return found


def _put(whole: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set what stands at a path; a step that is a number is a place in a list. What is null stands nowhere."""
    if value is None:
        return
    at: Any = whole
    for step, following in pairwise(path):
        at = _below(at, step, [] if following.isdecimal() else {})
    _below(at, path[-1], value)


def _below(at: Any, step: str, otherwise: Any) -> Any:
    """What stands at one step; put there when nothing does."""
    if not isinstance(at, list):
        return at.setdefault(step, otherwise)
    while len(at) <= int(step):
        at.append(otherwise if len(at) == int(step) else {})
    return at[int(step)]


def with_address(content: PublicContent, address: str) -> dict[str, Any]:
    """What a program gets, with the address of the page where it is asked for."""
    whole = dict(content["json"])
    if content["address"]:
        _put(whole, content["address"], address)
    return whole
