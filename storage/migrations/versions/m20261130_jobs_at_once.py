"""An index of the jobs that follow at once, whatever a clock says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "jobs_at_once"
down_revision = "involvements"
branch_labels = None
depends_on = None

WHICH = sa.text("status = 'waiting' AND kind IN ('open', 'signal', 'throw')")


def upgrade() -> None:
    op.create_index("ix_jobs_at_once", "jobs", ["run_at", "id"], sqlite_where=WHICH, postgresql_where=WHICH)
