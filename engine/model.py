"""The words that the engine's heart and storage exchange: commands in, one frozen ``RunResult`` out. Knows no I/O.

A variable of a case is visible everywhere in it (BPMN 2.0, 10.4.7: data of the process); every submission has a
variable of its own, so parallel branches cannot overwrite each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypedDict

from engine.words import Text

Ask = Callable[[str, Mapping[str, Any]], Any]
"""Called with an operation and its parameters: the answer as JSON. Live it is asked and recorded; in a replay the
recorded answer is given back, so that the same log always gives the same case."""


Piece = tuple[str, int]
"""Place and item of a piece of a large state that is stored beside it (``engine.spiff.pieces``)."""


class Rounds(TypedDict):
    """Missed rounds as an event keeps them: how many, and when the first and the last were due."""

    rounds: int
    first: str
    last: str


class Holder(TypedDict):
    """Who gets a task: its inbox key, and the organisation or the person by name."""

    candidate: str
    organisation: str


class TableVersion(TypedDict):
    """Which version of an effective table answered, as an event keeps it.

    ``digest`` and ``version`` are those of the publication, ``since`` and ``until`` the days of the version in
    ``file``, both included (no ``until``: it holds until further notice), ``on`` the day for which it was asked.
    """

    table: str
    digest: str
    version: int
    file: str
    since: str
    until: str | None
    on: str


class Clock(Protocol):
    """Where the present comes from. Injected everywhere: a demo or a test can move it."""

    def now(self) -> datetime:
        """An aware time in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """A task that a run has opened. ``number`` is its id inside the case."""

    number: int
    element: str
    candidate: str  # role@organisation code
    organisation: str  # its name
    deadline: Mapping[str, Any] | None = None  # what the service of deadlines said
    other_cases: tuple[str, ...] = ()  # numbers of cases: who took part in them stands aside; ``@login``: that person
    instances: str | None = None  # of multi-instance sub-processes around it, outermost first: ``panel:12/talk:31``


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """A new version of a record. ``action``: create, change or close."""

    register: str
    action: str
    number: str
    data: Mapping[str, Any]
    path: str  # of the organisation that decides who sees the record
    search: str  # lower-case text in which a search looks


@dataclass(frozen=True, slots=True, order=True)
class Concerned:
    """A record that a case is about while it runs."""

    register: str
    number: str
    exclusive: bool = False  # one case at a time: another one that asks for the same is refused
    fields: tuple[str, ...] = ()  # that no other case may write meanwhile; none: all, when exclusive


@dataclass(frozen=True, slots=True)
class DecisionTaken:
    """A decision table that a run consulted: which rules fired on which inputs."""

    decision: str
    rules: tuple[str, ...]
    inputs: Mapping[str, Any]
    output: Any
    table: TableVersion | None = None  # of an effective table: which version answered

    def told(self) -> list[Any]:
        """As an event keeps it: id, rules, inputs, output, and the version of an effective table."""
        own = [self.decision, list(self.rules), self.inputs, self.output]
        return own if self.table is None else [*own, self.table]

    @staticmethod
    def read(told: Sequence[Any]) -> DecisionTaken:
        """What was so told. Raises TypeError, ValueError for anything else."""
        decision, rules, *beside = told
        return DecisionTaken(decision, tuple(rules), *beside)


@dataclass(frozen=True, slots=True)
class Message:
    """Something that a person must be told; delivered through a job after the commit."""

    to: int
    title: str
    text: str
    shows_case: bool = True  # it is about the case, so who gets it may read that


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that a run has made and that now belongs to the case; its content is kept under ``digest``."""

    name: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that a case waits for: a time, a message or a signal. ``number`` and ``element`` name it."""

    number: int
    element: str
    kind: str  # timer | message | signal
    due_at: str | None  # of a timer; ISO, UTC
    name: str  # of the message or signal
    key: str | None  # which of the messages of that name; None: any
    counted: bool = False  # the working calendar was asked for the time: a newer one may move it


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or a signal for other cases; delivered through a job after the commit."""

    kind: str  # message | signal
    name: str
    key: str | None
    payload: Any
    forget: bool = False  # nobody needs to wait for it
    format: int = 1  # of the payload: 1, plain JSON; 2, as ``engine.feel.to_stored`` writes it


@dataclass(frozen=True, slots=True)
class CaseStart:
    """A case of another kind that a run asks to be opened; delivered through a job after the commit."""

    process: str  # the key of its definition
    organisation: str  # code
    starter: str  # login; "": whoever holds the role that may start it there, longest
    data: Mapping[str, Any]  # what its start form is handed
    reply: str = ""  # the message by which the case that asks hears the number; "": it does not


@dataclass(frozen=True, slots=True)
class Publication:
    """A definition that a run asks to be put in force, or to be withdrawn; done by a job after the commit."""

    proposal: int
    decided: str  # the step of the case at which somebody has decided it
    reply: str  # the message by which the case hears what came of it, by its own number
    withdraws: str = ""  # the key of what is to be withdrawn; there is no proposal then


@dataclass(frozen=True, slots=True)
class MadePublic:
    """A page of the case that everybody may read from now on, in the place of one of the same ``page`` and ``key``."""

    page: str
    key: str
    name: Text
    title: str
    since: datetime
    until: datetime | None  # None: without end
    content: Mapping[str, Any]  # ``engine.runtime.showing.PublicContent``


@dataclass(frozen=True, slots=True)
class RunResult:
    """All that one run did. ``state`` is what the next run starts from."""

    state: bytes
    ended_at_element: str | None  # the end event reached, when the case has ended
    opened: tuple[OpenedTask, ...]
    closed: tuple[int, ...]  # open tasks that the run has taken away
    passed: tuple[str, ...]  # every element of the diagram that the token went through, in order
    decisions: tuple[DecisionTaken, ...]
    changes: tuple[RegisterChange, ...]
    messages: tuple[Message, ...]
    files: tuple[MadeFile, ...]
    waits: tuple[Wait, ...]  # what the case waits for from now on
    unwaited: tuple[tuple[int, str], ...]  # (number, element) of what it waits for no longer
    thrown: tuple[Thrown, ...]
    starts: tuple[CaseStart, ...]
    published: tuple[MadePublic, ...]
    variables: Mapping[str, Any]
    title: str | None  # None: the diagram gives none, or it cannot be told yet
    summary: str | None
    flows: tuple[tuple[str, str], ...] = ()  # (flow, element to which it leads) by which tokens went, in order
    publications: tuple[Publication, ...] = ()
    concerned: tuple[Concerned, ...] = ()  # the records that the case is about from now on; none when it has ended
    missed: Rounds | None = None  # rounds of a cycle that were over when it fired: rounds, first, last
    pieces: Mapping[Piece, str | None] = field(default_factory=dict)  # of the state, stored beside it: None, no longer


@dataclass(slots=True)
class Effects:
    """What the operations asked for during a run, collected until it ends."""

    changes: list[RegisterChange] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    files: list[MadeFile] = field(default_factory=list)
    decisions: list[DecisionTaken] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    starts: list[CaseStart] = field(default_factory=list)
    published: list[MadePublic] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)

    def add(self, asked: Mapping[str, list[dict[str, Any]]]) -> None:
        """What the answer of an operation asks for."""
        self.changes += [RegisterChange(**one) for one in asked.get("changes", ())]
        self.messages += [Message(**one) for one in asked.get("messages", ())]
        self.files += [MadeFile(**one) for one in asked.get("files", ())]
        self.starts += [CaseStart(**one) for one in asked.get("starts", ())]
        self.publications += [Publication(**one) for one in asked.get("publications", ())]
