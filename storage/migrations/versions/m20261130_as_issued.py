"""Papers as they were issued, and the names that renamed organisations have had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.triggers import statements

revision = "as_issued"
down_revision = "page_keys"
branch_labels = None
depends_on = None

NAMES = """
INSERT INTO organisation_names (code, name)
SELECT DISTINCT o.code, CASE WHEN n.former THEN c.organisation_name ELSE o.name END
FROM organisations o JOIN cases c ON c.organisation_code = o.code AND c.organisation_name <> o.name
CROSS JOIN (SELECT (1 = 1) AS former UNION SELECT (1 = 0)) n
"""


def upgrade() -> None:
    op.create_table(
        "organisation_names",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("code", "name", name="pk_organisation_names"),
    )
    op.execute(NAMES)
    op.create_table(
        "papers",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "sequence", "language", "upto", name="pk_papers"),
    )
    for statement in statements("papers", op.get_bind().dialect.name, ["case_id", "sequence", "language", "upto"]):
        op.execute(statement)
