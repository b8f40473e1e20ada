"""What cases wait for: messages and signals as rows, timers as jobs that name their wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "waits"
down_revision = "first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waits",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_waits_case_id"),
        sa.PrimaryKeyConstraint("case_id", "number", "element", name="pk_waits"),
    )
    op.create_index("ix_waits_name", "waits", ["kind", "name", "key"], unique=False)
    op.add_column("jobs", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("jobs", sa.Column("element", sa.String(length=200), nullable=True))
    op.create_index("ix_jobs_case", "jobs", ["case_id", "number"], unique=False)
