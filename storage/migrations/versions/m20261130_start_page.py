"""What a first page asks: what somebody has opened or handed on, who has claimed what, what has ended lately."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "start_page"
down_revision = "lean_indexes"
branch_labels = None
depends_on = None

PARTIAL = (
    ("ix_cases_under_way", "cases", ["starter_id", "opened_at", "id"], "status = 'running'"),
    ("ix_cases_ended", "cases", ["ended_at", "organisation_code", "id"], "ended_at IS NOT NULL"),
    (
        "ix_tasks_claimed", "tasks", ["claimed_by", "case_id", "number"], "status = 'open' AND claimed_by IS NOT NULL",
    ),
)  # fmt: skip


def upgrade() -> None:
    for name, table, columns, which in PARTIAL:
        where = sa.text(which)
        op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_involvements_by", "involvements", ["by_id", "opened_at", "case_id"], unique=False)
