"""The list of all cases: in its order, of one organisation, by the step where a case stands, by what is due soon."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "visible_cases"
down_revision = "open_tasks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = ["opened_at", "id", "organisation_path", "status", "key"]
    op.create_index("ix_cases_opened", "cases", columns, unique=False)
    op.create_index("ix_cases_place", "cases", ["organisation_code", "opened_at", "id"], unique=False)
    which = sa.text("status = 'open'")
    columns = ["name_zh", "case_id"]
    op.create_index("ix_tasks_step", "tasks", columns, unique=False, sqlite_where=which, postgresql_where=which)
    which = sa.text("status IN ('open', 'passed')")
    columns = ["due_at", "case_id", "number", "organisation_code", "warn_at"]
    op.drop_index("ix_deadlines_running", "deadlines")
    name = "ix_deadlines_running"
    op.create_index(name, "deadlines", columns, unique=False, sqlite_where=which, postgresql_where=which)
