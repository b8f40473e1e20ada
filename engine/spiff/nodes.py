"""The nodes of a diagram as SpiffWorkflow's specs: gateways, plain events, and what all nodes share."""

from __future__ import annotations

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element, Flow
from engine.errors import EngineFailed
from engine.semantics import DEFAULT_BESIDE_PLAIN
from engine.spiff import compensation
from engine.spiff.marks import CAME, HELD
from engine.spiff.specs import ScopeSpec
from engine.spiff.tokens import Token
from engine.words import say


class Node(TaskSpec):  # type: ignore[misc]
    """A flow node. A token that completes here goes out by every flow whose condition holds (BPMN 2.0, 8.4.13)."""

    notes: bool = True  # whether completing is what the history tells
    logs: bool = False  # whether it can be compensated once it is completed
    private: bool = False  # an instance of a multi-instance: what is assigned inside stays inside
    inner: str = ""  # of a repeated activity: the node of one instance
    undone_by: str | None = None  # the activity that compensates this one
    wanted: int = 1  # tokens that it uses up to begin (startQuantity)
    given: int = 1  # tokens that it puts on each way out (completionQuantity)

    def __init__(self, spec: ScopeSpec, element: Element, name: str = "") -> None:
        super().__init__(spec, name or element.id)
        self.element = element
        self.flows: tuple[Flow, ...] = ()
        self.boundaries: tuple[Element, ...] = ()

    def test(self) -> None:
        """SpiffWorkflow wants a predecessor; the checks know better who needs one."""

    def _update_hook(self, token: Token) -> bool:
        return self.wanted == 1 or self._gathered(token)

    def _gathered(self, token: Token) -> bool:
        """Whether as many tokens are there as the activity uses up to begin, by whichever flows (BPMN 2.0, 13.3.2)."""
        if token.internal_data:  # it works for somebody who has entered it alone
            return True
        held = [other for other in token.workflow.belonging(HELD, 1) if other.task_spec is self]
        if len(held) + 1 < self.wanted:
            token.internal_data[HELD] = 1
            token._set_state(TaskState.WAITING)
            return False
        for other in held:
            token.workflow.instance.gone(other)
        return True

    def _on_ready_hook(self, token: Token) -> None:
        token.workflow.instance.attach(token)
        token.workflow.instance.queue.append(token)

    def _run_hook(self, token: Token) -> bool | None:
        return True

    def _on_complete_hook(self, token: Token) -> None:
        token.workflow.instance.leave(token, self.choose(token))

    def _on_cancel(self, token: Token) -> None:
        token.workflow.instance.gone(token)

    def log(self, token: Token) -> None:
        """Keep that an activity was completed that can be compensated."""
        compensation.record(token, [], {})

    def choose(self, token: Token) -> list[Flow]:
        """The plain flows, and those whose condition holds; the default flow when no condition holds.

        Plain flows are a parallel split and the others an inclusive one, whose default is taken "when none of the
        conditionExpressions on other outgoing Sequence Flows evaluate to true" (BPMN 2.0, 13.3.2 and table 10.3).
        """
        default = self.element.default
        taken = [flow for flow in self.flows if flow.id != default and self.holds(flow, token)]
        if not taken or not default:
            return taken or self.otherwise()
        beside = token.workflow.instance.host.semantics >= DEFAULT_BESIDE_PLAIN
        return [*taken, *self.otherwise()] if beside and not any(flow.condition for flow in taken) else taken

    def otherwise(self) -> list[Flow]:
        """The default flow. Raises EngineFailed when there are flows and none can be taken (BPMN 2.0, 13.4.1)."""
        found = [flow for flow in self.flows if flow.id == self.element.default]
        if self.flows and not found:
            name, own = self.element.name, self.element.id
            raise EngineFailed(detail=say("“{name}（{id}）”之后没有一条分支的条件成立", name=name, id=own))
        return found

    def holds(self, flow: Flow, token: Token) -> bool:
        """Whether a flow may be taken."""
        return not flow.condition or token.workflow.instance.host.holds(flow.condition, token)


class ExclusiveGateway(Node):
    """Takes the first flow whose condition holds (BPMN 2.0, 13.4.1)."""

    def choose(self, token: Token) -> list[Flow]:
        default = self.element.default
        found = next((flow for flow in self.flows if flow.id != default and self.holds(flow, token)), None)
        return self.otherwise() if found is None else [found]


class EventGateway(Node):
    """Waits until the first of the events behind it happens (BPMN 2.0, 13.4.4)."""

    catches: tuple[Element, ...] = ()

    def _run_hook(self, token: Token) -> None:
        for element in self.catches:
            token.workflow.instance.events.wait(token, element)

    def happened(self, token: Token, element: Element) -> None:
        """One of the events has come: the token passes it, and the others are no longer waited for."""
        flow = next(flow for flow in self.flows if flow.target == element.id)
        scope, instance = token.workflow, token.workflow.instance
        instance.note(self.element)
        instance.gone(token)
        instance.enter(scope, element.id, flow.id, internal={CAME: True})


class Catch(Node):
    """An intermediate catch event or a receive task: waits for what its element says."""

    def _run_hook(self, token: Token) -> bool | None:
        if token.internal_data.pop(CAME, False):
            return True
        token.workflow.instance.events.wait(token, self.element)
        return None
