"""What people have kept to look for again on a list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "saved_filters"
down_revision = "notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("organisation_code", sa.String(length=20)),
        sa.Column("saved_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_saved_filters_user_id_users"),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name="fk_saved_filters_organisation_code_organisations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filters"),
        sa.UniqueConstraint("user_id", "list", "name", name="uq_saved_filters_user_id_list_name"),
    )
    op.create_index("ix_saved_filters_organisation_code", "saved_filters", ["organisation_code"])
