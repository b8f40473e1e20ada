"""Tasks and cases, with their history and files; the pages that start one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from engine.views.basic import Article, OrganisationName
from engine.views.forms import FormView, Submission
from engine.views.sealing import SealingView
from engine.views.tables import TableUse
from engine.words import Text


@dataclass(frozen=True, slots=True)
class Target:
    """A step to which a return may go; ``place`` is its lane: whose step it is."""

    id: str
    name: Text
    place: Text = ("", "")


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """One button of a task. ``kind``: approve, return, refuse, submit; ``opinion``: required, optional, none."""

    id: str
    name: Text
    kind: str
    opinion: str = "optional"
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """When a task is due. ``days_left`` counts working days and is negative when late."""

    due_at: datetime
    days_left: int
    warn_days: int = 3
    provisional: bool = False  # the official calendar of that year is not out yet
    suspended: bool = False

    @property
    def late(self) -> bool:
        """Whether it is past."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that waits for somebody. ``waits_for`` names roles and organisations in words."""

    id: str
    element_id: str
    name: Text
    arrived_at: datetime
    waits_for: Text
    mine: bool = False  # the reader may act on it
    claimed_by: str | None = None
    deadline: DeadlineView | None = None
    aside: bool = False  # it is his post's, but he must stand aside
    in_place_of: str = ""  # the name of the one who is away, for whom the reader would act
    hidden: bool = False  # who has it is confidential: nothing can be done to it from here


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What stands on top of every page of a case. ``status``: running, completed, refused, withdrawn, cancelled.

    ``ending``: the name of the end event of its diagram that says so.
    """

    id: str
    number: str
    key: str
    process: Text
    title: str
    summary: str
    status: str
    organisation: OrganisationName
    starter: str
    opened_at: datetime
    ended_at: datetime | None = None
    ending: Text | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task as its reader may see it. ``may``: complete, claim, release, draft."""

    id: str
    element_id: str
    name: Text
    case: CaseHead
    revision: int
    outcomes: tuple[OutcomeView, ...]
    articles: tuple[Article, ...]
    may: frozenset[str]
    arrived_at: datetime
    form: FormView | None = None  # values hold the reader's draft when there is one
    deadline: DeadlineView | None = None
    claimed_by: str | None = None
    claimed_by_me: bool = False
    in_place_of: str = ""  # the name of the one who is away, for whom the reader acts
    draft_saved_at: datetime | None = None
    description: Text = ("", "")  # what is asked of the reader, in the words of the diagram
    makes_papers: bool = False  # completing it may make a paper, which is read before
    sealing: SealingView | None = None  # what is sealed or opened here


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs between two submissions of the same step. ``computed``: nobody has filled it in."""

    label: Text
    before: str
    after: str
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Resubmission:
    """What was handed in again since a reader last had it before him, and why it had to be.

    ``returned``: the act that sent it back. No ``changes``: it came back as it was.
    """

    name: Text
    by: str
    at: datetime
    changes: tuple[Change, ...]
    returned: HistoryLine


class Facts(TypedDict, total=False):
    """What an event says that no other field of its line does."""

    name: str
    size: int
    digest: str
    definition: str
    task: int | str | None
    role: str
    opened: list[str]
    return_to: Text
    decisions: list[list[Any]]  # as ``engine.model.DecisionTaken.told``
    article: str
    extra: int  # working days granted in all
    file: KeptPaper
    before: datetime
    until: datetime
    missed: int  # rounds
    predecessor: str  # by name, of whom a case was handed over
    successor: str
    people: list[str]  # by name, who were brought into a task or told
    about: str  # what tells a submission from others of its step
    opened_by: str  # case | round: what has opened it in that person's name


class KeptPaper(TypedDict):
    """A file that came with an act."""

    name: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event. ``event``: its type (``engine.cases.event_types``); ``facts`` holds what no other field says."""

    sequence: int
    at: datetime
    event: str
    hash: str
    previous: str
    actor: str | None = None  # None: the system
    element_id: str | None = None
    element: Text | None = None
    outcome: Text | None = None
    outcome_kind: str = ""
    opinion: str = ""  # also the reason of a withdrawal and the text of a comment
    changes: tuple[Change, ...] = ()
    facts: Facts = field(default_factory=Facts)
    due_at: datetime | None = None  # of what was due at a moment
    late_by: int = 0  # seconds after that moment
    tables: tuple[TableUse, ...] = ()  # effective tables that it asked


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a case. ``size`` in bytes; ``digest`` is the sha256 of its content."""

    id: str
    filename: str
    size: int
    media_type: str
    digest: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case as who may not open it sees it. ``id``: for who may."""

    number: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ConcernView:
    """A record that a running case is about, when others are, too, or have changed it since the case was opened."""

    register: str
    title: Text  # of the register
    record: str
    under_way: tuple[OtherCase, ...] = ()
    changed_by: tuple[OtherCase, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its reader may see it. ``may``: withdraw, cancel, comment, attach.

    ``earlier``: before which event the history goes on with another page, ``handed_earlier``: what was handed in; 0:
    there is nothing before.
    """

    head: CaseHead
    tasks: tuple[OpenTask, ...]
    history: tuple[HistoryLine, ...]  # oldest first
    submissions: tuple[Submission, ...]  # oldest first
    attachments: tuple[Attachment, ...]
    may: frozenset[str]
    concerns: tuple[ConcernView, ...] = ()
    earlier: int = 0
    handed_earlier: int = 0
    resubmitted: tuple[Resubmission, ...] = ()
    has_family: bool = False  # another case has opened it, or it another one
    proposes: bool = False  # it is to put a version in force, which can be compared with the one that it replaces


@dataclass(frozen=True, slots=True)
class HistoryAsked:
    """Which page of a case's history: the newest events ``before`` one (0: of all), of some kind.

    ``names``: only events of these names; ``without``: none of these. ``standing``: of what was handed in the last at
    each step, however long ago. ``seen_at``: the element whose last visit was the reader's last look; "": the last
    return was.
    """

    before: int = 0
    names: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    standing: bool = False
    seen_at: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to an act: where the case stands, what was opened, and all that a page says of it.

    ``done``: the name of the outcome that was chosen, or of the step; ``next_task``: what the person can go on with.
    """

    case_id: str
    number: str
    opened: tuple[OpenTask, ...]
    status: str
    done: Text = ("", "")
    next_task: str | None = None


@dataclass(frozen=True, slots=True)
class StartView:
    """The page that starts a case: the form of the start event.

    ``last``: the id of the newest case that the reader has started here, 0 for none. It tells one draft from the next.
    """

    key: str
    name: Text
    description: Text
    organisation: OrganisationName
    form: FormView
    articles: tuple[Article, ...] = ()
    last: int = 0
