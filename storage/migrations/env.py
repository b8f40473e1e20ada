"""Alembic's way in. The connection comes from ``storage/migrate.py``, within its transaction; there is no ini file."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.database import Json, UtcTime
from storage.migrate import all_tables


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration names SQL types only: it must still run when our own column types have changed."""
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.String(27)"
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_as_batch=True,  # SQLite alters a table by copying it
    render_item=plain_type,
)
context.run_migrations()
