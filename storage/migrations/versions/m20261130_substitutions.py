"""Who stands in for whom while he is away, and for whom a task was completed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "substitutions"
down_revision = "words"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("tasks", sa.Column("completed_for", sa.String(length=60)))
    some = sa.text("completed_for IS NOT NULL")
    op.create_index(
        "ix_tasks_done_for", "tasks", ["completed_for", "completed_at"], sqlite_where=some, postgresql_where=some
    )
    op.create_table(
        "substitutions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("absent_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.String(27), nullable=False),
        sa.Column("until_at", sa.String(27), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("made_by", sa.Integer()),
        sa.Column("ended_at", sa.String(27)),
        sa.Column("ended_by", sa.Integer()),
        sa.ForeignKeyConstraint(["absent_id"], ["users.id"], name="fk_substitutions_absent_id_users"),
        sa.ForeignKeyConstraint(["substitute_id"], ["users.id"], name="fk_substitutions_substitute_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_substitutions"),
    )
    op.create_index(
        "ix_substitutions_substitute",
        "substitutions",
        ["substitute_id", "until_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_substitutions_absent", "substitutions", ["absent_id", "until_at"])
