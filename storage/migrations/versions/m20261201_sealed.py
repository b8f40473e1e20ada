"""Keys to which is sealed, and what was sealed to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "sealed"
down_revision = "concerned_versions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealing_keys",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("opened_case", sa.Integer(), nullable=True),
        sa.Column("opened_seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sealing_keys"),
    )
    op.create_index("ix_sealing_keys_case", "sealing_keys", ["case_id"])
    op.create_index("ix_sealing_keys_opened", "sealing_keys", ["opened_case"])
    op.create_table(
        "sealed_entries",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("candidate", sa.String(length=120), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.String(27), nullable=False),
        sa.Column("closes_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "event_seq", name="pk_sealed_entries"),
    )
    op.create_index("ix_sealed_entries_key", "sealed_entries", ["key_id", "case_id", "event_seq"])
