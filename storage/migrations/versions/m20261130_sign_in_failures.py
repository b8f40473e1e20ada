"""Failed sign-ins are counted by account and source and lock no account; devices are known until a password changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "sign_in_failures"
down_revision = "instances"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_failures",
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("waits_until", sa.String(27), nullable=True),
        sa.Column("forgotten_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("login", "source", name="pk_sign_in_failures"),
    )
    op.create_index("ix_sign_in_failures_forgotten_at", "sign_in_failures", ["forgotten_at"])
    op.add_column("users", sa.Column("devices_from", sa.String(27), nullable=True))
    op.drop_column("users", "failed_count")
    op.drop_column("users", "locked_until")
