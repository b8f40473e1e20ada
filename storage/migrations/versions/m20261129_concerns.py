"""Which records the running cases are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "concerns"
down_revision = "record_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concerns",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "register", "number", name="pk_concerns"),
    )
    op.create_index("ix_concerns_record", "concerns", ["register", "number"])
    only = sa.text("exclusive")
    op.create_index(
        "uq_concerns_exclusive",
        "concerns",
        ["register", "number"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )
