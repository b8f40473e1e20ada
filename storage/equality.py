"""Whether a field of a record equals a value, as FEEL compares: by kind and exactly; what is not there is null.

To SQLite true is 1 and a long number a float; so what is neither null, a truth nor a text is compared by ``same_json``,
which every connection to it knows (``storage.connecting``). Knows no schema.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, func, literal, literal_column
from sqlalchemy.dialects.postgresql import JSONB

from storage import exact
from storage.columns import valid_json
from storage.tables import records


def is_equal(connection: Connection, name: str, value: Any) -> ColumnElement[bool]:
    """``name`` must be a field of a schema, never a user's text; ``value`` is JSON."""
    data, said = valid_json(connection, records.c.data), exact.dumps(value).decode()
    if connection.dialect.name == "postgresql":
        stored = func.coalesce(cast(data, JSONB)[name], cast(literal("null", Text), JSONB))
        return stored == cast(literal(said, Text), JSONB)
    path: ColumnElement[Any] = literal_column(f"'$.\"{name}\"'", Text)
    kind = func.json_type(data, path)
    if value is None:
        return func.coalesce(kind, "null") == "null"
    if isinstance(value, bool):
        return kind == said
    if isinstance(value, str):
        return and_(kind == "text", func.json_extract(data, path) == value)
    written: ColumnElement[Any] = data.op("->")(path)
    return func.same_json(written, said) == 1
