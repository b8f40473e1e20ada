"""Roles, kinds of organisation and figures are published like definitions; they were files beside the program before.

A database with organisations or people gets those that the program had, as they stand in ``migrations/directory``: in
production nobody but the security administrator changes what is in force. A new database gets its own from the folder
of workflows.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "directory"
down_revision = "kinds_of_jobs"
branch_labels = None
depends_on = None

KEY = "_directory"
NAME = {"name_zh": "角色、单位类型和数据项", "name_en": "Roles, kinds of organisation and figures"}
WRITTEN_AT = "2026-11-29T00:00:00.000000Z"  # a migration has no clock; all that is known is: before this
FILES = Path(__file__).resolve().parents[1] / "directory"


def upgrade() -> None:
    connection = op.get_bind()
    in_use = sa.text("SELECT 1 WHERE EXISTS (SELECT 1 FROM organisations) OR EXISTS (SELECT 1 FROM users)")
    if connection.execute(in_use).first() is None:
        return
    files = {file.name: file.read_bytes() for file in FILES.glob("*.toml")}
    row = {"digest": _digest(files), "key": KEY, "version": 1, **NAME, "published_at": WRITTEN_AT, "current": True}
    texts = {name: data.decode("utf-8") for name, data in files.items()}
    columns: list[sa.ColumnClause[object]] = [sa.column(name) for name in (*row, "files", "published_by")]
    rows = sa.table("definitions", *columns)
    packed = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    connection.execute(rows.insert().values(**row, files=packed, published_by=None))


def _digest(files: dict[str, bytes]) -> str:
    """As the program names a definition by its files."""
    total = hashlib.sha256(f"{len(KEY)}:{KEY}\n".encode())
    for name, data in sorted(files.items()):
        total.update(f"{len(name)}:{name}:{hashlib.sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()
