"""Who may be brought into a task: what a page offers is what an act allows. Changes nothing.

Nobody is who must stand aside, whose account is closed, or who has no role that takes part in business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from engine.cases.involving import pending
from engine.cases.recusal import standing_aside
from engine.cases.verb_types import FORWARD
from engine.definition import Definition
from engine.diagram.verbs import ORGANISATION, ROLE, SUBTREE, verb_of
from engine.directory import actors, organisations, policy
from engine.directory.actors import Actor
from engine.errors import NotAllowed, NotFound
from engine.views.verbs import Choosable
from engine.words import Words, say
from storage import accounts, involvements
from storage import cases as rows
from storage.database import Connection
from storage.involvements import InvolvementRow, Reachable
from storage.rows import CaseRow, TaskRow

MOST_SHOWN: Final = 30
"""People that a page offers at once; others are found by name."""
ONLY_READ: Final = frozenset({"ask", "copy"})
"""Verbs whose receivers decide nothing."""


class Limits(TypedDict, total=False):
    """Among whom is looked."""

    path: str
    code: str
    role: str


@dataclass(frozen=True, slots=True)
class Receiving:
    """For whom one verb at one task is open, at one moment."""

    connection: Connection
    actor: Actor
    case: CaseRow
    task: TaskRow
    definition: Definition
    verb: str
    now: datetime

    def people(self, words: Sequence[str] = ()) -> tuple[Choosable, ...]:
        """Those who may be chosen, by place and name; of many those that the words find."""
        found = involvements.reachable(self.connection, words, **self._limits())
        return self._persons(found)[:MOST_SHOWN]

    def chosen(self, ids: Iterable[int]) -> tuple[Choosable, ...]:
        """The people of these ids, each once. Raises NotAllowed, naming the one who may not be brought in."""
        return tuple(self._one(one) for one in dict.fromkeys(ids))

    def _one(self, user_id: int) -> Choosable:
        found = involvements.reachable(self.connection, (), user_id=user_id, **self._limits())
        persons = self._persons(found)
        if persons:
            return persons[0]
        name = found[0]["name"] if found else self._name(user_id)
        raise NotAllowed(act=say("交给{name}", name=name), reason=self._why(user_id))

    def refused(self, user_id: int) -> Words | None:
        """Why somebody who was brought in may no longer answer, if so."""
        found = involvements.reachable(self.connection, (), user_id=user_id, **self._limits())
        if not any(self._fits(one["role"]) for one in found):
            return say("您的账号或岗位已不在这一环节可选的范围内")
        if user_id in self._aside() and self.verb not in ONLY_READ:
            return say("您参与过本事项的前序环节，应当回避")
        return None

    def _name(self, user_id: int) -> Words | str:
        known = accounts.names_of(self.connection, [user_id])
        return known[user_id][0] if user_id in known else say("这个账号")

    def _why(self, user_id: int) -> Words:
        if user_id == self.actor.user_id:
            return say("不能选自己")
        if user_id in self._themselves():
            return say("不能选您代理的人")
        if user_id in self._asked():
            return say("这个人已在这项任务中，还没有答复")
        if user_id in self._aside():
            return say("这个人参与过本事项的前序环节或者与它有关的事项，应当回避")
        return say("这个人的账号已停用，或者不在这一环节可选的范围内")

    def _limits(self) -> Limits:
        """Seen from whom the task was for before anybody passed it on."""
        candidate = origin(involvements.of_task(self.connection, self.case["id"], self.task["number"]), self.task)
        role, _, code = candidate.partition("@")
        if self.actor.outside:  # only his own colleagues: he learns of nobody else
            own = code if code in self.actor.places else self.actor.places[0]
            return {"code": own, "role": role} if self._to() == ROLE and own == code else {"code": own}
        place, to = code or self.case["organisation_code"], self._to()
        if to == ROLE and code:
            return {"code": place, "role": role}
        if to in (ROLE, ORGANISATION):
            return {"code": place}
        return {"path": organisations.get(self.connection, place).path} if to == SUBTREE else {}

    def _to(self) -> str:
        return verb_of(self.definition.elements[self.task["element"]].verbs, self.verb).to

    def _persons(self, found: Iterable[Reachable]) -> tuple[Choosable, ...]:
        """Each person once, of those whose roles fit and who need not stand aside."""
        posts: dict[int, list[Reachable]] = {}
        for one in found:
            if self._fits(one["role"]):
                posts.setdefault(one["id"], []).append(one)
        shut = {*self._themselves(), *self._asked()} if posts else set()
        aside = self._aside() if posts else set()
        return tuple(
            self._person(held)
            for user_id, held in posts.items()
            if user_id not in shut and (user_id not in aside or self._sees_anyway(user_id))
        )

    def _fits(self, name: str) -> bool:
        """Whoever acts only on what names him decides nothing that is not for his own role."""
        role = self.actor.directory.roles.get(name)
        if role is None or role.outside != self.actor.outside:
            return False
        if self.verb in ONLY_READ:
            return role.acts or role.business or role.own
        return role.acts and (not role.own or self.task["candidate"].partition("@")[0] == name)

    def _themselves(self) -> set[int]:
        """Who acts, and in whose place: what is theirs to decide they do not give to each other."""
        place = None if self.verb in ONLY_READ else policy.place_at(self.actor, self.task, self.case["key"])
        return {self.actor.user_id, *(place.people if place else ())}

    def _asked(self) -> set[int]:
        if self.verb == "copy":
            return set()
        found = involvements.of_task(self.connection, self.case["id"], self.task["number"])
        return {row["user_id"] for row in pending(found)}

    def _aside(self) -> set[int]:
        return standing_aside(self.connection, self.case, self.definition, self.task)

    def _sees_anyway(self, user_id: int) -> bool:
        """Whoever must stand aside may be asked what he did and be shown the case, if he may read it as it is."""
        if self.verb not in ONLY_READ:
            return False
        try:
            person = actors.actor(self.connection, user_id, self.now)
        except NotFound:
            return False
        return policy.sees(person, self.case, acted=rows.acted_in(self.connection, self.case["id"], user_id))

    def _person(self, held: Sequence[Reachable]) -> Choosable:
        names = [(one["organisation"], self.actor.directory.role_name(one["role"])) for one in held]
        chinese = "、".join(f"{place}{name[0]}" for place, name in names)
        return Choosable(
            held[0]["id"], held[0]["name"], (chinese, "; ".join(f"{name[1]}, {place}" for place, name in names))
        )


def origin(found: Iterable[InvolvementRow], task: TaskRow) -> str:
    """Whom a task was for before anybody passed it on (role@code or one person)."""
    return next((row["candidate"] for row in found if row["kind"] == FORWARD), task["candidate"])
