"""Into which organisation one has gone, and for which element nobody was found: what assignment by data asks."""

from __future__ import annotations

import orjson
import sqlalchemy as sa
from alembic import op

revision = "holders"
down_revision = "rounds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisations", sa.Column("successor_code", sa.String(length=20)))
    op.add_column("incidents", sa.Column("element", sa.String(length=200)))
    connection = op.get_bind()
    told = sa.text("SELECT facts FROM account_events WHERE kind = 'organisation_succeeded' ORDER BY sequence")
    put = sa.text("UPDATE organisations SET successor_code = :successor WHERE code = :code")
    for (facts,) in connection.execute(told).all():
        said = facts if isinstance(facts, dict) else orjson.loads(facts)
        connection.execute(put, {"successor": said["successor"], "code": said["organisation"]})
