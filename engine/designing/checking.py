"""The checks of publishing on a design while it is drawn: the last request calls off the one before. Knows no page.

They run where those of publishing run (``engine.publishing.quarantine``): in a process of its own, within its limits.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from engine.calendar.days import LEGAL_ZONE
from engine.checks.equivalents import ForeignItem
from engine.checks.scope import Scope
from engine.designing.folder import checked
from engine.designing.keeping import ACT, files_of, found
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.errors import Problem, Refusal
from engine.files.apart import Withdrawn
from engine.files.children import Withdrawal
from engine.model import Clock
from engine.publishing.catalog import Catalog, surroundings, unfit_starts, unfit_writers
from engine.publishing.quarantine import inspect
from engine.publishing.tables import inputs_of
from engine.words import say
from storage.database import Database


class Overtaken(Refusal):
    """A newer request for the same design came: its answer is the one that counts."""

    sentence = say("已有更新的检查，请以它的结果为准。")


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with a revision of a design, errors first; each names its file within the folder.

    ``scope``: what its expressions may read, None when that could not be told. ``foreign``: what other software has
    said in each of its diagrams.
    """

    revision: int
    problems: tuple[Problem, ...]
    scope: Scope | None
    foreign: Mapping[str, list[ForeignItem]]


class Checking:
    """The checks of all designs of one server."""

    def __init__(self, database: Database, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock
        self._turn = threading.Lock()
        self._asked: dict[int, Withdrawal] = {}

    def check(self, actor: Actor, number: int) -> Findings:
        """What publishing would say of the newest revision. Raises Overtaken, NotFound, QuarantineFailed."""
        require(actor, DESIGNS, ACT)
        own = Withdrawal()
        with self._turn:
            before, self._asked[number] = self._asked.get(number), own
        if before is not None:
            before.say()
        try:
            found = self._checked(actor, number, own)
        except Withdrawn as withdrawn:
            raise Overtaken from withdrawn
        finally:
            with self._turn:
                if self._asked.get(number) is own:
                    del self._asked[number]
        if own.said:
            raise Overtaken
        return found

    def _checked(self, actor: Actor, number: int, withdrawal: Withdrawal) -> Findings:
        today = self._clock.now().astimezone(LEGAL_ZONE).date()
        with self._database.read() as connection:
            row = found(connection, number)
            files = checked(files_of(connection, number, row["revision"]))
            registers = self._catalog.registers(connection)
            tables = self._catalog.tables.all(connection)
            others = [one for one in self._catalog.all(connection) if one.key != row["key"]]
        around = surroundings(actor.directory, registers, inputs_of(tables, today))
        findings = inspect({row["key"]: files}, around, withdrawal=withdrawal)
        problems = list(findings[row["key"]].problems)
        if not any(one.severity == "error" for one in problems):
            problems += [*unfit_starts(findings, others), *unfit_writers(findings, others, registers)]
        worst_first = tuple(sorted(problems, key=lambda one: one.severity != "error"))
        own = findings[row["key"]]
        return Findings(row["revision"], worst_first, own.scope, own.foreign)
