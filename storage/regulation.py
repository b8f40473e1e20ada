"""The official text of the articles, where an operator has imported it. Knows nothing of their meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, Text, delete, insert, select

from storage.database import UtcTime, metadata

regulation_articles = Table(
    "regulation_articles",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("text", Text, nullable=False),
    Column("source", String(64), nullable=False),  # digest of the imported file
    Column("imported_at", UtcTime, nullable=False),
)


def texts(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Number to text of those articles that were imported."""
    query = select(regulation_articles.c.number, regulation_articles.c.text)
    query = query.where(regulation_articles.c.number.in_(list(numbers)))
    return {row.number: row.text for row in connection.execute(query)}


def replace(connection: Connection, articles: Mapping[str, str], source: str, at: datetime) -> None:
    """Put these articles in the place of all that was there. ``source`` is the hash of the imported file."""
    connection.execute(delete(regulation_articles))
    rows = [{"number": n, "text": t, "source": source, "imported_at": at} for n, t in articles.items()]
    connection.execute(insert(regulation_articles), rows)
