"""Who else can act on tasks at which somebody must stand aside. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from storage import accounts, recusals
from storage.database import Connection
from storage.rows import TaskRow


def who_else(connection: Connection, tasks: Iterable[TaskRow]) -> Mapping[tuple[int, int], tuple[str, ...]]:
    """By the place of each task: the names of those who hold its role there and need not stand aside, in order."""
    waiting = list(tasks)
    aside = recusals.people_at(connection, [(task["case_id"], task["number"]) for task in waiting])

    @cache
    def holders(candidate: str) -> dict[int, str]:
        role, _, code = candidate.partition("@")
        members = accounts.members(connection, code) if code else []
        return {one["id"]: one["name"] for one in members if one["role"] == role}

    return {
        place: tuple(name for user_id, name in holders(task["candidate"]).items() if user_id not in aside[place])
        for task in waiting
        for place in [(task["case_id"], task["number"])]
    }
