"""Cases know who has opened them; start events with timers have a next round, and each subject of a round its turn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "rounds"
down_revision = "tours"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("parent_id", sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("parent_seq", sa.Integer(), nullable=True))
    op.create_index("ix_cases_parent", "cases", ["parent_id", "id"], unique=False)
    op.create_table(
        "timed_starts",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("timer", sa.Text(), nullable=False),
        sa.Column("due_at", sa.String(27), nullable=True),
        sa.Column("last_at", sa.String(27), nullable=True),
        sa.Column("last_subjects", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "element", name="pk_timed_starts"),
    )
    op.create_index("ix_timed_starts_due", "timed_starts", ["due_at"], unique=False)
    op.create_table(
        "rounds",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.String(27), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("had_turn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", "element", "due_at", "subject", name="pk_rounds"),
    )
