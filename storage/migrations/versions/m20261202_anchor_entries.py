"""What was anchored of the house, thing by thing: rows that are only added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.triggers import statements

revision = "anchor_entries"
down_revision = "row_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anchor_entries",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_anchor_entries"),
    )
    op.create_index("ix_anchor_entries_subject", "anchor_entries", ["kind", "subject", "position"])
    op.create_index("ix_anchor_entries_upto", "anchor_entries", ["kind", "upto"])
    for statement in statements("anchor_entries", op.get_bind().dialect.name, ["position"]):
        op.execute(statement)
