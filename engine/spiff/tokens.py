"""Tokens and scopes: SpiffWorkflow's ``Task`` and ``Workflow`` without prediction, history and log.

What they belong to is made above; ``ProcessInstance`` says what is asked of it. The tokens of a stored
state stay asleep, as text, until somebody asks for them: a step costs what it touches and not what the case holds (a
multi-instance of a thousand people).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, cast

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.diagram import Element, Flow
from engine.spiff.contract import Host, Waited
from engine.spiff.marks import EVENTS, OF, InternalData
from engine.spiff.specs import FlowNode, ScopeSpec
from engine.spiff.stored import dumps, loads

_EXTRAS: Final = ("data", "waits", "log", "interrupted", "over", "broken", "depth", "ended_by", "shut")
"""What of a scope is stored beside its tokens, when there is something to store."""


class Token(Task):  # type: ignore[misc]
    """A token of BPMN (2.0, 7.1.1): stands at one node. ``data`` are the variables that only it sees."""

    workflow: Scope
    task_spec: FlowNode[Token]
    data: dict[str, Any]
    internal_data: InternalData
    shut = False

    def __init__(self, scope: Scope, node: FlowNode[Token], number: int, flow: str | None = None) -> None:
        super().__init__(scope, node, None, TaskState.FUTURE, number)
        self.flow = flow

    def _set_state(self, value: int) -> None:
        """SpiffWorkflow writes a log line that nobody reads for every change."""
        self._state = value

    @property
    def number(self) -> int:
        """Its number in the case."""
        own: int = self.id
        return own

    @property
    def around(self) -> Scope:
        """The scope that it is in."""
        return self.workflow

    @property
    def label(self) -> str:
        """The id of the element at which it stands."""
        return self.task_spec.element.id

    def keeps(self, name: str) -> bool:
        """An instance of a multi-instance keeps what is set in it, any other token what is there already."""
        return self.task_spec.private or name in self.data

    @property
    def waits(self) -> dict[str, Waited]:
        """What this token waits for, by event element."""
        found: dict[str, Waited] = self.internal_data.setdefault(EVENTS, {})
        return found

    @property
    def alive(self) -> bool:
        """Whether it has neither gone on nor been cancelled."""
        return self.workflow.tasks.get(self.id) is self

    def text(self) -> str:
        """The token as it is stored."""
        internal = {key: value for key, value in self.internal_data.items() if value is not None and value != {}}
        row = [self.task_spec.name, self._state, self.flow, self.data or None, internal or None]
        while row[-1] is None:
            row.pop()
        return dumps(row).decode()


class Scope(Workflow):  # type: ignore[misc]
    """A running process or sub-process: its tokens, its own variables, what it waits for, what can be compensated."""

    spec: ScopeSpec
    tasks: dict[int, Token]

    def __init__(self, instance: ProcessInstance, number: int, spec: ScopeSpec, place: tuple[int, int] | None) -> None:
        super().__init__(spec, deserializing=True)
        self.instance = instance
        self.number = number
        self.place = place  # (number of the scope around it, number of the token that has opened it)
        self.data: dict[str, Any] = {}
        self.waits: dict[str, Waited] = {}
        self.log: list[list[Any]] = []  # completed activities that can be compensated, oldest first
        self.interrupted = False  # no event sub-process may start (any more)
        self.over = False  # the completion condition of an ad-hoc sub-process has held
        self.broken = False  # terminated or interrupted: nothing of it can be compensated later
        self.depth = 0
        self.ended_by = ""
        self.shut = False  # a called process that sees what it is handed, nothing else
        self._asleep: dict[str, str] = {}

    @property
    def owner(self) -> Token | None:
        """The token that stands at the sub-process; None for the process itself."""
        return None if self.place is None else self.instance.scope(self.place[0]).token(self.place[1])

    @property
    def around(self) -> Token | None:
        """The same, as a place."""
        return self.owner

    @property
    def label(self) -> str:
        """The id of the process or sub-process."""
        name: str = self.spec.name
        return name

    def keeps(self, name: str) -> bool:
        """Only what is declared there; all of it where nothing goes out."""
        return self.shut or name in self.data

    def __len__(self) -> int:
        return len(self.tasks) + len(self._asleep)

    def lay(self, texts: dict[str, str]) -> None:
        """Take over tokens of a stored state, asleep: number to text."""
        self._asleep |= texts

    def take(self, number: int) -> str | None:
        """Take a token out as it is stored; None when it is not here."""
        token = self.tasks.pop(number, None)
        return self._asleep.pop(str(number), None) if token is None else token.text()

    def row(self) -> list[Any]:
        """The scope as it is stored. Its place first: by that it is found asleep."""
        extras = {name: getattr(self, name) for name in _EXTRAS}
        kept = {name: value for name, value in extras.items() if value}
        row = [self.place, self.spec.name, self.texts()]
        return [*row, kept] if kept else row

    def texts(self) -> dict[str, str]:
        """All tokens as they are stored."""
        return self._asleep | {str(number): token.text() for number, token in self.tasks.items()}

    def standing(self) -> Iterator[tuple[int, str, str | None]]:
        """(number, node, flow by which it came) of every token, none of them woken."""
        for number, text in self._asleep.items():
            name, _, flow, *_ = filled(text)
            yield int(number), name, flow
        yield from ((token.id, token.task_spec.name, token.flow) for token in self.tasks.values())

    def only_events(self) -> bool:
        """Whether nothing but event sub-processes runs here."""
        return all(name in self.spec.event_nodes for _, name, _ in self.standing())

    def holds(self, number: int) -> bool:
        """Whether the token of that number is here."""
        return number in self.tasks or str(number) in self._asleep

    def token(self, number: int) -> Token:
        """The token of that number, awake. Raises KeyError."""
        if number not in self.tasks:
            name, state, flow, data, internal = filled(self._asleep.pop(str(number)))
            token = Token(self, self.spec.task_specs[name], number, flow)
            token._state, token.data = state, data or {}
            token.internal_data = cast(InternalData, internal or {})
        return self.tasks[number]

    def tokens(self, names: frozenset[str] | None = None) -> list[Token]:
        """All tokens, or those at the nodes of these names, awake, oldest first."""
        if self.instance.families.apart:
            self.instance.families.lay_in(self, names)
        numbers = [number for number, name, _ in self.standing() if names is None or name in names]
        return [self.token(number) for number in sorted(numbers)]

    def belonging(self, key: str, number: int) -> list[Token]:
        """The tokens whose internal entry ``key`` is that number, awake (instances of a loop, for their whole)."""
        if key == OF and self.instance.families.apart:
            self.instance.families.lay_all(number)
        self._wake(f'"{key}":{number}')
        found = [token.id for token in self.tasks.values() if token.internal_data.get(key) == number]
        return [self.token(one) for one in sorted(found)]

    def waiting(self) -> list[tuple[int, str]]:
        """(number of the token, event element) of everything that the tokens here wait for, those awake."""
        self._wake(f'"{EVENTS}":{{')
        return [
            (number, name)
            for number, token in sorted(self.tasks.items())
            for name in token.internal_data.get(EVENTS, ())
        ]

    def _wake(self, mark: str) -> None:
        """Wake every token whose text may hold what is looked for."""
        for number in [number for number, text in self._asleep.items() if mark in text]:
            self.token(int(number))

    def _task_completed_notify(self, task: Task) -> None:
        """SpiffWorkflow would look at every waiting task here; joins look by themselves."""


class Crowds(Protocol):
    """The instances of large multi-instances, which sleep outside of the state (``engine.spiff.families``)."""

    apart: bool  # whether there may be any

    def lay_all(self, whole: int) -> None:
        """Lay every instance of the activity of that number."""

    def lay_in(self, scope: Scope, names: frozenset[str] | None) -> None:
        """Lay every instance in a scope, or those at the nodes of these names."""


class Listening(Protocol):
    """The events of an instance."""

    changed: bool  # a variable was set since conditions were asked

    def wait(self, place: Token | Scope, element: Element) -> None:
        """Wait at ``place`` for what ``element`` says."""

    def hear(self, name: str) -> None:
        """Let everything here that waits for a signal have it at once."""

    def begin_event(self, scope: Scope, start: Element) -> None:
        """Start an event sub-process."""


class ProcessInstance(Protocol):
    """What scopes, and the nodes at which their tokens stand, ask of the instance that they belong to."""

    host: Host
    called: Mapping[str, ScopeSpec]
    scopes: dict[int, Scope]  # those awake
    queue: deque[Token]
    opened: dict[int, Token]

    @property
    def events(self) -> Listening:
        """Its events."""

    @property
    def families(self) -> Crowds:
        """Its crowds."""

    def open(self, spec: ScopeSpec, owner: Token | None, begin: bool = True, at: str = "") -> Scope:
        """A new scope below ``owner``."""

    def scope(self, number: int) -> Scope:
        """The scope of that number, awake. Raises KeyError."""

    def everywhere(self, asking: bool = False) -> list[Scope]:
        """All scopes, awake, oldest first; or all that may be ``asking``: waiting for a condition."""

    def close(self, scope: Scope) -> None:
        """Forget a scope and what it waits for."""

    def empty(self, scope: Scope, but: Token | None = None) -> None:
        """Cancel every token of a scope, except one."""

    def abort(self, element: Element) -> None:
        """End the whole instance at ``element``."""

    def enter(
        self,
        scope: Scope,
        name: str,
        flow: str | None = None,
        data: Mapping[str, Any] | None = None,
        internal: InternalData | None = None,
    ) -> None:
        """Put a token at a node."""

    def attach(self, token: Token) -> None:
        """A token has come to its node: wait for what its boundary events wait for."""

    def leave(self, token: Token, flows: Sequence[Flow]) -> None:
        """A token has completed its node: it goes out by ``flows``, or back to whom it works for."""

    def gone(self, token: Token) -> None:
        """Take a token out: it has gone on, or was cancelled with everything that hangs on it."""

    def whole(self, token: Token) -> Token:
        """The token of the whole activity: of an instance, that of the repeated activity."""

    def note(self, element: Element) -> None:
        """Tell the host that a token passes."""


def filled(text: str) -> list[Any]:
    """Node, state, flow, data and internal entries of a stored token."""
    return [*loads(text), None, None, None][:5]
