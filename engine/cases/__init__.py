"""The one door to cases: every act is one transaction, every reading is guarded by the same policy."""

from engine.cases.deadlines import Deadlines
from engine.cases.file import CaseFile
from engine.cases.happenings import Happenings
from engine.cases.inbox import Inbox
from engine.cases.papers import Papers


class Cases(CaseFile, Papers, Inbox, Happenings, Deadlines):
    """Acts and readings on cases. Safe to share between threads."""


__all__ = ["Cases"]
