"""Pages that everybody may read without sign-in, as cases have shown them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "public_pages"
down_revision = "invitations"
branch_labels = None
depends_on = None

AT = sa.String(length=27)


def upgrade() -> None:
    json = sa.Text()
    op.create_table(
        "public_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("until", AT, nullable=True),
        sa.Column("content", json, nullable=False),
        sa.Column("shown_at", AT, nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_public_pages_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_public_pages"),
        sa.UniqueConstraint("case_id", "page", "key", name="uq_public_pages_case_id_page_key"),
    )
    op.create_index("ix_public_pages_since", "public_pages", ["since", "id"])
