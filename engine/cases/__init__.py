"""Cases: every act is one transaction, every reading is guarded by the same policy. Knows no page and no HTTP.

A class that reads is given nothing by which it could act.
"""

from __future__ import annotations

from dataclasses import replace

from engine.cases.acting.ahead import Ahead
from engine.cases.acting.answering import Answering
from engine.cases.acting.calling_off import Endings
from engine.cases.acting.claims import Claims
from engine.cases.acting.deadlines import Deadlines
from engine.cases.acting.drafts import Drafts
from engine.cases.acting.events import Events
from engine.cases.acting.fills import Fills
from engine.cases.acting.handing_over import HandingOver
from engine.cases.acting.many import Many
from engine.cases.acting.naming import Naming
from engine.cases.acting.openings import Openings
from engine.cases.acting.publications import Publications
from engine.cases.acting.recount import Following
from engine.cases.acting.rehearsing import Rehearsing
from engine.cases.acting.rounds import TimedOpenings
from engine.cases.acting.row_drafts import RowDrafts
from engine.cases.acting.sealing import SealedHanding
from engine.cases.acting.steps import Acting
from engine.cases.acting.transaction import Transactions
from engine.cases.acting.unsealing import Unsealing
from engine.cases.acting.verbs import Verbs
from engine.cases.base import Parts
from engine.cases.issuing import Issuing
from engine.cases.reading.attachments import Attachments
from engine.cases.reading.auditor import Auditing
from engine.cases.reading.boards import Boards
from engine.cases.reading.case import CaseReading
from engine.cases.reading.deadlines import Ledgers
from engine.cases.reading.drafts import DraftList
from engine.cases.reading.family import FamilyReading
from engine.cases.reading.inbox import Inbox
from engine.cases.reading.kinds import Startables
from engine.cases.reading.overview import Overviews
from engine.cases.reading.papers import Papers
from engine.cases.reading.proposed import ProposedReading
from engine.cases.reading.sheets import SheetReading
from engine.cases.reading.statistics import Statistics
from engine.cases.reading.stranded import Stranding
from engine.cases.reading.verbs import VerbReading
from engine.cases.reading.visible import VisibleCases
from engine.files.store import FileStore
from engine.model import Clock
from engine.publishing.catalog import Catalog
from engine.sealing.keys import Cost
from storage.database import Database


class Cases:
    """The acts and the readings of cases, by what they are about. Safe to share between threads."""

    def __init__(
        self, database: Database, catalog: Catalog, clock: Clock, files: FileStore, cost: Cost | None = None
    ) -> None:
        """``cost``: what trying a pass phrase of a sealing key takes; None: the usual."""
        self.parts = parts = Parts(database, catalog, clock, files)
        self.ahead = Ahead(database, clock, catalog.suspensions)
        self.transactions = transactions = Transactions(database, clock, self.ahead)
        self.acting = Acting(parts, transactions)
        self.sealed_handing = SealedHanding(parts, transactions, self.acting)
        self.unsealing = Unsealing(parts, transactions, self.acting, cost or Cost())
        self.rehearsing = Rehearsing(parts)
        self.claims = Claims(parts, transactions)
        self.verbs = Verbs(parts, transactions)
        self.answering = Answering(parts, transactions)
        self.many = Many(self.acting, self.claims, self.verbs)
        rehearsed = replace(parts, files=files.rehearsing())
        self.many_rehearsed = Many(Acting(rehearsed, transactions), self.claims, self.verbs)
        self.drafts = Drafts(parts, transactions)
        self.row_drafts = RowDrafts(parts, transactions)
        self.deadlines = Deadlines(parts, transactions)
        self.endings = Endings(parts)
        self.events = Events(parts)
        self.fills = Fills(parts)
        self.naming = Naming(parts)
        self.openings, self.publications = Openings(parts), Publications(parts)
        self.rounds = TimedOpenings(parts)
        self.handing_over = HandingOver(parts)
        self.reading = CaseReading(parts)
        self.verb_reading = VerbReading(parts)
        self.families, self.proposed = FamilyReading(parts), ProposedReading(parts)
        self.inbox, self.starts = Inbox(parts), Startables(parts)
        self.visible = VisibleCases(parts)
        self.overviews, self.statistics = Overviews(parts), Statistics(parts)
        self.boards = Boards(parts)
        self.draft_list = DraftList(parts)
        self.sheets = SheetReading(parts)
        self.ledgers = Ledgers(parts)
        self.papers = Issuing(parts, transactions, Papers(parts))
        self.attachments = Attachments(parts)
        self.stranding = Stranding(parts)
        self.auditing = Auditing(parts)
        self.calendars = parts.calendars
        self.following = Following(parts)
        self.calendars.add_follower(self.following)


__all__ = ["Cases"]
