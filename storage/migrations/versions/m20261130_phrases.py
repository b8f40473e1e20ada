"""Phrases that people put into their opinions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "phrases"
down_revision = "jobs_at_once"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phrases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("organisation_code", sa.String(length=20)),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer()),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.String(27)),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_phrases_user_id_users"),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name="fk_phrases_organisation_code_organisations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_phrases"),
    )
    op.create_index("ix_phrases_user_id", "phrases", ["user_id"])
    op.create_index("ix_phrases_organisation_code", "phrases", ["organisation_code"])
