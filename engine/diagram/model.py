"""The facts of a diagram: frozen data, no behaviour beyond look-ups. Knows no XML.

Every FEEL text is kept as the designer wrote it, trimmed; a leading ``=`` is the compiler's to drop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from engine.diagram.assignment import Assignment
from engine.diagram.columns import Column
from engine.diagram.concerns import Concern
from engine.diagram.passing import Passing
from engine.diagram.public import Public
from engine.diagram.sealing import NOTHING, Sealing
from engine.diagram.seeing import NOTHING_SAID, Confidential, Seeing, Seen
from engine.diagram.starts import ForEach, Opening
from engine.diagram.verbs import Verb
from engine.views.groups import NO_GROUP, Group
from engine.words import Text

PART: Final = "#"
"""Stands between the id of an event with several triggers and the number of one. No id of a diagram holds it."""

CALLED_OFF: Final = "gw:calledOff"
"""The code of the error that the engine itself throws in a process when somebody calls its case off: withdraws, cancels
or terminates it. An event sub-process that starts with it puts in order what the case has done so far."""

PARENT_CALLED_OFF: Final = "gw:parentCalledOff"
"""The name of the message that the engine itself sends to the open cases which a case has opened when that is called
off, each by its own number as key."""

Parameters = tuple[tuple[str, str], ...]  # (name, FEEL text), in the designer's order


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer that a person may give."""

    id: str
    name: Text
    kind: str  # approve | return | refuse | submit; approve and refuse decide
    opinion: str = "optional"  # required | optional | none
    targets: tuple[str, ...] = ()  # element ids that a return may go back to
    final: bool = False  # the applicant binds himself: others act on it from now on

    @property
    def decides(self) -> bool:
        """Whether the applicant can no longer withdraw once this was given: somebody has decided, or it is final."""
        return self.final or self.kind in {"approve", "refuse"}


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a task is due, counted from its opening."""

    working_days: str  # FEEL text: a number of working days of the official calendar
    warn_days: int = 3  # working days before the due date from which the task is amber
    remind: tuple[Assignment, ...] = ()  # who is told then, beside the holder
    escalate: tuple[Assignment, ...] = ()  # who is told when it has passed
    extend_days: int = 0  # working days that may be granted in all
    suspend_days: int = 0  # working days that it may stand still in all
    since: str = ""  # FEEL: the moment from which it counts, when one period covers several steps; "": the opening

    @property
    def period(self) -> tuple[str, str] | None:
        """What steps have in common that share one period, and its suspensions: how it is counted and from when."""
        return (self.working_days, self.since) if self.since else None


@dataclass(frozen=True, slots=True)
class OperationCall:
    """The operation of the registry that a service task asks for."""

    name: str
    parameters: Parameters = ()
    result: str = ""  # variable; "": the answer is not kept


@dataclass(frozen=True, slots=True)
class DecisionCall:
    """The decision that a business rule task asks for."""

    ref: str
    parameters: Parameters = ()
    result: str = ""


@dataclass(frozen=True, slots=True)
class Correlation:
    """What tells one message from another of the same name, and what it carries (BPMN 2.0, 8.4.2, in FEEL)."""

    key: str = ""  # FEEL; "": any key
    payload: str = ""  # FEEL: what a thrown message carries
    result: str = ""  # variable that a caught message fills
    forget: bool = False  # a thrown message that nobody waits for is forgotten, and no incident


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws."""

    kind: str  # timer | message | signal | error | escalation | conditional | link | compensate | terminate | cancel
    ref: str = ""  # id of the message, error, escalation or signal; of the activity to compensate
    name: str = ""  # its name
    code: str = ""  # its error or escalation code
    timer: str = ""  # date | duration | cycle
    text: str = ""  # FEEL or ISO text of the timer, or the condition

    @property
    def known_as(self) -> str:
        """By what a message or signal is told from others: its name, or the id of one without."""
        return self.name or self.ref


@dataclass(frozen=True, slots=True)
class Loop:
    """A repeated activity."""

    sequential: bool
    standard: bool = False  # a standard loop, not multi-instance
    before: bool = False  # standard loop: testBefore
    maximum: str = ""  # standard loop: loopMaximum
    condition: str = ""  # standard loop: FEEL, goes on while true
    cardinality: str = ""
    collection: str = ""  # loopDataInputRef: variable to take the items from
    item: str = ""  # inputDataItem: variable of one item
    output: str = ""  # loopDataOutputRef
    output_item: str = ""
    completion: str = ""  # completionCondition
    behavior: str = "All"  # which events an instance throws when it is done: All (none), None, One, Complex
    throws: tuple[tuple[str, Event], ...] = ()  # (FEEL condition or "" for each instance, what is thrown)


@dataclass(frozen=True, slots=True)
class AdHoc:
    """How an ad-hoc sub-process goes on, and until when."""

    condition: str  # completionCondition, FEEL
    sequential: bool  # ordering: one activity at a time
    cancels: bool  # cancelRemainingInstances: what is still done then is cancelled


@dataclass(frozen=True, slots=True)
class Script:
    """The text of a script task."""

    format: str
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane; ``assignments`` falls back to the enclosing lane's."""

    id: str
    name: Text
    assignments: tuple[Assignment, ...]
    line: int
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node."""

    id: str
    tag: str  # local name in BPMN: "userTask", "exclusiveGateway"...
    name: Text
    process_id: str
    line: int
    lane_id: str | None = None
    assignments: tuple[Assignment, ...] = ()  # its lane's
    seen: tuple[Seen, ...] = ()  # its own and its lane's
    confidential: tuple[Confidential, ...] = ()
    description: Text = ("", "")
    articles: tuple[str, ...] = ()
    form: str | None = None
    into: str = ""  # variable of the submission
    outcomes: tuple[Outcome, ...] = ()
    deadline: Deadline | None = None
    not_actor_of: tuple[str, ...] = ()
    stood_aside: tuple[tuple[str, str], ...] = ()  # (element, outcome): who answered so there does not act here
    not_actor_of_cases: tuple[str, ...] = ()  # FEEL: numbers of other cases; who acted there does not act here
    not_people: tuple[str, ...] = ()  # FEEL: a login, or a list of logins, of people who do not act here
    verbs: tuple[Verb, ...] = ()  # what the diagram says of what its holder may do beside deciding
    sealing: Sealing = NOTHING  # what is handed in here sealed, or opened
    operation: OperationCall | None = None
    public: Public | None = None  # service task: the page that it shows to everybody
    ending: str = "completed"  # end event: how the case stands that ends there: completed | refused | withdrawn
    decision: DecisionCall | None = None
    script: Script | None = None
    loop: Loop | None = None
    events: tuple[Event, ...] = ()
    parallel: bool = False  # parallelMultiple: of several triggers all must come
    parts: tuple[Element, ...] = ()  # of an event with several triggers: one that waits for each
    whole: str = ""  # of such a part: the id of the event
    activation: str = ""  # complex gateway, FEEL: which tokens let it go on (activationCondition)
    start_quantity: int = 1  # tokens that an activity uses up to begin
    completion_quantity: int = 1  # tokens that it puts on each way out
    interrupting: bool = True  # cancelActivity of a boundary event, isInterrupting of a start event
    attached_to: str | None = None  # boundary event: its activity
    correlation: Correlation = Correlation()
    opening: Opening | None = None  # of what opens a case when its message, signal or time comes
    for_each: ForEach | None = None  # of what a time opens cases for
    ad_hoc: AdHoc | None = None
    instantiate: bool = False  # a receive task whose message opens a case
    compensation: bool = False  # isForCompensation: runs only to compensate another activity
    handler: str | None = None  # compensation boundary event: id of the activity that compensates
    data: tuple[str, ...] = ()  # sub-process: ids of its data objects, variables of each instance of it
    default: str | None = None  # id of the default flow
    called: str | None = None  # call activity: id of the called process
    passes: Passing | None = None  # call activity: what it hands over and takes back; None: all data are shared
    parent: str | None = None  # id of the enclosing sub-process
    event_triggered: bool = False  # an event sub-process
    incoming: tuple[str, ...] = ()  # flow ids
    outgoing: tuple[str, ...] = ()

    @property
    def event(self) -> Event | None:
        """Its event definition, the first of several (see ``parts``); of a send or receive task, its message."""
        return self.events[0] if self.events else None

    @property
    def opens(self) -> bool:
        """Whether a message, a signal or a time opens a case here (BPMN 2.0, 13.5.1); in the process itself alone."""
        return self.instantiate or (self.tag == "startEvent" and self.parent is None and bool(self.events))

    def part(self, name: str) -> Element:
        """The part of that id; the element itself when it has none of that id."""
        return next((one for one in self.parts if one.id == name), self)


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow. ``source`` and ``target`` are ids; that they exist is for the checks."""

    id: str
    name: Text
    source: str
    target: str
    condition: str | None
    line: int
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a file; ``elements`` and ``flows`` hold those of its sub-processes too (``Element.parent``)."""

    id: str
    name: Text
    line: int
    executable: bool = False
    number: str = ""  # pattern of the case number, such as "GW{year}-{seq:05}"
    title: str = ""  # FEEL, as is
    summary: str = ""
    description: Text = ("", "")
    group: Group = NO_GROUP
    starters: tuple[Assignment, ...] = ()  # of the start event's lane
    start_form: str | None = None
    columns: tuple[Column, ...] = ()  # of lists
    cancellers: tuple[Assignment, ...] = ()
    concerns: tuple[Concern, ...] = ()
    personal: frozenset[str] = frozenset()  # variables, or members of them, that say something of a person
    seeing: Seeing = NOTHING_SAID
    articles: tuple[str, ...] = ()
    lanes: dict[str, Lane] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)

    @property
    def start(self) -> Element | None:
        """The plain start event of the process itself, if there is one."""
        return next((e for e in self.elements.values() if e.tag == "startEvent" and not (e.events or e.parent)), None)


@dataclass(frozen=True, slots=True)
class Diagram:
    """A file: its processes, and the bytes as published (for the viewer and for the runtime's parser)."""

    file: str
    processes: tuple[Process, ...]
    xml: bytes

    @property
    def to_run(self) -> tuple[Process, ...]:
        """The processes that say that they run; where none does, those in which there is something to run."""
        said = tuple(process for process in self.processes if process.executable)
        return said or tuple(process for process in self.processes if process.elements)
