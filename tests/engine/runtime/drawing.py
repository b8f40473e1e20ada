"""The random models of ``tests.engine.runtime.models`` drawn as BPMN, with the forms that they ask."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

from tests.engine.runtime.models import AdHoc, Choice, Loop, Many, Meet, Par, Race, Seq, SomeOf, Sub, Task, Watched

TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
LANE = """<bpmn:extensionElements><gw:case number="R{{seq:06}}" title="=&quot;随机&quot;"/></bpmn:extensionElements>
<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="县级工会"><bpmn:extensionElements>
<gw:assignment role="county_officer" where="same"/></bpmn:extensionElements>{refs}</bpmn:lane></bpmn:laneSet>"""
CHOICES = [{"value": str(n), "label": str(n)} for n in range(3)]
FORMS = {
    "plain": {"type": "textfield", "id": "plain_field", "key": "note", "label": "备注"},
    "pick": {"type": "number", "id": "pick_field", "key": "pick", "label": "选择"},
    "again": {"type": "checkbox", "id": "again_field", "key": "again", "label": "再来"},
    "picks": {"type": "checklist", "id": "picks_field", "key": "picks", "label": "选择", "values": CHOICES},
}


@dataclass
class _Writer:
    """Writes a model as BPMN."""

    xml: list[str] = field(default_factory=list)
    ids: Any = field(default_factory=lambda: count(1))
    tasks: list[str] = field(default_factory=list)

    def element(self, tag: str, name: str = "", inside: str = "", **attributes: str) -> str:
        name = name or f"{tag}_{next(self.ids)}"
        more = "".join(f' {key}="{value}"' for key, value in attributes.items())
        self.xml.append(f'<bpmn:{tag} id="{name}" name="{name}"{more}>{inside}</bpmn:{tag}>')
        return name

    def task(self, node: Task, form: str = "plain", more: str = "", **attributes: str) -> str:
        """A user task; ``form`` asks for the answer of that name."""
        outcome = '<gw:outcome id="done" name="完成" kind="submit"/>'
        into = attributes.pop("into", node.name)
        inside = f'<bpmn:extensionElements><gw:form ref="{form}" into="{into}"/>{outcome}</bpmn:extensionElements>'
        self.tasks.append(node.name)
        return self.element("userTask", node.name, inside + more, **attributes)

    def flow(self, source: str, target: str, condition: str = "") -> str:
        name = f"flow_{next(self.ids)}"
        text = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
        self.xml.append(
            f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{text}</bpmn:sequenceFlow>'
        )
        return name

    def block(self, node: Any) -> tuple[str, str]:
        """(entry, exit) element ids of a part."""
        if isinstance(node, Task):
            return (self.task(node),) * 2
        if isinstance(node, Seq):
            ends = [self.block(part) for part in node.parts]
            for before, behind in pairwise(ends):
                self.flow(before[1], behind[0])
            return ends[0][0], ends[-1][1]
        if isinstance(node, Par):
            split, join = self.element("parallelGateway"), self.element("parallelGateway")
            for entry, leave in map(self.block, node.parts):
                self.flow(split, entry)
                self.flow(leave, join)
            return split, join
        if isinstance(node, Choice):
            return self.choice(node)
        if isinstance(node, Loop):
            return self.loop(node)
        if isinstance(node, Watched):
            return self.watched(node)
        ways: dict[type, Any] = {Race: self.race, Meet: self.meet, SomeOf: self.some_of, AdHoc: self.ad_hoc}
        if type(node) in ways:
            drawn: tuple[str, str] = ways[type(node)](node)
            return drawn
        if isinstance(node, Many):
            order = ' isSequential="true"' if node.sequential else ""
            count = f"<bpmn:loopCardinality>{node.count}</bpmn:loopCardinality>"
            tag = "bpmn:multiInstanceLoopCharacteristics"
            return (self.task(node.task, more=f"<{tag}{order}>{count}</{tag}>"),) * 2
        return self.sub(node)

    def choice(self, node: Choice) -> tuple[str, str]:
        tag = "inclusiveGateway" if node.inclusive else "exclusiveGateway"
        ask = self.task(node.ask, "picks" if node.inclusive else "pick")
        split, join = f"split_{ask}", self.element(tag)
        self.flow(ask, split)
        default = ""
        for index, (entry, leave) in enumerate(map(self.block, node.parts)):
            chosen = f'list contains({ask}.picks, "{index}")' if node.inclusive else f"{ask}.pick = {index}"
            last = index == len(node.parts) - 1 and not node.inclusive
            flow = self.flow(split, entry, "" if last else chosen)
            default = flow if last else default
            self.flow(leave, join)
        if node.inclusive:
            default = self.flow(split, join)  # nothing picked
        self.element(tag, split, default=default)
        return ask, join

    def loop(self, node: Loop) -> tuple[str, str]:
        merge = self.element("exclusiveGateway")
        entry, leave = self.block(node.body)
        ask = self.task(node.ask, "again")
        decide = f"again_{ask}"
        self.flow(merge, entry)
        self.flow(leave, ask)
        self.flow(ask, decide)
        self.flow(decide, merge, f"{ask}.again")
        out = self.element("exclusiveGateway")
        default = self.flow(decide, out)
        self.element("exclusiveGateway", decide, default=default)
        return merge, out

    def sub(self, node: Sub) -> tuple[str, str]:
        return (self.element("subProcess", inside=self.inner(node.body)),) * 2

    def inner(self, body: Any, more: str = "", start: str = "", **attributes: str) -> str:
        """What is inside a sub-process: from a start event (which may have a trigger) to an end."""
        writer = _Writer(ids=self.ids, tasks=self.tasks)
        begin = writer.element("startEvent", inside=TIMER if start else "", name=start, **attributes)
        end = writer.element("endEvent")
        entry, leave = writer.block(body)
        writer.flow(begin, entry)
        writer.flow(leave, end)
        return "".join(writer.xml) + more

    def watched(self, node: Watched) -> tuple[str, str]:
        """A sub-process with the body, and the event on its border or inside; another around it holds what it adds."""
        name, ways = node.event.name, {True: "true", False: "false"}[node.interrupting]
        if node.inside:
            event = self.inner(node.then, start=name, isInterrupting=ways)
            writer = _Writer(ids=self.ids)
            writer.element("subProcess", inside=event, triggeredByEvent="true")
            return (self.element("subProcess", inside=self.inner(node.body, "".join(writer.xml))),) * 2
        outer = _Writer(ids=self.ids, tasks=self.tasks)
        start, host = outer.element("startEvent"), outer.element("subProcess", inside=outer.inner(node.body))
        outer.element("boundaryEvent", name, TIMER, attachedToRef=host, cancelActivity=ways)
        entry, leave = outer.block(node.then)
        outer.flow(start, host)
        outer.flow(name, entry)
        for last in (host, leave):
            outer.flow(last, outer.element("endEvent"))
        return (self.element("subProcess", inside="".join(outer.xml)),) * 2

    def meet(self, node: Meet) -> tuple[str, str]:
        split = self.element("parallelGateway")
        task = self.task(node.task, startQuantity=str(len(node.parts)))
        for entry, leave in map(self.block, node.parts):
            self.flow(split, entry)
            self.flow(leave, task)
        return split, task

    def some_of(self, node: SomeOf) -> tuple[str, str]:
        """A sub-process, which waits for the branches that come too late."""
        outer = _Writer(ids=self.ids, tasks=self.tasks)
        start, split = outer.element("startEvent"), outer.element("parallelGateway")
        condition = f"<bpmn:activationCondition>activationCount = {node.need}</bpmn:activationCondition>"
        meet, end = outer.element("complexGateway", inside=condition), outer.element("endEvent")
        outer.flow(start, split)
        for entry, leave in map(outer.block, node.parts):
            outer.flow(split, entry)
            outer.flow(leave, meet)
        entry, leave = outer.block(node.then)
        outer.flow(meet, entry)
        outer.flow(leave, end)
        return (self.element("subProcess", inside="".join(outer.xml)),) * 2

    def ad_hoc(self, node: AdHoc) -> tuple[str, str]:
        inner = _Writer(ids=self.ids, tasks=self.tasks)
        for task in node.tasks:
            inner.task(task)
        answer = f"{node.ask.name}_answer"  # each time that it is entered it has none
        inner.task(node.ask, "again", into=answer)
        inner.xml.append(f'<bpmn:dataObject id="{answer}"/>')
        until = f"<bpmn:completionCondition>{answer}.again = false</bpmn:completionCondition>"
        return (self.element("adHocSubProcess", inside="".join(inner.xml) + until),) * 2

    def race(self, node: Race) -> tuple[str, str]:
        gateway, merge = self.element("eventBasedGateway"), self.element("exclusiveGateway")
        for event, part in node.parts:
            self.flow(gateway, self.element("intermediateCatchEvent", event.name, TIMER))
            entry, leave = self.block(part)
            self.flow(event.name, entry)
            self.flow(leave, merge)
        return gateway, merge


def bpmn(node: Any) -> bytes:
    """The model as an executable process that starts and ends plainly."""
    writer = _Writer()
    start, end = writer.element("startEvent"), writer.element("endEvent")
    entry, leave = writer.block(node)
    writer.flow(start, entry)
    writer.flow(leave, end)
    refs = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in (start, *writer.tasks))
    lane = LANE.format(refs=refs)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1">'
        '<bpmn:process id="random" name="随机" isExecutable="true">' + lane + "".join(writer.xml) + "</bpmn:process>"
        "</bpmn:definitions>"
    ).encode()


def files(node: Any) -> dict[str, bytes]:
    """A folder that can be published: the diagram and the forms of its questions."""
    forms = {
        f"forms/{name}.form.json": json.dumps(
            {"type": "default", "id": name, "schemaVersion": 18, "components": [field]}
        ).encode()
        for name, field in FORMS.items()
    }
    return {"process.bpmn": bpmn(node), **forms}
