"""The instances of multi-instance sub-processes that a task is in; a task that was opened before knows of none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "instances"
down_revision = "as_issued"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("instances", sa.Text()))
