"""Types of columns, and what a value becomes that stands in the database and cannot be read. Knows no table.

Such a value ends no query: it is ``Unreadable`` where it stands, and whoever uses it fails there, not the rows beside.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NoReturn

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Text,
    case,
    func,
    literal_column,
    type_coerce,
)
from sqlalchemy.types import String, TypeDecorator

from storage import exact


class UnreadableValue(ValueError):
    """Somebody needs a value that cannot be read."""


class Unreadable:
    """What stands in the place of a value that cannot be read; ``stored``: what the database has there.

    It can be written back as it was. It is neither true nor false, and has no length, order or parts.
    """

    __slots__ = ("stored",)

    def __init__(self, stored: object) -> None:
        self.stored = stored
        met = unreadable.get()
        if met is not None:
            met.append(self)

    def __bool__(self) -> NoReturn:
        raise UnreadableValue("a value cannot be read")


unreadable: ContextVar[list[Unreadable] | None] = ContextVar("unreadable", default=None)
"""Every such value that was met since somebody began to listen; None: nobody does."""


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, stored as sortable text in UTC with microseconds; a naive one is refused.

    Text, because SQLite has no time type and the same bytes must be hashed, compared and replayed everywhere.
    """

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return _stored_time(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:
        """The same as one function: a step calls it fifty times."""
        return _stored_time

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return _known_time(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """The same as one function."""
        return _known_time


class Json(TypeDecorator[Any]):
    """A JSON value, stored as text. Text and not a JSON column: what was hashed is what is read back."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return _stored_json(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """The same as one function."""
        return _stored_json

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return _known_json(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """The same as one function."""
        return _known_json


def _stored_time(value: datetime | None) -> str | None:
    if value is None:
        return None
    return utc_text(value) if type(value) is datetime else time_key(value)


def _known_time(value: str | None) -> Any:
    return None if value is None else utc_time(value) or Unreadable(value)


def _stored_json(value: Any) -> Any:
    if isinstance(value, Unreadable):
        return value.stored
    return None if value is None else exact.dumps(value).decode()


def _known_json(value: str | None) -> Any:
    if value is None:
        return None
    try:
        return exact.loads(value)
    except ValueError:
        return Unreadable(value)


class Flag(Boolean):
    """True or false."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """What reads a value of the driver: SQLite has a number."""
        own: Callable[[Any], Any] | None = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]
        return own and _flag


def _flag(value: object) -> Any:
    return None if value is None else bool(value) if value in (0, 1) else Unreadable(value)


def valid_json(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The text of a JSON column, null where it is none: one such row would end a statement that looks into them.

    PostgreSQL can tell from its version 16 on.
    """
    text = type_coerce(column, Text)
    if connection.dialect.name == "sqlite":
        return case((func.json_valid(text), text))
    known = (connection.dialect.server_version_info or (0,)) >= (16,)
    return case((text.op("IS")(literal_column("JSON")), text)) if known else text


@lru_cache(maxsize=64)  # all that is written in one step was at one moment
def utc_text(moment: datetime) -> str:
    """``2026-11-22T03:05:00.000000Z``. Raises ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"  # strftime is slow


def utc_time(text: str) -> datetime | None:
    """The moment that is stored as ``text``; None when that is none."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return None if found.tzinfo is None else found


def time_key(moment: datetime | Unreadable) -> str:
    """By what a moment sorts: its text, or whatever stands in its place."""
    return str(moment.stored) if isinstance(moment, Unreadable) else utc_text(moment)
