"""The deadlines that run, in the order in which they are due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "inbox"
down_revision = "attachments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_deadlines_status", "deadlines")
    run = sa.text("status IN ('open', 'passed')")
    columns = ["due_at", "case_id", "number"]
    op.create_index("ix_deadlines_running", "deadlines", columns, unique=False, sqlite_where=run, postgresql_where=run)
