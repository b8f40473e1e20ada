"""How the routines of the timetable went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "timetable"
down_revision = "endings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "timetable",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("worker", sa.String(length=120), nullable=False),
        sa.Column("last_at", sa.String(27), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("error", sa.String(length=100), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("next_at", sa.String(27), nullable=True),
        sa.Column("executed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_timetable"),
    )
