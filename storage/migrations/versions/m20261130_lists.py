"""Deadlines by the organisation of their case, and by which program all that runs was last found to be counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "lists"
down_revision = "sign_in_failures"
branch_labels = None
depends_on = None

OF_CASE = "(SELECT c.organisation_code FROM cases c WHERE c.id = deadlines.case_id)"
RUN = "status IN ('open', 'passed')"


def upgrade() -> None:
    code = sa.Column("organisation_code", sa.String(length=20), nullable=False, server_default="")
    op.add_column("deadlines", code)
    op.execute(f"UPDATE deadlines SET organisation_code = {OF_CASE}")  # noqa: S608 - our own names
    if (
        op.get_bind().dialect.name == "postgresql"
    ):  # SQLite keeps a default for good; nothing is written without a value
        op.alter_column("deadlines", "organisation_code", server_default=None)
    op.drop_index("ix_deadlines_running", "deadlines")
    order = ["due_at", "case_id", "number"]
    for name, columns, which in (
        ("ix_deadlines_running", [*order, "organisation_code"], sa.text(RUN)),
        ("ix_deadlines_paused", order, sa.text(f"{RUN} AND pauses <> '[]'")),
        ("ix_deadlines_place", ["organisation_code", *order], sa.text(RUN)),
    ):
        op.create_index(name, "deadlines", columns, unique=False, sqlite_where=which, postgresql_where=which)
    op.create_table(
        "calendar_followed",
        sa.Column("version", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_calendar_followed"),
    )
