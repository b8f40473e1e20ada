"""Invitations of people from outside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "invitations"
down_revision = "passages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        sa.Column("used_at", sa.String(27)),
        sa.Column("user_id", sa.Integer()),
        sa.Column("revoked_at", sa.String(27)),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name="fk_invitations_organisation_code_organisations"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name="fk_invitations_made_by_users"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_invitations_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
    )
    op.create_index("ix_invitations_token_hash", "invitations", ["token_hash"], unique=True)
    op.create_index("ix_invitations_organisation_code", "invitations", ["organisation_code"])
