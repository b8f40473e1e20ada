"""What a reader gets: frozen pictures of cases, tasks, diagrams and registers. Knows no page, no row and no file.

Names that a designer or a form wrote come as ``engine.words.Text`` (Chinese, English), times are aware UTC, and ids are
short url-safe text. What depends on a language and costs something is a function of ``"zh"`` or ``"en"``, asked when
shown.
"""

from engine.views.basic import Article, OrganisationName
from engine.views.cases import (
    Attachment,
    CaseHead,
    CaseView,
    Change,
    ConcernView,
    DeadlineView,
    HistoryAsked,
    HistoryLine,
    OpenTask,
    OtherCase,
    OutcomeView,
    Receipt,
    Resubmission,
    StartView,
    Target,
    TaskView,
)
from engine.views.diagrams import DiagramView, ElementView, Visit
from engine.views.drafts import Draft, DraftPage
from engine.views.forms import (
    Checked,
    FieldView,
    FormView,
    SavedRow,
    SheetColumn,
    SheetRead,
    SheetRow,
    SheetTable,
    Submission,
)
from engine.views.groups import Group, Startable
from engine.views.inbox import InboxFilters, Page, Row
from engine.views.messages import Message, MessageFilters, Messages
from engine.views.registers import (
    Column,
    RecordRow,
    RecordVersion,
    RecordView,
    Referring,
    RegisterFilters,
    RegisterHead,
    RegisterPage,
)
from engine.views.sealing import SealingView, ShareHolder
from engine.views.visible import CaseFilters, CaseList, ListedCase

__all__ = [
    "Article",
    "Attachment",
    "CaseFilters",
    "CaseHead",
    "CaseList",
    "CaseView",
    "Change",
    "Checked",
    "Column",
    "ConcernView",
    "DeadlineView",
    "DiagramView",
    "Draft",
    "DraftPage",
    "ElementView",
    "FieldView",
    "FormView",
    "Group",
    "HistoryAsked",
    "HistoryLine",
    "InboxFilters",
    "ListedCase",
    "Message",
    "MessageFilters",
    "Messages",
    "OpenTask",
    "OrganisationName",
    "OtherCase",
    "OutcomeView",
    "Page",
    "Receipt",
    "RecordRow",
    "RecordVersion",
    "RecordView",
    "Referring",
    "RegisterFilters",
    "RegisterHead",
    "RegisterPage",
    "Resubmission",
    "Row",
    "SavedRow",
    "SealingView",
    "ShareHolder",
    "SheetColumn",
    "SheetRead",
    "SheetRow",
    "SheetTable",
    "StartView",
    "Startable",
    "Submission",
    "Target",
    "TaskView",
    "Visit",
]
