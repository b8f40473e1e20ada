"""Indexes by which pages cost what they show: events by name, running cases by definition, incidents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "page_costs"
down_revision = "bulks"
branch_labels = None
depends_on = None

RUNNING = sa.text("status = 'running'")
OPEN, SETTLED = sa.text("settled_at IS NULL"), sa.text("settled_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_events_name", "events", ["case_id", "name", "seq"])
    op.create_index("ix_cases_running", "cases", ["key", "digest"], sqlite_where=RUNNING, postgresql_where=RUNNING)
    op.create_index("ix_incidents_open", "incidents", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "ix_incidents_settled", "incidents", ["settled_at", "id"], sqlite_where=SETTLED, postgresql_where=SETTLED
    )
