"""A file may be made by the process itself, when a time is due: then nobody has added it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "attachments"
down_revision = "calendars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachments") as batch:
        batch.alter_column("added_by", existing_type=sa.Integer(), nullable=True)
