"""Changes of the calendar: proposals and decisions, both only added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.triggers import statements

revision = "calendars"
down_revision = "ticks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("organisation_code", sa.String(length=20), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.String(length=27), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name="fk_calendar_proposals_organisation_code"
        ),
        sa.ForeignKeyConstraint(["replaces"], ["calendar_proposals.id"], name="fk_calendar_proposals_replaces"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_proposals"),
    )
    op.create_table(
        "calendar_decisions",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("decided_at", sa.String(length=27), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["calendar_proposals.id"], name="fk_calendar_decisions_proposal_id"),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_calendar_decisions"),
    )
    op.create_index("uq_calendar_decisions_sequence", "calendar_decisions", ["sequence"], unique=True)
    connection = op.get_bind()
    for table, key in (("calendar_proposals", "id"), ("calendar_decisions", "proposal_id")):
        for statement in statements(table, connection.dialect.name, [key]):
            connection.exec_driver_sql(statement)
