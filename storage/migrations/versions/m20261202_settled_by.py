"""Who has answered at a task in the place of whoever was asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "settled_by"
down_revision = "anchor_entries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("involvements", sa.Column("settled_by", sa.String(60), nullable=True))
