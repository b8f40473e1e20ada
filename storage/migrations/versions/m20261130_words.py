"""The index of words, with everything in it that people search by now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage import words

revision = "words"
down_revision = "messages"
branch_labels = None
depends_on = None

AT_ONCE: Final = 500
READ: Final = {
    words.CASE: "SELECT id, number, title, summary, organisation_name FROM cases WHERE id > :after ORDER BY id",
    words.ACCOUNT: "SELECT id, name, login FROM users WHERE id > :after ORDER BY id",
}
RECORDS: Final = (
    "SELECT register, number, search FROM records WHERE valid_to IS NULL AND (register, number) > (:register, :number)"
    " ORDER BY register, number LIMIT :most"
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("grams", sa.Text() if sqlite else postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_words"),
        sa.UniqueConstraint("kind", "subject", name="uq_words_kind_subject"),
    )
    if sqlite:
        for statement in words.INDEX:
            op.execute(statement)
    else:
        op.create_index("ix_words_grams", "words", ["grams"], postgresql_using="gin")
    for kind, query in READ.items():
        for rows in _of_ids(query):
            words.put_all(op.get_bind(), kind, ((row[0], row[1:]) for row in rows))
    for rows in _records():
        words.put_all(op.get_bind(), words.RECORD, ((f"{row[0]}/{row[1]}", row[2:]) for row in rows))


def _of_ids(query: str) -> Iterator[Sequence[Sequence[str]]]:
    """The rows of a table, some at a time: a database may have a million cases."""
    after = 0
    while rows := _found(f"{query} LIMIT :most", {"after": after}):
        yield rows
        after = int(rows[-1][0])


def _records() -> Iterator[Sequence[Sequence[str]]]:
    after = {"register": "", "number": ""}
    while rows := _found(RECORDS, after):
        yield rows
        after = {"register": rows[-1][0], "number": rows[-1][1]}


def _found(query: str, values: Mapping[str, object]) -> Sequence[Sequence[str]]:
    found = op.get_bind().execute(sa.text(query), {**values, "most": AT_ONCE})
    return [tuple(row) for row in found]
