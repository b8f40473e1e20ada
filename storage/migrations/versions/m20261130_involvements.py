"""Who is brought into a task beside its holder."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "involvements"
down_revision = "substitutions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "involvements",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(length=100), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("candidate", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.String(27), nullable=False),
        sa.Column("answer", sa.String(length=100), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.String(27), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "seq", "place", name="pk_involvements"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_involvements_case_id_cases"),
    )
    op.create_index("ix_involvements_task", "involvements", ["case_id", "number"])
    which = sa.text("status = 'open'")
    columns = ["user_id", "case_id", "number"]
    op.create_index("ix_involvements_open", "involvements", columns, sqlite_where=which, postgresql_where=which)
