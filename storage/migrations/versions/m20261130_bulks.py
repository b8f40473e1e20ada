"""Many tasks that a person handles in one go, and how each went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "bulks"
down_revision = "start_page"
branch_labels = None
depends_on = None
RUNNING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "bulks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("ended_at", sa.String(27)),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_bulks_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_bulks"),
    )
    op.create_index("ix_bulks_user_id", "bulks", ["user_id"])
    op.create_index("ix_bulks_running", "bulks", ["id"], sqlite_where=RUNNING, postgresql_where=RUNNING)
    op.create_table(
        "bulk_items",
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("said_zh", sa.Text(), nullable=False),
        sa.Column("said_en", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.String(27)),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulks.id"], name="fk_bulk_items_bulk_id_bulks"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_bulk_items_case_id_cases"),
        sa.PrimaryKeyConstraint("bulk_id", "place", name="pk_bulk_items"),
    )
