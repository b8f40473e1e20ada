"""The chain of events and what they say stand apart; every event says its format and the version of the engine.

What was written before stays as it was, hash for hash: format 1, version 1. Triggers come with the new table.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.triggers import statements

revision = "events_apart"
down_revision = "concerns"
branch_labels = None
depends_on = None

SAID = ("actor_id", "actor_name", "actor_role", "data")


def upgrade() -> None:
    op.create_table(
        "event_payloads",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("actor_role", sa.String(length=120), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("salts", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id", "seq"], ["events.case_id", "events.seq"]),
        sa.PrimaryKeyConstraint("case_id", "seq"),
    )
    columns = ", ".join(("case_id", "seq", *SAID))
    op.execute(f"INSERT INTO event_payloads ({columns}) SELECT {columns} FROM events")  # noqa: S608 - our own names
    op.drop_index("ix_events_actor", "events")
    for name in SAID:
        op.drop_column("events", name)
    for name in ("format", "semantics"):
        op.add_column("events", sa.Column(name, sa.Integer(), nullable=False, server_default="1"))
    op.add_column("events", sa.Column("commitment", sa.String(length=64), nullable=True))
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":  # SQLite keeps a default for good; nothing is written without a value
        for name in ("format", "semantics"):
            op.alter_column("events", name, server_default=None)
    _name_the_first(dialect)
    for statement in statements("event_payloads", dialect, ["case_id", "seq"]):
        op.execute(statement)


def _name_the_first(dialect: str) -> None:
    """Cases of the first program are known by their states, which began with another part than all later ones."""
    refusal, *_ = statements("events", dialect, ["case_id", "seq"])
    sqlite = dialect == "sqlite"
    op.execute("DROP TRIGGER events_no_update" if sqlite else "ALTER TABLE events DISABLE TRIGGER events_append_only")
    first = "SELECT id FROM cases WHERE substr(state, 1, 5) = :begin"
    begun = sa.text(f"UPDATE events SET semantics = 0 WHERE case_id IN ({first})")  # noqa: S608 - no value in it
    op.get_bind().execute(begun, {"begin": b'{"n":'})
    op.execute(refusal if sqlite else "ALTER TABLE events ENABLE TRIGGER events_append_only")
