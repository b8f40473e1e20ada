"""Messages say their kind, their task and both languages; a line of news for whom something is new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "messages"
down_revision = "visible_cases"
branch_labels = None
depends_on = None

NEW = (
    ("kind", sa.String(length=40), "notice"),
    ("title_en", sa.String(length=300), ""),
    ("text_en", sa.Text(), ""),
    ("opens", sa.Boolean(), sa.false()),
)
UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    on_server = op.get_bind().dialect.name == "postgresql"
    for name, kind, value in NEW:
        op.add_column("messages", sa.Column(name, kind, nullable=False, server_default=value))
    op.add_column("messages", sa.Column("number", sa.Integer(), nullable=True))
    op.execute("UPDATE messages SET opens = true WHERE case_id IS NOT NULL")
    if on_server:  # SQLite keeps a default for good; nothing is written without a value
        for name, _, _ in NEW:
            op.alter_column("messages", name, server_default=None)
    op.drop_index("ix_messages_user", "messages")
    op.create_index("ix_messages_user", "messages", ["user_id", "id"])
    op.create_index("ix_messages_unread", "messages", ["user_id"], sqlite_where=UNREAD, postgresql_where=UNREAD)
    op.create_index("ix_messages_case", "messages", ["case_id", "number", "user_id"])
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_news"),
    )
    op.create_index("ix_news_at", "news", ["at"])
