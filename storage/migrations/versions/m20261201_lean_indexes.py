"""An act touches fewer pages: what has no value yet stands in no index, and what is unchanged is not written again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "lean_indexes"
down_revision = "holders"
branch_labels = None
depends_on = None

PARTS = (
    ("ix_jobs_finished", "jobs", ("finished_at",), sa.text("finished_at IS NOT NULL")),
    ("ix_tasks_done", "tasks", ("completed_by", "completed_at"), sa.text("completed_by IS NOT NULL")),
)
QUEUED = sa.text("job_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_news_at", "news")
    for name, table, columns, where in PARTS:
        op.drop_index(name, table)
        op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)
    with op.batch_alter_table("messages") as batch:
        batch.drop_constraint("uq_messages_job_id", type_="unique")
    op.create_index(
        "ix_messages_job", "messages", ["job_id"], unique=True, sqlite_where=QUEUED, postgresql_where=QUEUED
    )
