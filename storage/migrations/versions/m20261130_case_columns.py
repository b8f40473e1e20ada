"""The columns that processes declare for lists, by case and by open task; whose columns a case has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "case_columns"
down_revision = "saved_filters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("listed_by", sa.String(length=64)))
    op.create_table(
        "case_columns",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=160), nullable=False),
        sa.Column("value", sa.String(length=70), nullable=False),
        sa.Column("shown", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "field", name="pk_case_columns"),
    )
    op.create_index("ix_case_columns_field", "case_columns", ["field", "value", "case_id"])
    op.create_table(
        "task_columns",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=160), nullable=False),
        sa.Column("candidate", sa.String(length=120), nullable=False),
        sa.Column("value", sa.String(length=70), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", "field", name="pk_task_columns"),
    )
    op.create_index("ix_task_columns_inbox", "task_columns", ["candidate", "field", "value", "case_id", "number"])
