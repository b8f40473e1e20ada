"""An index by which a person's messages that say the same are found."""

from __future__ import annotations

from alembic import op

revision = "same_messages"
down_revision = "state_pieces"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_messages_same", "messages", ["user_id", "case_id", "kind", "id"])
