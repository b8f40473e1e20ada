"""Which version of a record a case began to be about: what changed since is told by its number, not by a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "concerned_versions"
down_revision = "public_pages"
branch_labels = None
depends_on = None

_AS_IT_WAS = """
UPDATE concerns SET version = coalesce((
  SELECT max(records.version) FROM records, cases
  WHERE records.register = concerns.register AND records.number = concerns.number
    AND cases.id = concerns.case_id AND records.valid_from <= cases.opened_at
), 0)
"""


def upgrade() -> None:
    op.add_column("concerns", sa.Column("version", sa.Integer, nullable=False, server_default="0"))
    op.execute(_AS_IT_WAS)
