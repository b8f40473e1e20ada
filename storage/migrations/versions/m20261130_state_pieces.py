"""What of a large state is stored beside it: each piece is a row. The states of before are read as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "state_pieces"
down_revision = "phrases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "state_pieces",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_state_pieces_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", "place", "item", name="pk_state_pieces"),
        sqlite_with_rowid=False,
    )
