"""Which deadlines of an organisation are near is read in the index that finds them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "near_deadlines"
down_revision = "proposals"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_deadlines_place", "deadlines"
COLUMNS = ("organisation_code", "due_at", "case_id", "number", "warn_at")
RUNS = sa.text("status IN ('open', 'passed')")


def upgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, list(COLUMNS), sqlite_where=RUNS, postgresql_where=RUNS)
