"""One flow node as facts: events, loops, scripts and the extensions on it. Knows nothing of its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from engine.diagram.extensions import Extensions, name_of
from engine.diagram.model import PART, AdHoc, Correlation, Element, Event, Loop, Script
from engine.diagram.notes import BPMN, GLOBAL_TASKS
from engine.diagram.sealing import withheld
from engine.diagram.seeing import read_confidential, read_seen
from engine.files.xml import Node, line_of, split

_EVENTS: Final = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "compensateEventDefinition": "compensate",
    "terminateEventDefinition": "terminate",
    "cancelEventDefinition": "cancel",
}
QUANTITY: Final = re.compile(r"[1-9]\d?|100")
"""How many tokens an activity may ask for, and give."""
_BEHAVIORS: Final = {"noneBehaviorEventRef": "", "oneBehaviorEventRef": "numberOfCompletedInstances = 1"}
"""Of which attribute of a multi-instance the event is thrown when; "": when each instance is done."""
_TIMERS: Final = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
_CODES: Final = {"error": "errorCode", "escalation": "escalationCode"}


class Definitions:
    """What stands beside the processes of a file and is named by events: messages, signals, errors, escalations."""

    def __init__(self, root: Node) -> None:
        self._named = {
            str(node.get("id")): node
            for node in root
            if split(node)[0] == BPMN and split(node)[1] in {"message", "signal", "error", "escalation", *_EVENTS}
        }
        tasks = (node for node in root if split(node)[0] == BPMN and split(node)[1] in GLOBAL_TASKS)
        self._tasks = {str(node.get("id")): node for node in tasks}

    def called_task(self, element: Element) -> Element:
        """A call activity that calls a global task is that task where it stands; any other element is itself.

        Who does it says the lane of the call activity, and what is submitted is the call's own.
        """
        node = self._tasks.get((element.called or "").rpartition(":")[2])
        if node is None:
            return element
        task = read_node(node, self, process_id=element.process_id)
        return replace(
            element,
            tag=GLOBAL_TASKS[split(node)[1]],
            called=None,
            name=element.name if element.name[0] else task.name,
            form=task.form,
            into=element.id if task.into == task.id else task.into,
            outcomes=task.outcomes,
            deadline=task.deadline,
            not_actor_of=task.not_actor_of,
            stood_aside=task.stood_aside,
            not_actor_of_cases=task.not_actor_of_cases,
            not_people=task.not_people,
            verbs=task.verbs,
            sealing=task.sealing,
            confidential=(*element.confidential, *task.confidential),
            decision=task.decision,
            script=task.script,
        )

    def event(self, node: Node) -> Event | None:
        """The event definition ``node`` as a fact; None when it is something else."""
        namespace, tag = split(node)
        kind = _EVENTS.get(tag) if namespace == BPMN else None
        if kind is None:
            return None
        if kind == "timer":
            return _timer(node)
        if kind == "conditional":
            return Event(kind, text=_child(node, "condition"))
        if kind == "link":
            return Event(kind, name=node.get("name") or "")
        return self._of(kind, node, "activityRef" if kind == "compensate" else f"{kind}Ref")

    def events(self, node: Node) -> tuple[Event, ...]:
        """All that a flow node waits for or throws; a send or receive task has its message on itself."""
        if split(node)[1] in {"sendTask", "receiveTask"} and node.get("messageRef"):
            return (self._of("message", node, "messageRef"),)
        return tuple(event for event in map(self.event, map(self._meant, node)) if event)

    def event_of(self, ref: str) -> Event | None:
        """The event definition of that id beside the processes."""
        node = self._named.get(ref.strip().rpartition(":")[2])
        return None if node is None else self.event(node)

    def _meant(self, node: Node) -> Node:
        """What stands there, or what it refers to: a definition that several events share (BPMN 2.0, 10.5.5)."""
        if split(node) != (BPMN, "eventDefinitionRef"):
            return node
        return self._named.get((node.text or "").strip().rpartition(":")[2], node)

    def _of(self, kind: str, node: Node, attribute: str) -> Event:
        ref = (node.get(attribute) or "").strip()
        named = self._named.get(ref)
        if named is None:
            return Event(kind, ref)
        return Event(
            kind, ref, name=named.get("name") or "", code=(named.get(_CODES[kind]) or "") if kind in _CODES else ""
        )


def read_node(node: Node, definitions: Definitions, **around: Any) -> Element:
    """The flow node ``node``; ``around`` holds the facts that come from its surroundings (process, lane, flows)."""
    _, tag = split(node)
    own = str(node.get("id") or "")
    extensions = Extensions(node)
    form, into = extensions.form()
    around["seen"] = (*read_seen(extensions.each("seen")), *around.get("seen", ()))
    element = Element(
        id=own,
        tag=tag,
        name=name_of(node),
        line=line_of(node),
        form=form,
        into=into or own,
        script=_script(node) if GLOBAL_TASKS.get(tag, tag) == "scriptTask" else None,
        loop=_loop(node, definitions),
        events=definitions.events(node),
        parallel=_true(node, "parallelMultiple"),
        activation=_child(node, "activationCondition"),
        start_quantity=_quantity(node, "startQuantity"),
        completion_quantity=_quantity(node, "completionQuantity"),
        ad_hoc=_ad_hoc(node) if tag == "adHocSubProcess" else None,
        instantiate=tag == "receiveTask" and _true(node, "instantiate"),
        compensation=_true(node, "isForCompensation") and not _undoes(node),
        interrupting=_interrupts(node, tag),
        **_named(node),
        event_triggered=_true(node, "triggeredByEvent"),
        data=tuple(str(found.get("id")) for found in node.iterfind(f"{{{BPMN}}}dataObject")),
        **_extended(extensions),
        **around,
    )
    return replace(element, parts=_parts(element)) if len(element.events) > 1 else element


def _extended(extensions: Extensions) -> dict[str, Any]:
    """What our own extension elements say of a node."""
    opening, for_each = extensions.begins()
    sealing = extensions.sealing()
    return {
        "description": extensions.description(),
        "articles": extensions.articles(),
        "outcomes": extensions.outcomes(),
        "deadline": extensions.deadline(),
        "not_actor_of": extensions.not_actor_of(),
        "stood_aside": extensions.stood_aside(),
        "not_actor_of_cases": extensions.not_actor_of_cases(),
        "not_people": extensions.not_people(),
        "verbs": withheld(extensions.verbs(), sealing),
        "sealing": sealing,
        "operation": extensions.operation(),
        "ending": extensions.ending(),
        "decision": extensions.decision(),
        "correlation": extensions.correlation(),
        "opening": opening,
        "for_each": for_each,
        "passes": extensions.passing(),
        "public": extensions.public(),
        "confidential": read_confidential(extensions.each("confidential"), "fields"),
    }


def _parts(element: Element) -> tuple[Element, ...]:
    """One element for each trigger of a multiple event. A message brings what the event says of messages."""
    return tuple(
        replace(
            element,
            id=f"{element.id}{PART}{number}",
            whole=element.id,
            events=(event,),
            correlation=element.correlation if event.kind == "message" else Correlation(),
        )
        for number, event in enumerate(element.events, 1)
    )


def _interrupts(node: Node, tag: str) -> bool:
    given = node.get("cancelActivity" if tag == "boundaryEvent" else "isInterrupting")
    return (given or "true").strip() in {"true", "1"}


def _named(node: Node) -> dict[str, Any]:
    """What the attributes of a node refer to."""
    names = {"attached_to": "attachedToRef", "default": "default", "called": "calledElement"}
    return {name: node.get(attribute) for name, attribute in names.items()}


def _undoes(node: Node) -> bool:
    """Whether it is an event sub-process that compensates what is around it: some tools mark it as a handler, too."""
    starts = node.iterfind(f"{{{BPMN}}}startEvent/{{{BPMN}}}compensateEventDefinition")
    return _true(node, "triggeredByEvent") and next(starts, None) is not None


def _ad_hoc(node: Node) -> AdHoc:
    cancels = (node.get("cancelRemainingInstances") or "true").strip() in {"true", "1"}
    return AdHoc(_child(node, "completionCondition"), node.get("ordering") == "Sequential", cancels)


def _script(node: Node) -> Script:
    return Script(node.get("scriptFormat") or node.get("scriptLanguage") or "", _child(node, "script"))


def _timer(node: Node) -> Event:
    for tag, kind in _TIMERS.items():
        found = node.find(f"{{{BPMN}}}{tag}")
        if found is not None:
            return Event("timer", timer=kind, text=(found.text or "").strip())
    return Event("timer")


def _loop(node: Node, definitions: Definitions) -> Loop | None:
    standard = node.find(f"{{{BPMN}}}standardLoopCharacteristics")
    if standard is not None:
        return Loop(
            sequential=True,
            standard=True,
            before=_true(standard, "testBefore"),
            maximum=(standard.get("loopMaximum") or "").strip(),
            condition=_child(standard, "loopCondition"),
        )
    found = node.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if found is None:
        return None
    return Loop(
        sequential=_true(found, "isSequential"),
        cardinality=_child(found, "loopCardinality"),
        collection=_child(found, "loopDataInputRef"),
        item=_name(found, "inputDataItem"),
        output=_child(found, "loopDataOutputRef"),
        output_item=_name(found, "outputDataItem"),
        completion=_child(found, "completionCondition"),
        behavior=(found.get("behavior") or "All").strip(),
        throws=tuple(_thrown(found, definitions)),
    )


def _thrown(loop: Node, definitions: Definitions) -> Iterator[tuple[str, Event]]:
    """What instances throw when they are done, and when (BPMN 2.0, table 10.29)."""
    for attribute, condition in _BEHAVIORS.items():
        event = definitions.event_of(loop.get(attribute) or "")
        if event is not None:
            yield condition, event
    for rule in loop.iterfind(f"{{{BPMN}}}complexBehaviorDefinition"):
        for thrown in rule.iterfind(f"{{{BPMN}}}event"):
            yield from ((_child(rule, "condition"), event) for event in definitions.events(thrown))


def _true(node: Node, attribute: str) -> bool:
    return (node.get(attribute) or "").strip() in {"true", "1"}


def _quantity(node: Node, attribute: str) -> int:
    """A number of tokens; what is none is told by the checks."""
    text = (node.get(attribute) or "").strip()
    return int(text) if QUANTITY.fullmatch(text) else 1


def _child(node: Node, tag: str) -> str:
    return (node.findtext(f"{{{BPMN}}}{tag}") or "").strip()


def _name(node: Node, tag: str) -> str:
    found = node.find(f"{{{BPMN}}}{tag}")
    return "" if found is None else str(found.get("name") or found.get("id") or "")
