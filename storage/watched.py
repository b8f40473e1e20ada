"""Sessions that are watched, and the roles of their people: all of them asked for at once. Knows no rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, cast

from sqlalchemy import BindParameter, Connection, bindparam, select

from storage.accounts import HOLDS, memberships, sessions, users

AT_ONCE = 400


class OpenSession(TypedDict):
    """A session that nobody has ended, of an active account."""

    id: str
    user_id: int
    started_at: datetime


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OPEN = (
    select(sessions.c.id, sessions.c.user_id, sessions.c.started_at)
    .join_from(sessions, users)
    .where(sessions.c.id.in_(_IDS), sessions.c.ended_at.is_(None), users.c.active, ~users.c.must_change_password)
)
_m = memberships.c
_ROLES = (
    select(_m.user_id, _m.role, _m.organisation_code)
    .where(_m.user_id.in_(_IDS), HOLDS)
    .order_by(_m.user_id, _m.role, _m.organisation_code)
)


def open_sessions(connection: Connection, ids: Sequence[str]) -> list[OpenSession]:
    """Those of these sessions that are open."""
    found: list[OpenSession] = []
    for start in range(0, len(ids), AT_ONCE):
        rows = connection.execute(_OPEN, {"ids": list(ids[start : start + AT_ONCE])}).mappings()
        found += [cast(OpenSession, dict(row)) for row in rows]
    return found


def roles_of(connection: Connection, user_ids: Sequence[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """By person the (role, organisation code) that he holds."""
    held: dict[int, list[tuple[str, str]]] = {}
    for start in range(0, len(user_ids), AT_ONCE):
        asked = {"ids": list(user_ids[start : start + AT_ONCE])}
        for user, role, code in connection.execute(_ROLES, asked):
            held.setdefault(user, []).append((role, code))
    return {user: tuple(roles) for user, roles in held.items()}
