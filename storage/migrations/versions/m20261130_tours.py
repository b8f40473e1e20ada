"""Who has ended the tour of the pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "tours"
down_revision = "recusals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tours",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_tours_user_id_users"),
        sa.PrimaryKeyConstraint("user_id", name="pk_tours"),
    )
