"""When a job is tried again, who looked for due jobs and when, and where the demo's clock was put."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ticks"
down_revision = "deadlines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("retry_at", sa.String(27), nullable=True))
    op.drop_index("ix_jobs_waiting", "jobs")
    op.create_index("ix_jobs_status", "jobs", ["status", "run_at", "id"], unique=False)
    op.create_index("ix_jobs_finished", "jobs", ["finished_at"], unique=False)
    some = sa.text("retry_at IS NOT NULL")
    op.create_index("ix_jobs_retry", "jobs", ["retry_at"], unique=False, sqlite_where=some, postgresql_where=some)
    op.create_table(
        "ticks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=120), nullable=False),
        sa.Column("first_at", sa.String(27), nullable=False),
        sa.Column("last_at", sa.String(27), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("skew", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticks"),
    )
    op.create_table(
        "clock_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock_moves"),
    )
