"""Activities: people's tasks, the machine's tasks, sub-processes and calls."""

from __future__ import annotations

from typing import Any

from engine.spiff import compensation
from engine.spiff.marks import UNDO
from engine.spiff.nodes import Node
from engine.spiff.specs import ScopeSpec
from engine.spiff.tokens import Token


class UserTask(Node):
    """A task that a person completes (BPMN 2.0, 10.3.3.1)."""

    def __init__(self, *what: Any) -> None:
        super().__init__(*what)
        self.manual = True

    def _on_ready_hook(self, token: Token) -> None:
        token.workflow.instance.attach(token)
        token.workflow.instance.opened[token.id] = token


class PerformedTask(Node):
    """A service, script, business rule or send task (BPMN 2.0, 10.3.3): the host performs it by its element."""

    def _run_hook(self, token: Token) -> bool:
        token.workflow.instance.host.perform(self.element, token)
        return True


class SubProcess(Node):
    """An embedded, called, transaction or event sub-process: its token waits while a scope of its own runs."""

    called: ScopeSpec

    def _run_hook(self, token: Token) -> None:
        if UNDO in token.internal_data:
            compensation.undo_inside(token, self.called)
        else:
            token.workflow.instance.open(self.called, token)

    def log(self, token: Token) -> None:
        """A completed sub-process is worth keeping when there is a handler, or something inside to undo."""
        inside, data = token.internal_data.get("log", []), token.internal_data.get("data", {})
        own = any(start.event and start.event.kind == "compensate" for start in self.called.event_starts)
        if self.undone_by or inside or own:
            compensation.record(token, inside, data)
