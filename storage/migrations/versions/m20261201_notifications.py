"""Addresses of people outside the product, what they want to be told there, and the outbox of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "notifications"
down_revision = "page_costs"
branch_labels = None
depends_on = None

AT = sa.String(length=27)
ALONE, WAITING = sa.text("notification_id IS NULL"), sa.text("status = 'waiting'")


def upgrade() -> None:
    on_server = op.get_bind().dialect.name == "postgresql"
    op.add_column("messages", sa.Column("outgoing", sa.Boolean(), nullable=False, server_default=sa.false()))
    if on_server:  # SQLite keeps a default for good; nothing is written without a value
        op.alter_column("messages", "outgoing", server_default=None)
    marked = sa.text("outgoing")
    op.create_index("ix_messages_outgoing", "messages", ["id"], sqlite_where=marked, postgresql_where=marked)
    _addresses()
    _outbox()


def _addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("digest", sa.String(length=10), nullable=False),
        sa.Column("digest_at", AT, nullable=True),
        sa.Column("verified_at", AT, nullable=True),
        sa.Column("refused_at", AT, nullable=True),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("code_at", AT, nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_addresses_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_addresses"),
        sa.UniqueConstraint("user_id", "channel", "address", name="uq_addresses_user_id_channel_address"),
    )
    op.create_table(
        "choices",
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_choices_address_id_addresses"),
        sa.PrimaryKeyConstraint("address_id", "kind", name="pk_choices"),
    )


def _outbox() -> None:
    op.create_table(
        "deliveries",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("notification_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("message_id", "address_id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_notification_id", "deliveries", ["notification_id"])
    op.create_index("ix_deliveries_address_id", "deliveries", ["address_id"])
    op.create_index(
        "ix_deliveries_waiting", "deliveries", ["mode", "due_at"], sqlite_where=ALONE, postgresql_where=ALONE
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", AT, nullable=False),
        sa.Column("taken_until", AT, nullable=True),
        sa.Column("queued_at", AT, nullable=False),
        sa.Column("finished_at", AT, nullable=True),
        sa.Column("why_zh", sa.String(length=300), nullable=False),
        sa.Column("why_en", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.UniqueConstraint("token", name="uq_notifications_token"),
    )
    op.create_index(
        "ix_notifications_waiting", "notifications", ["next_at", "id"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index("ix_notifications_user_id", "notifications", ["user_id", "id"])
    op.create_index("ix_notifications_status", "notifications", ["status", "id"])
