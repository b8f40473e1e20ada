"""Who must stand aside at which open task, and what is still being filled in of rows that were there before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "recusals"
down_revision = "same_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recusals",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "case_id", "number", name="pk_recusals"),
    )
    op.create_index("ix_recusals_task", "recusals", ["case_id", "number"])
    op.create_table(
        "recusal_cases",
        sa.Column("cited", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cited", "case_id", "number", name="pk_recusal_cases"),
    )
    op.create_index("ix_recusal_cases_task", "recusal_cases", ["case_id", "number"])
    op.create_table(
        "fills",
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_fills"),
    )
    has_cases = "WHERE EXISTS (SELECT 1 FROM cases)"
    op.execute(f"INSERT INTO fills (what, after) SELECT 'recusals', 0 {has_cases}")
    op.execute(
        "INSERT INTO jobs (kind, payload, run_at, attempts, status)"
        " SELECT 'fill', '{\"what\":\"recusals\"}', '2026-01-01T00:00:00.000000Z', 0, 'waiting' " + has_cases
    )
