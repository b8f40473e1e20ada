"""Who else has to do with the tasks of a list: who can act where somebody must stand aside, who has asked whom for an
answer. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from engine.cases.turns import turns_of
from engine.directory.actors import Actor
from storage import accounts, involvements, recusals
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


def why_there(
    connection: Connection, actor: Actor, tasks: Sequence[TaskRow]
) -> Callable[[TaskRow | None, str], tuple[str, str]]:
    """Why each of these tasks is among a person's: as what he was brought in, or that others have answered him
    (come_back); and in whose place he would answer. Asked with the task and the kind of its case."""
    ids, people = {task["case_id"] for task in tasks}, {actor.user_id, *(one.user_id for one in actor.represents)}
    asked: dict[tuple[int, int], list[involvements.InvolvementRow]] = {}
    for row in involvements.at_tasks(connection, people, ids) if ids else ():
        asked.setdefault((row["case_id"], row["number"]), []).append(row)
    answered = involvements.answered_for(connection, actor.user_id, ids) if ids else set()

    def why(task: TaskRow | None, kind: str) -> tuple[str, str]:
        place = (task["case_id"], task["number"]) if task else (0, 0)
        for row, instead in turns_of(actor, kind, asked.get(place, ())):
            return row["kind"], instead.name if instead else ""
        return ("come_back" if place in answered else ""), ""

    return why
