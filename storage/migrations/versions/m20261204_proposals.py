"""Proposals: definitions whose bytes were pinned; and for each design all who have ever edited it."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "proposals"
down_revision = "designs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("based_on", sa.String(length=64), nullable=True),
        sa.Column("editors", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.String(27), nullable=False),
        sa.Column("published_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name="fk_proposals_proposed_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_proposed_by", "proposals", ["proposed_by"])
    op.add_column("designs", sa.Column("editors", sa.Text(), nullable=False, server_default="[]"))
    if (
        op.get_bind().dialect.name == "postgresql"
    ):  # SQLite keeps a default for good; nothing is written without a value
        op.alter_column("designs", "editors", server_default=None)
    connection = op.get_bind()
    known: dict[int, set[int]] = {}
    for number, user in connection.execute(sa.text("SELECT id, created_by FROM designs")):
        known.setdefault(number, set()).add(user)
    for number, user in connection.execute(sa.text("SELECT design_id, user_id FROM design_revisions")):
        known.setdefault(number, set()).add(user)
    for number, users in known.items():
        told = {"editors": json.dumps(sorted(users)), "id": number}
        connection.execute(sa.text("UPDATE designs SET editors = :editors WHERE id = :id"), told)
