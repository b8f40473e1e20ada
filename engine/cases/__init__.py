"""The one door to cases: every act is one transaction, every reading is guarded by the same policy."""

from engine.cases.evidence import Evidence
from engine.cases.file import CaseFile
from engine.cases.happenings import Happenings
from engine.cases.inbox import Inbox
from engine.cases.papers import Papers
from engine.files import FileStore
from engine.model import Clock
from engine.publishing import Catalog
from storage.database import Database


class Cases(CaseFile, Papers, Inbox, Happenings, Evidence):
    """Acts and readings on cases. Safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, clock: Clock, files: FileStore) -> None:
        super().__init__(database, catalog, clock, files)
        self.calendars.add_follower(self)


__all__ = ["Cases"]
