"""Rows of sheets that were saved while a step is filled in, each with a version of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "row_drafts"
down_revision = "sealed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "row_drafts",
        sa.Column("place", sa.String(length=180), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("row", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_row_drafts_user_id_users"),
        sa.PrimaryKeyConstraint("place", "sheet", "row", name="pk_row_drafts"),
    )
