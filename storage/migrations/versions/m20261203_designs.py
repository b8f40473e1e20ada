"""Designs: folders of a process that designers work on, their revisions, and their files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "designs"
down_revision = "settled_by"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "designs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("based_on", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.String(27), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("session", sa.String(length=40), nullable=False),
        sa.Column("heard_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_designs_created_by_users"),
        sa.ForeignKeyConstraint(["editor_id"], ["users.id"], name="fk_designs_editor_id_users"),
        sa.ForeignKeyConstraint(["saved_by"], ["users.id"], name="fk_designs_saved_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_designs"),
    )
    op.create_index("ix_designs_saved_at", "designs", ["saved_at"])
    op.create_table(
        "design_revisions",
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.String(27), nullable=False),
        sa.Column("saved_at", sa.String(27), nullable=False),
        sa.Column("snapshot", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["design_id"], ["designs.id"], name="fk_design_revisions_design_id_designs"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_design_revisions_user_id_users"),
        sa.PrimaryKeyConstraint("design_id", "number", name="pk_design_revisions"),
    )
    op.create_table(
        "design_contents",
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["designs.id"], name="fk_design_contents_design_id_designs"),
        sa.PrimaryKeyConstraint("design_id", "digest", name="pk_design_contents"),
    )
