"""Where it is a person's turn to answer at a task: his own, and that of who is away and for whom he acts.

A substitute answers for nobody where he is himself brought in, has decided, or has asked for the answer: that two have
looked at it must stay true. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.cases.involving import everybody, in_right, pending
from engine.cases.verb_types import ASK, DECISION
from engine.directory.actors import Actor, personal
from engine.directory.substitutes import Represented, substitutes_of
from engine.words import Words, say
from storage import events
from storage.database import Connection
from storage.involvements import TAKING_PART, InvolvementRow

Turn = tuple[InvolvementRow, Represented | None]
"""Who is to answer, and in whose place the actor would; None: in his own."""


def turns_of(actor: Actor, kind: str, people: Sequence[InvolvementRow]) -> list[Turn]:
    """Where it is his turn, his own first. ``kind``: of the case."""
    waiting = [row for row in pending(people) if row["status"] == "open" and row["kind"] != DECISION]
    own: list[Turn] = [(row, None) for row in waiting if row["user_id"] == actor.user_id]
    ways = stands_in_for(actor, kind)
    return own + [(row, ways[row["user_id"]]) for row in waiting if row["user_id"] in ways]


def stands_in_for(actor: Actor, kind: str) -> dict[int, Represented]:
    """By whom is away: the nearest way by which he answers for him in cases of that kind."""
    if not actor.candidates:
        return {}
    found: dict[int, Represented] = {}
    for one in actor.represents:
        if one.user_id != actor.user_id and one.reaches(personal(one.user_id), kind):
            found.setdefault(one.user_id, one)
    return found


def refused(
    connection: Connection, actor: Actor, turn: Turn, people: Iterable[InvolvementRow], aside: set[int]
) -> Words | None:
    """Why a substitute may not answer there, if so. ``aside``: who must stand aside at the task."""
    row, place = turn
    if place is None:
        return None
    who = {actor.user_id, *place.people} - {row["user_id"]}
    _, asking = in_right(events.at(connection, row["case_id"], row["seq"]))
    if who & asking:
        return say("这是您或者您代理的人请{name}答复的，不能再代为答复", name=row["user_name"])
    if row["kind"] == ASK:
        return None
    taking_part = [one for one in people if one["kind"] in (*TAKING_PART, DECISION) and one["status"] != "removed"]
    if any(who & everybody(one) for one in taking_part if one is not row):
        return say("您或者您代理的人也参与了这项任务，不能再代{name}签署", name=row["user_name"])
    if who & aside:
        return say("您或者您代理的人参与过本事项的前序环节，应当回避")
    return None


def with_substitutes(connection: Connection, people: Iterable[int], kind: str, now: datetime) -> list[int]:
    """These people and whoever answers for them while they are away, in cases of that kind."""
    found = dict.fromkeys(people)
    for one in list(found):
        found |= dict.fromkeys(sorted(substitutes_of(connection, {one}, personal(one), kind, now)))
    return list(found)
