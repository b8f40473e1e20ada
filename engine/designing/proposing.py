"""Proposing a design: its bytes as they are now, pinned for a case that decides on them. Knows no case and no page."""

from __future__ import annotations

from engine.database import writing
from engine.definition import digest_of
from engine.designing.folder import checked
from engine.designing.keeping import ACT, files_of, found
from engine.diagram import Element
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.errors import Refusal
from engine.model import Clock
from engine.operations.changes import PUBLISH
from engine.publishing.catalog import Catalog
from engine.words import say
from storage import definitions, proposals
from storage.database import Connection, Database


class NothingNew(Refusal):
    """What is proposed is the version in force, byte for byte. Nothing was proposed or published."""

    sentence = say("内容与现行的第{version}版完全相同，没有需要施行的修改。")


class Proposing:
    """Every act is one transaction."""

    def __init__(self, database: Database, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock

    def decided_by(self, actor: Actor) -> tuple[str, ...]:
        """The keys of the processes that put a proposal in force: whoever proposes starts a case of one of them."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            found = self._catalog.all(connection)
        return tuple(one.key for one in found if any(map(_publishes, one.elements.values())))

    def propose(self, actor: Actor, number: int) -> int:
        """Pin a design as it stands: what is drawn after that is not in it. The number of the proposal.

        Whoever has ever edited the design is kept with it. Raises NotFound, NothingNew.
        """
        require(actor, DESIGNS, ACT)
        with writing(self._database) as connection:
            row = found(connection, number)
            files = checked(files_of(connection, number, row["revision"]))
            digest = digest_of(row["key"], files)
            now = must_differ(connection, row["key"], digest)
            pinned: proposals.NewProposal = {
                "key": row["key"], "title": row["title"], "digest": digest,
                "files": definitions.packed(files),
                "based_on": now["digest"] if now else None, "editors": row["editors"],
                "proposed_by": actor.user_id, "proposed_at": self._clock.now(), "published_at": None,
            }  # fmt: skip
            return proposals.add(connection, pinned)


def must_differ(connection: Connection, key: str, digest: str) -> definitions.ListedDefinition | None:
    """What is in force now, None for nothing. Raises NothingNew when that is it already."""
    now = definitions.version(connection, key, None)
    if now is not None and now["digest"] == digest:
        raise NothingNew(version=now["version"])
    return now


def _publishes(element: Element) -> bool:
    return element.operation is not None and element.operation.name == PUBLISH
