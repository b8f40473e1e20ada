"""An installation in which invented people act, on a clock that whoever plays moves. Knows no process and no page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from engine.application import Application
from engine.desks.accounts import AccountDesk
from engine.directory import actors
from engine.directory.actors import Actor
from engine.directory.in_force import in_force
from engine.directory.signin import Settings
from storage import organisations
from storage.database import Connection

CHEAP: Final = Settings(time_cost=1, memory_kib=8, parallelism=1)
"""Nobody signs in: passwords need cost nothing to compare."""
_PASSWORD: Final = "correct horse battery"  # noqa: S105 - of people who do not exist


@dataclass(slots=True)
class MovedClock:
    """A clock that only whoever plays moves."""

    time: datetime

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return self.time


@dataclass(slots=True)
class Stage:
    """People are made when first named: ``role@code``, several by spaces, ``#2`` a second such person.

    Before a colon stands a login that a form names: ``worker1: social_worker@130102``.
    """

    application: Application
    clock: MovedClock
    people: dict[str, int] = field(default_factory=dict)

    def actor(self, names: str) -> Actor:
        """Who is so named."""
        if names not in self.people:
            self.people[names] = self._made(names)
        with self.application.database.read() as connection:
            return actors.actor(connection, self.people[names], self.clock.now())

    def _made(self, names: str) -> int:
        desk = AccountDesk(self.application.database, self.clock, CHEAP)
        login = names.partition(":")[0] if ":" in names else f"person{len(self.people) + 1}"
        password = desk.hashed(_PASSWORD, login)
        with self.application.database.write() as connection:
            called = self.called(connection, names)
            number = desk.add(connection, None, login, called, password, must_change=False)
            for name in posts(names):
                role, _, code = name.split("#")[0].partition("@")
                desk.give(connection, None, number, role, code)
        return number

    def called(self, connection: Connection, names: str) -> str:
        """The name that such a person gets."""
        return names

    def wait(self, days: float) -> None:
        """Calendar days go by."""
        self.clock.time += timedelta(days=days)

    def work(self) -> None:
        """Do everything that is due."""
        while self.application.worker.run_due():
            pass


class Invented(Stage):
    """The same with people who are called by their post, so that a page says who acts."""

    __slots__ = ()

    def called(self, connection: Connection, names: str) -> str:
        """``长安区 县级经办员``, with a number for a second one."""
        post, _, number = posts(names)[0].partition("#")
        role, _, code = post.partition("@")
        found = organisations.get(connection, code)
        return f"{found['short_name'] if found else code} {in_force(connection).role_name(role)[0]}{number}"


def posts(names: str) -> list[str]:
    """Role and organisation of each post of a person."""
    return names.partition(":")[2].split() or names.split()
