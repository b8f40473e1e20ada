"""What of the records in force stands once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "record_keys"
down_revision = "directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_keys",
        sa.Column("register", sa.String(length=60), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("register", "rule", "key", name="pk_record_keys"),
    )
    op.create_index("ix_record_keys_number", "record_keys", ["register", "number"])
