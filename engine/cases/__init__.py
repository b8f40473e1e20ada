"""The one door to cases: every act is one transaction, one policy guards every reading. Knows no desk and no page."""

from engine.cases.acting.events import Happenings
from engine.cases.reading.auditor import Evidence
from engine.cases.reading.case import CaseFile
from engine.cases.reading.inbox import Inbox
from engine.cases.reading.papers import Papers
from engine.files.store import FileStore
from engine.model import Clock
from engine.publishing.catalog import Catalog
from storage.database import Database


class Cases(CaseFile, Papers, Inbox, Happenings, Evidence):
    """Acts and readings on cases. Safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, clock: Clock, files: FileStore) -> None:
        super().__init__(database, catalog, clock, files)
        self.calendars.add_follower(self)


__all__ = ["Cases"]
