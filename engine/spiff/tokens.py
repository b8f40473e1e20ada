"""Tokens and scopes: SpiffWorkflow's ``Task`` and ``Workflow`` without prediction, history and log.

Rows of a stored state stay asleep until somebody asks for them, so that a step costs what it touches and not what the
case holds (a multi-instance of a thousand people).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.diagram import Element

if TYPE_CHECKING:
    from engine.spiff.instance import Instance
    from engine.spiff.nodes import Node

Row = list[Any]
"""[number, name of the node, state, flow, data, internal], without what is empty at its end."""

EVENTS: Final = "e"
"""In ``Token.internal_data``: what the token waits for beside itself, by event element."""
OF: Final = "of"
"""In ``Token.internal_data``: the number of the repeated activity that this is an instance of."""


class ScopeSpec(WorkflowSpec):  # type: ignore[misc]
    """The nodes of a process or sub-process, and what belongs to it as a whole. Shared, never changed by a run."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.begin: Node | None = None
        self.event_starts: tuple[Element, ...] = ()  # start events of the event sub-processes in it
        self.data_names: tuple[str, ...] = ()  # variables of each instance of it
        self.event_nodes: frozenset[str] = frozenset()  # names of these event sub-processes
        self.of_event: bool = False  # an event sub-process: compensation means the scope around it
        self.interrupts: bool = False  # an event sub-process that cancels all else in the scope around it
        self.joins: frozenset[str] = frozenset()  # names of inclusive gateways, which wait for what may still come
        self.conditional: frozenset[str] = frozenset()  # names of nodes that wait for a condition


class Token(Task):  # type: ignore[misc]
    """A token of BPMN (2.0, 7.1.1): stands at one node. ``data`` are the variables that only it sees."""

    workflow: Scope
    task_spec: Node

    def __init__(self, scope: Scope, node: Node, number: int, flow: str | None = None) -> None:
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
    def waits(self) -> dict[str, dict[str, Any]]:
        """What this token waits for, by event element."""
        found: dict[str, dict[str, Any]] = self.internal_data.setdefault(EVENTS, {})
        return found

    @property
    def alive(self) -> bool:
        """Whether it has neither gone on nor been cancelled."""
        return self.workflow.tasks.get(self.id) is self

    def row(self) -> Row:
        """The token as it is stored."""
        internal = {key: value for key, value in self.internal_data.items() if value is not None and value != {}}
        row = [self.id, self.task_spec.name, self._state, self.flow, self.data or None, internal or None]
        while row[-1] is None:
            row.pop()
        return row


class Scope(Workflow):  # type: ignore[misc]
    """A running process or sub-process: its tokens, its own variables, what it waits for, what can be compensated."""

    spec: ScopeSpec
    tasks: dict[int, Token]

    def __init__(self, instance: Instance, number: int, spec: ScopeSpec, place: tuple[int, int] | None) -> None:
        super().__init__(spec, deserializing=True)
        self.instance = instance
        self.number = number
        self.place = place  # (number of the scope around it, number of the token that has opened it)
        self.data: dict[str, Any] = {}
        self.waits: dict[str, dict[str, Any]] = {}
        self.log: list[list[Any]] = []  # completed activities that can be compensated, oldest first
        self.interrupted = False  # no event sub-process may start (any more)
        self.depth = 0
        self.ended_by = ""
        self._asleep: dict[int, Row] = {}

    @property
    def owner(self) -> Token | None:
        """The token that stands at the sub-process; None for the process itself."""
        return None if self.place is None else self.instance.scope(self.place[0]).token(self.place[1])

    def __len__(self) -> int:
        return len(self.tasks) + len(self._asleep)

    def lay(self, rows: list[Row]) -> None:
        """Take over the rows of a stored state, asleep."""
        self._asleep = {row[0]: row for row in rows}

    def rows(self) -> list[Row]:
        """All tokens as they are stored, in the order of their numbers."""
        rows = [*self._asleep.values(), *(token.row() for token in self.tasks.values())]
        return sorted(rows, key=lambda row: row[0])

    def standing(self) -> Iterator[tuple[int, str, str | None]]:
        """(number, node, flow by which it came) of every token, none of them woken."""
        yield from ((row[0], row[1], row[3] if len(row) > 3 else None) for row in self._asleep.values())
        yield from ((token.id, token.task_spec.name, token.flow) for token in self.tasks.values())

    def holds(self, number: int) -> bool:
        """Whether the token of that number is here."""
        return number in self.tasks or number in self._asleep

    def token(self, number: int) -> Token:
        """The token of that number, awake. Raises KeyError."""
        if number not in self.tasks:
            row = self._asleep.pop(number)
            token = Token(self, self.spec.task_specs[row[1]], number)
            token._state = row[2]
            token.flow, token.data, token.internal_data = _filled(row)
        return self.tasks[number]

    def tokens(self, names: frozenset[str] | None = None) -> list[Token]:
        """All tokens, or those at the nodes of these names, awake, oldest first."""
        numbers = [number for number, name, _ in self.standing() if names is None or name in names]
        return [self.token(number) for number in sorted(numbers)]

    def belonging(self, key: str, number: int) -> list[Token]:
        """The tokens whose internal entry ``key`` is that number (instances of a loop, handlers of a thrower)."""
        asleep = [row[0] for row in self._asleep.values() if len(row) > 5 and row[5].get(key) == number]
        awake = [token.id for token in self.tasks.values() if token.internal_data.get(key) == number]
        return [self.token(one) for one in sorted(asleep + awake)]

    def waiting(self) -> Iterator[tuple[int, str]]:
        """(number of the token, event element) of everything that the tokens here wait for, none of them woken."""
        for row in self._asleep.values():
            yield from ((row[0], name) for name in (row[5].get(EVENTS, ()) if len(row) > 5 else ()))
        for token in self.tasks.values():
            yield from ((token.id, name) for name in token.internal_data.get(EVENTS, ()))

    def _task_completed_notify(self, task: Task) -> None:
        """SpiffWorkflow would look at every waiting task here; joins look by themselves."""


def _filled(row: Row) -> Row:
    flow, data, internal, *_ = [*row[3:], None, None, None]
    return [flow, data or {}, internal or {}]
