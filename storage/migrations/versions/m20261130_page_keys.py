"""The keys that pages hand in with what is to be done once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "page_keys"
down_revision = "events_apart"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_keys",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("used_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key", name="pk_page_keys"),
    )
    op.create_index("ix_page_keys_used_at", "page_keys", ["used_at"])
