"""The open tasks of a case, however many it has had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "open_tasks"
down_revision = "restores"
branch_labels = None
depends_on = None


def upgrade() -> None:
    which = sa.text("status = 'open'")
    columns = ["case_id", "number"]
    op.create_index("ix_tasks_open", "tasks", columns, unique=False, sqlite_where=which, postgresql_where=which)
