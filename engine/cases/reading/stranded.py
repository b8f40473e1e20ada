"""Open tasks that nobody can take: their role is held by nobody, their organisation is gone, their person has left.

Writes nothing. Whoever watches over the system sees them all, without their content; who stands above an organisation
sees those of his part of the tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.cases.base import Parts, task_id
from engine.cases.reading.aside import all_aside
from engine.cases.reading.veiled import hides_holder
from engine.cases.veil import HIDDEN
from engine.damage import legible, of_case
from engine.directory import in_force
from engine.directory.actors import Actor, personal
from engine.directory.contents import Directory
from engine.directory.duties import OPERATIONS
from engine.directory.substitutes import represented
from engine.errors import NotAllowed
from engine.views.basic import MOST_COUNTED
from engine.words import Text, say
from storage import handover as rows
from storage import standing
from storage.database import Connection

EVERYWHERE = ("/",)
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class StrandedTask:
    """An open task that nobody can take. ``title`` is empty for who sees no business; ``role``: of whom it waits."""

    id: str
    case_id: int
    case_number: str
    title: str
    step: Text
    place: str
    role: Text
    holder: str
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class IdleSubstitution:
    """Somebody is away, and his substitute does not act at any of his organisations any more."""

    absent: str
    substitute: str
    until: datetime


@dataclass(frozen=True, slots=True)
class StrandedPage:
    """A page of them. ``next``: the ``after`` of the following page, empty on the last.

    ``aside``: with the first page, those whose holders must all stand aside; ``idle``: for the operator, substitutions
    in force by which nobody can act.
    """

    rows: tuple[StrandedTask, ...]
    total: int
    next: str
    aside: tuple[StrandedTask, ...] = ()
    idle: tuple[IdleSubstitution, ...] = ()


@dataclass(frozen=True, slots=True)
class Stranding:
    """Finds what is stranded."""

    parts: Parts

    def page(self, actor: Actor, after: str = "", limit: int = AT_ONCE) -> StrandedPage:
        """A page of what is stranded. Raises NotAllowed for who neither watches nor stands above anything."""
        if not (actor.may(OPERATIONS) or actor.leads):
            raise NotAllowed(act=say("查看无人办理的任务"), reason=say("您没有下级单位，也不负责系统运行"))
        paths = EVERYWHERE if actor.may(OPERATIONS) else actor.paths
        with self.parts.database.read() as connection:
            keys = stranded_keys(connection)
            wanted = rows.stranded(keys, paths)
            (found, last), total = wanted.piece(connection, after, limit), wanted.count(connection, MOST_COUNTED)
            held = rows.held_keys(connection) if not after else []
            aside = self._shown(connection, all_aside(self.parts, connection, held, paths), actor)
            idle = self._idle(connection) if actor.may(OPERATIONS) and not after else ()
            return StrandedPage(self._shown(connection, found, actor), total, last, aside, idle)

    def _shown(
        self, connection: Connection, found: Iterable[rows.StrandedTask], actor: Actor
    ) -> tuple[StrandedTask, ...]:
        def line(row: rows.StrandedTask) -> StrandedTask:
            definition = self.parts.catalog.definition(connection, row["digest"])
            hidden = hides_holder(connection, actor, row, definition)
            return replace(_shown(row, actor), holder=HIDDEN[0]) if hidden else _shown(row, actor)

        return tuple(legible(found, line, lambda row: of_case(row["case_number"], row["case_id"])))

    def _idle(self, connection: Connection) -> tuple[IdleSubstitution, ...]:
        now, directory = self.parts.clock.now(), in_force.in_force(connection)
        found = standing.within(connection, now, now + timedelta(microseconds=1))
        return tuple(
            IdleSubstitution(one["absent_name"], one["substitute_name"], one["until_at"]) for one in found
            if all(one["id"] not in way.links for way in represented(connection, directory, one["substitute_id"], now))
        )  # fmt: skip

    def count(self, actor: Actor) -> int:
        """How many there are for him; one more than ``MOST_COUNTED`` for more than that."""
        paths = EVERYWHERE if actor.may(OPERATIONS) else actor.leads
        with self.parts.database.read() as connection:
            keys = stranded_keys(connection)
            return rows.stranded(keys, paths).count(connection, MOST_COUNTED)


def stranded_keys(
    connection: Connection, without: Collection[tuple[int, str, str]] = (), gone: int | None = None
) -> list[str]:
    """The inbox keys of open tasks that nobody holds.

    As if these roles (person, role, organisation) were not there, and that person neither.
    """
    held = [
        one
        for one in rows.held_keys(connection)
        if one["user_id"] != gone and (one["user_id"], one["role"], one["organisation_code"]) not in without
    ]
    known = set(_keys(held, in_force.in_force(connection)))
    return sorted(key for key in rows.open_keys(connection) if key not in known)


def _keys(held: Iterable[rows.HeldKey], directory: Directory) -> Iterable[str]:
    """The keys of all inboxes into which somebody looks."""
    for one in held:
        role = directory.roles.get(one["role"])
        if role is not None and role.acts:
            yield f"{role.id}@{one['organisation_code']}"
            yield personal(one["user_id"])


def _shown(row: rows.StrandedTask, actor: Actor) -> StrandedTask:
    sees = actor.in_business
    role = row["candidate"].partition("@")[0] if "@" in row["candidate"] else ""
    return StrandedTask(
        task_id(row), row["case_id"], row["case_number"], row["title"] if sees else "",
        (row["name_zh"], row["name_en"]), row["place"], actor.directory.role_name(role) if role else ("", ""),
        row["organisation_name"], row["opened_at"], row["due_at"],
    )  # fmt: skip
