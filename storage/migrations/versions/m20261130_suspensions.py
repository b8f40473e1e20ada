"""Definitions that took too long, and are suspended until an operator lets them go on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "suspensions"
down_revision = "lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suspensions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("overruns", sa.Integer(), nullable=False),
        sa.Column("overrun_at", sa.String(27), nullable=False),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column("suspended_at", sa.String(27), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_suspensions"),
        sa.ForeignKeyConstraint(["digest"], ["definitions.digest"], name="fk_suspensions_digest_definitions"),
    )
