"""The tree of organisations as pages ask for it: only what the reader may see. Knows no page.

A business role shows its subtree; the duties that name places anywhere (``DUTIES``) show the whole tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.desks.succession import SuccessionDesk
from engine.directory import organisation_import, organisations
from engine.directory.actors import Actor
from engine.directory.duties import ACCOUNTS, OPERATIONS, ORGANISATIONS
from engine.directory.organisation_plan import Imported, ImportPreview
from engine.directory.organisations import Organisation
from engine.errors import NotFound
from engine.model import Clock
from engine.words import say
from storage import accounts as accounts_rows
from storage import organisations as rows
from storage.database import Connection, Database

WHOLE = ("/",)
DUTIES = (ACCOUNTS, ORGANISATIONS, OPERATIONS)


@dataclass(slots=True)
class Branch:
    """An organisation with what stands under it."""

    organisation: Organisation
    branches: list[Branch] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many organisations stand under it, at any depth."""
        return sum(1 + branch.size for branch in self.branches)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role at an organisation."""

    user_id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """What the page of an organisation shows. ``ancestors``: the nearest first, names only."""

    organisation: Organisation
    ancestors: tuple[Organisation, ...]
    children: tuple[Organisation, ...]
    people: tuple[Person, ...]


class OrganisationDesk:
    """The door of readers, and of whoever may import the tree. Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock, succession: SuccessionDesk | None = None) -> None:
        """``succession``: where there are cases that a new name is told to."""
        self._database = database
        self._clock = clock
        self._succession = succession

    def tree(self, actor: Actor) -> tuple[Branch, ...]:
        """The subtrees that he may see, each from its top."""
        with self._database.read() as connection:
            found = [organisations.from_row(row) for row in rows.under(connection, visible(actor))]
        branches: dict[str, Branch] = {}
        tops: list[Branch] = []
        for one in found:  # parents come first
            branch = branches[one.code] = Branch(one)
            above = branches.get(one.parent_code or "")
            (above.branches if above else tops).append(branch)
        return tuple(tops)

    def search(self, actor: Actor, words: str, limit: int = 100) -> tuple[Organisation, ...]:
        """Organisations that he may see, whose name holds (or code begins with) every word."""
        with self._database.read() as connection:
            return organisations.search(connection, words, visible(actor), limit)

    def below(self, actor: Actor, limit: int) -> tuple[Organisation, ...]:
        """Those inside the subtrees of his business, parents first; none for who has no business."""
        with self._database.read() as connection:
            return organisations.search(connection, "", actor.paths, limit)

    def page(self, actor: Actor, code: str) -> OrganisationPage:
        """One organisation. Raises NotFound also for one that he may not see."""
        with self._database.read() as connection:
            one = organisations.get(connection, code)
            if not one.inside(visible(actor)):
                raise NotFound(what=say("这个单位"))
            above = organisations.ancestors(connection, code)
            return OrganisationPage(
                one, above, organisations.children(connection, code), self._people(connection, code)
            )

    def foresee(self, actor: Actor, filename: str, data: bytes) -> ImportPreview:
        """What ``take_in`` would change. Raises NotAllowed, SheetUnreadable, ImportRefused."""
        return organisation_import.foresee(self._database, filename, data, actor)

    def take_in(self, actor: Actor | None, filename: str, data: bytes, foreseen: str = "") -> Imported:
        """Import a table of organisations, of whose new names running cases hear; ``actor`` is none for the console.

        ``foreseen``: the mark of what was shown, which must still be what is done. Raises NotAllowed, SheetUnreadable,
        ImportRefused, Conflict.
        """
        renamed = self._succession.renamed(actor, filename) if self._succession else None
        now = self._clock.now()
        return organisation_import.load(self._database, filename, data, now, actor, "", renamed, foreseen)

    def _people(self, connection: Connection, code: str) -> tuple[Person, ...]:
        found = accounts_rows.members(connection, code)
        return tuple(Person(row["id"], row["name"], row["role"]) for row in found)


def visible(actor: Actor) -> tuple[str, ...]:
    """The subtrees of the tree that he may look at."""
    return WHOLE if any(map(actor.may, DUTIES)) else actor.paths
