"""A job says by its kind what comes by it: a time or a signal. Before, its payload told the two apart."""

from __future__ import annotations

from alembic import op

revision = "kinds_of_jobs"
down_revision = "timetable"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE jobs SET kind = 'signal' WHERE kind = 'happen' AND payload LIKE '%\"payload\"%'")
    op.execute("UPDATE jobs SET kind = 'timer' WHERE kind = 'happen'")


def downgrade() -> None:
    raise NotImplementedError("what has been recorded is not taken back")
