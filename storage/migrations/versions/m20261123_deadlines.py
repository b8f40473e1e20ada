"""The deadlines of tasks: what they are computed from, and the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "deadlines"
down_revision = "waits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deadlines",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("warn_days", sa.Integer(), nullable=False),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.Column("pauses", sa.Text(), nullable=False),
        sa.Column("due_at", sa.String(27), nullable=False),
        sa.Column("warn_at", sa.String(27), nullable=False),
        sa.Column("calendar", sa.String(length=200), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_deadlines_case_id"),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_deadlines"),
    )
    op.create_index("ix_deadlines_status", "deadlines", ["status", "due_at"], unique=False)
