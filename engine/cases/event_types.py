"""The events of a case: their names, what each carries, and to which kind each belongs. Spelt here alone.

The writer, the replay, the history and the words on a page all read them here. Names and payloads are stored: what
stands here may grow, and is never renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NotRequired, TypedDict, TypeVar, cast

from engine.cases.handover_types import HandedOver
from engine.cases.opening_types import OfRound, OpenedBy
from engine.cases.sealed_types import EntryRefused, UnsealingFailed
from engine.cases.verb_types import (
    ActedFor,
    ActTakenBack,
    Answered,
    CaseCopied,
    HolderNamed,
    InPlaceOf,
    Involved,
    TaskDecided,
    TaskUrged,
)
from engine.model import DecisionTaken, Rounds
from storage.events import LoggedEvent, NewEvent
from storage.rows import LedgerEntry, Pause

P = TypeVar("P")

CASE_STARTED: Final = "case_started"
TASK_COMPLETED: Final = "task_completed"
TASK_CLAIMED: Final = "task_claimed"
TASK_RELEASED: Final = "task_released"
COMMENT_ADDED: Final = "comment_added"
FILE_ATTACHED: Final = "file_attached"
CASE_WITHDRAWN: Final = "case_withdrawn"
CASE_CANCELLED: Final = "case_cancelled"
TIMER_FIRED: Final = "timer_fired"
MESSAGE_RECEIVED: Final = "message_received"
SIGNAL_RECEIVED: Final = "signal_received"
TIMER_RECOMPUTED: Final = "timer_recomputed"
CASE_HANDED_OVER: Final = "case_handed_over"
DEADLINE_WARNED: Final = "deadline_warned"
DEADLINE_PASSED: Final = "deadline_passed"
DEADLINE_SUSPENDED: Final = "deadline_suspended"
DEADLINE_RESUMED: Final = "deadline_resumed"
DEADLINE_EXTENDED: Final = "deadline_extended"
DEADLINE_RECOMPUTED: Final = "deadline_recomputed"
TASK_FORWARDED: Final = "task_forwarded"
TASK_DELEGATED: Final = "task_delegated"
SIGNERS_ADDED: Final = "signers_added"
QUESTION_ASKED: Final = "question_asked"
TASK_ANSWERED: Final = "task_answered"
SIGNER_REMOVED: Final = "signer_removed"
TASK_DECIDED: Final = "task_decided"
CASE_COPIED: Final = "case_copied"
TASK_URGED: Final = "task_urged"
ACT_TAKEN_BACK: Final = "act_taken_back"
HOLDER_NAMED: Final = "holder_named"
ENTRY_REFUSED: Final = "entry_refused"
UNSEALING_FAILED: Final = "unsealing_failed"


class Run(TypedDict):
    """What a run of the diagram did, as an event keeps it: enough to replay it and to read it."""

    answers: list[list[Any]]  # [operation, answer], in the order in which they were asked
    passed: list[str]  # elements that a token went through
    decisions: list[list[Any]]  # [decision, rules, inputs, output]
    opened: list[list[Any]]  # [number, element] of tasks
    closed: list[int]  # tasks that were taken away
    ended: str | None  # the end event that was reached


class CaseStarted(Run):
    """A case was opened: by a person with a form that was handed in, or as the next two say."""

    definition: str  # digest
    variables: dict[str, Any]  # that it began with: ``case`` and the submission
    element: str
    consulted: list[list[Any]]  # decisions that the form asked


class CaseOpened(CaseStarted):
    """The same, by another case."""

    parent: OpenedBy


class CaseOfRound(CaseStarted):
    """The same, because a time was due."""

    round: OfRound


class TaskCompleted(Run, InPlaceOf):
    """A person completed a task."""

    task: int
    element: str
    submission: dict[str, Any]
    consulted: list[list[Any]]


class TaskSigned(TaskCompleted):
    """The same, when the last of those had signed who must. ``decided``: the event by which it was handed in."""

    decided: int


class TaskHeld(InPlaceOf):
    """A person took a task for himself, or it was given back to all who may."""

    task: int
    element: str


class CommentAdded(TypedDict):
    """A person left a remark."""

    text: str


class FileAttached(TypedDict):
    """A person added a file; ``task``: at which task, by its id."""

    name: str
    digest: str
    size: int
    task: str | None


class KeptFile(TypedDict):
    """A file that came with an act."""

    name: str
    media_type: str
    size: int
    digest: str


class CaseCutOff(TypedDict):
    """A case was ended by a person, its diagram having nothing to put in order. ``closed``: tasks taken away."""

    reason: str
    status: str
    closed: list[int]


class CaseCalledOff(Run):
    """A case was ended by a person, and its diagram put in order what it had done."""

    reason: str
    status: str
    told: dict[str, str]  # what the diagram was told: reason, status, by


class Happened(Run):
    """What a case waited for came: a time, a message, a signal."""

    number: int
    element: str
    payload: Any
    due_at: str | None  # of a time; ISO, UTC


class HappenedLate(Happened):
    """The same of a cycle, of which further rounds were over by then."""

    missed: Rounds


class TimerRecomputed(Run):
    """A newer calendar moved a time that a case waits for. ``proposal``: the change of the calendar."""

    number: int
    element: str
    proposal: int | None
    before: str
    due_at: str


class DeadlineTold(TypedDict):
    """People were told that a deadline is near, or has passed. ``told``: their ids."""

    task: int
    element: str
    due_at: str
    told: list[int]
    status: str


class WhyMoved(InPlaceOf):
    """Why a deadline was computed again: an act of a person with its grounds, or a newer calendar."""

    reason: NotRequired[str]
    article: NotRequired[str]
    file: NotRequired[KeptFile]
    extra: NotRequired[int]  # working days granted in all
    pauses: NotRequired[list[Pause]]
    proposal: NotRequired[int | None]
    before: NotRequired[str]
    calendar_before: NotRequired[str]


class DeadlineMoved(WhyMoved):
    """A deadline was computed again, after an act of a person or by a newer calendar."""

    task: int
    element: str
    status: str
    due_at: str
    warn_at: str
    calendar: str
    provisional: bool
    ledger: list[LedgerEntry]


def completed_for(data: Mapping[str, Any]) -> str | None:
    """For whom a task was completed, as its row keeps it; None: for nobody else."""
    acted: list[ActedFor] = data.get("acted_for", [])
    return "/".join(str(one["id"]) for one in acted) or None


def decisions_of(event: LoggedEvent) -> list[DecisionTaken]:
    """The decisions that an event tells of: those that its steps asked, then those that the form did."""
    told = [*event["data"].get("decisions", ()), *event["data"].get("consulted", ())]
    return [DecisionTaken.read(one) for one in told]


def payload(event: LoggedEvent | NewEvent, kind: type[P]) -> P:
    """What an event carries, by the type that its name says."""
    return cast(P, event["data"])


HAPPENED: Final = {"timer": TIMER_FIRED, "message": MESSAGE_RECEIVED, "signal": SIGNAL_RECEIVED}
"""Kind of wait to the event that tells of its coming."""
ENDINGS: Final = frozenset({CASE_WITHDRAWN, CASE_CANCELLED})
"""A person ended the case."""
INVOLVING: Final = frozenset({TASK_FORWARDED, TASK_DELEGATED, SIGNERS_ADDED, QUESTION_ASKED})
"""People are brought into a task."""
MOVING: Final = INVOLVING | {TASK_ANSWERED, SIGNER_REMOVED, TASK_DECIDED}
"""After these somebody else may have the task."""
VERBS: Final = MOVING | {CASE_COPIED, TASK_URGED, ACT_TAKEN_BACK}
HOLDINGS: Final = frozenset({TASK_CLAIMED, TASK_RELEASED})
SAYINGS: Final = frozenset({COMMENT_ADDED, FILE_ATTACHED})
DEADLINES: Final = frozenset({
    DEADLINE_WARNED, DEADLINE_PASSED, DEADLINE_SUSPENDED, DEADLINE_RESUMED, DEADLINE_EXTENDED, DEADLINE_RECOMPUTED,
})  # fmt: skip
ABOUT_TIME: Final = DEADLINES | {TIMER_RECOMPUTED}
"""What a page files under deadlines."""
SEALING: Final = frozenset({ENTRY_REFUSED, UNSEALING_FAILED})
"""Somebody tried to hand in too late, or to open with a wrong secret."""
QUIET: Final = ABOUT_TIME | HOLDINGS | SAYINGS | SEALING | {CASE_HANDED_OVER, CASE_COPIED, TASK_URGED, HOLDER_NAMED}
"""Changes nothing of what a person decides on."""

PAYLOADS: Final[dict[str, tuple[type, ...]]] = {
    CASE_STARTED: (CaseStarted, CaseOpened, CaseOfRound),
    TASK_COMPLETED: (TaskCompleted, TaskSigned),
    **dict.fromkeys((TASK_CLAIMED, TASK_RELEASED), (TaskHeld,)),
    COMMENT_ADDED: (CommentAdded,),
    FILE_ATTACHED: (FileAttached,),
    **dict.fromkeys((CASE_WITHDRAWN, CASE_CANCELLED), (CaseCutOff, CaseCalledOff)),
    TIMER_FIRED: (Happened, HappenedLate),
    MESSAGE_RECEIVED: (Happened,),
    SIGNAL_RECEIVED: (Happened,),
    CASE_HANDED_OVER: (HandedOver,),
    HOLDER_NAMED: (HolderNamed,),
    ENTRY_REFUSED: (EntryRefused,),
    UNSEALING_FAILED: (UnsealingFailed,),
    TIMER_RECOMPUTED: (TimerRecomputed,),
    **dict.fromkeys(DEADLINES, (DeadlineMoved,)),
    **dict.fromkeys((DEADLINE_WARNED, DEADLINE_PASSED), (DeadlineTold,)),
    **dict.fromkeys(INVOLVING, (Involved,)),
    **dict.fromkeys((TASK_ANSWERED, SIGNER_REMOVED), (Answered,)),
    TASK_DECIDED: (TaskDecided,),
    CASE_COPIED: (CaseCopied,),
    TASK_URGED: (TaskUrged,),
    ACT_TAKEN_BACK: (ActTakenBack,),
}
"""Every event to what it may carry."""
