"""That an installation was restored from a backup, and whether its outbox is held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "restores"
down_revision = "suspensions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("backup", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("restored_at", sa.String(27), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.String(27), nullable=True),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_restores"),
    )
