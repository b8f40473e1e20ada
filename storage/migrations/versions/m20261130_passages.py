"""How often tokens went where in a case, counted with each run. What ran before is not counted: its events tell it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "passages"
down_revision = "case_columns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("passages", sa.Text(), nullable=True))
