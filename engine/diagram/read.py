"""From bytes to a ``Diagram``: processes, lanes, flow nodes and flows, by standard BPMN 2.0 whatever the prefix.

Tells only of what makes the facts themselves doubtful: missing or double ids, a broken extension. It reads on all the
same, so that `engine.checks` can tell of the rest; only a diagram without such a problem may run.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import lru_cache

from engine.diagram.assignment import Assignment
from engine.diagram.columns import read_columns
from engine.diagram.extensions import Extensions, name_of
from engine.diagram.foreign import leave_out_foreign
from engine.diagram.model import Diagram, Element, Flow, Lane, Process
from engine.diagram.nodes import Definitions, read_node
from engine.diagram.notes import BPMN, FLOW_NODES, GLOBAL_TASKS, GW, SUB_PROCESSES, UNNAMED, Notes
from engine.diagram.seeing import Seen, read_seeing, read_seen
from engine.diagram.vocabulary import check_extensions
from engine.errors import DefinitionInvalid, Problem
from engine.files import xml
from engine.files.xml import Node, line_of, split
from engine.words import say


def read_diagram(file: str, data: bytes) -> Diagram:
    """The facts of the BPMN file ``data``; ``file`` is its name in messages.

    Raises DefinitionInvalid with one Problem for each thing that cannot be read (element id and line in it).
    """
    diagram, problems = read_with_problems(file, data)
    if problems:
        raise DefinitionInvalid(problems)
    return diagram


@lru_cache(maxsize=16)
def read_with_problems(file: str, data: bytes) -> tuple[Diagram, tuple[Problem, ...]]:
    """The facts of a file as far as they can be read, and what is wrong with the reading of them.

    Whoever checks, tries and publishes a definition asks for the same ones in a row; nobody changes them.
    Raises DefinitionInvalid for what is no BPMN at all.
    """
    try:
        root = xml.parse(data, what=file)
    except xml.XmlRefused as error:
        place = f"line {error.facts['line']}"
        hint = say("请在建模工具里打开后另存为BPMN 2.0 XML（UTF-8）。")
        raise DefinitionInvalid((Problem(file, place, error.words, hint),)) from None
    notes = Notes(file)
    if root.tag != f"{{{BPMN}}}definitions":
        notes.add(root, say("这不是BPMN 2.0文件。"), say("请在建模工具里另存为BPMN 2.0 XML。"))
        raise DefinitionInvalid(tuple(notes.problems))
    leave_out_foreign(root)
    _check_ids(root, notes)
    check_extensions(root, notes)
    definitions = Definitions(root)
    processes = tuple(_process(node, definitions, notes) for node in root.iterfind(f"{{{BPMN}}}process"))
    return Diagram(file, processes, data), tuple(notes.problems)


_NAMED = FLOW_NODES.union(GLOBAL_TASKS, ("process", "sequenceFlow", "lane"))
"""What must have an id."""


def _check_ids(root: Node, notes: Notes) -> None:
    """Ids are unique in a whole file (drawing included): two of one name make every later message ambiguous.

    What has none, or one that is taken, is called by one of ours from here on, so that everything can be told apart.
    """
    first: dict[str, Node] = {}
    for node in root.iter():
        namespace, tag = split(node)
        own = node.get("id")
        if namespace == GW:
            continue
        if own is None:
            if namespace == BPMN and tag in _NAMED:
                what = say("“{tag}”没有id。", tag=tag)
                notes.add(node, what, say("请给它一个本文件里没有用过的id。"))
                node.set("id", f"{tag}{UNNAMED}{line_of(node)}.{len(first)}")
                first[str(node.get("id"))] = node
            continue
        if not own.strip() or own != "".join(own.split()):
            what = say("id“{own}”为空或含有空格。", own=own)
            notes.add(node, what, say("请只用字母、数字和下划线，并改正引用它的地方。"))
        if own in first:
            line = line_of(first[own])
            what = say("id“{own}”重复（另见第{line}行）。", own=own, line=line)
            notes.add(node, what, say("请把其中一个改成别的id，并改正引用它的连线和泳道。"))
            other = first[own] if _is_run(node) and not _is_run(first[own]) else node  # flows mean what runs
            first[own] = node if other is first[own] else first[own]
            other.set("id", f"{own}{UNNAMED}{line_of(other)}.{len(first)}")
            continue
        first[own] = node


def _is_run(node: Node) -> bool:
    return split(node)[0] == BPMN and split(node)[1] in FLOW_NODES | {"sequenceFlow", "process"}


class _Lanes:
    """The lanes of one process: which lane holds which node, and its assignments."""

    def __init__(self, process: Node, notes: Notes) -> None:
        self.lanes: dict[str, Lane] = {}
        self.lane_of: dict[str, str] = {}
        for lane_set in process.iterfind(f"{{{BPMN}}}laneSet"):
            self._read(lane_set, (), (), notes)

    def _read(self, lane_set: Node, inherited: tuple[Assignment, ...], around: tuple[Seen, ...], notes: Notes) -> None:
        for node in lane_set.iterfind(f"{{{BPMN}}}lane"):
            own = str(node.get("id") or "")
            extensions = Extensions(node)
            seen = (*read_seen(extensions.each("seen")), *around)
            lane = Lane(own, name_of(node), extensions.assignments() or inherited, line_of(node), seen)
            self.lanes[own] = lane
            children = node.find(f"{{{BPMN}}}childLaneSet")
            if children is not None:
                self._read(children, lane.assignments, lane.seen, notes)
            inner = {item.text for item in node.iterfind(f"{{{BPMN}}}childLaneSet//{{{BPMN}}}flowNodeRef")}
            for item in node.iterfind(f"{{{BPMN}}}flowNodeRef"):
                self._place((item.text or "").strip(), own, item.text in inner, item, notes)

    def _place(self, element: str, lane: str, nested: bool, at: Node, notes: Notes) -> None:
        """The innermost lane wins; modellers list an element in the outer lanes too."""
        if element in self.lane_of and not nested:
            notes.add(
                at, say("元素“{element}”同时在两个泳道里。", element=element), say("请在建模工具里把它只放进一个泳道。")
            )
        self.lane_of.setdefault(element, lane)


class _Body:
    """The flow nodes and flows of one process, those of its sub-processes included."""

    def __init__(self, node: Node, lanes: _Lanes, definitions: Definitions, notes: Notes) -> None:
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self._process_id = str(node.get("id") or "")
        self._lanes, self._definitions, self._notes = lanes, definitions, notes
        self._read_flows(node, None)
        handlers = {own.get("id") for own in node.iter() if own.get("isForCompensation") in {"true", "1"}}
        associations = [(a.get("sourceRef"), a.get("targetRef")) for a in node.iter(f"{{{BPMN}}}association")]
        associations.sort(key=lambda one: one[1] in handlers)  # a note may hang on the event, too: the handler wins
        self._associated = {source: target for source, target in associations if source and target}
        self._incoming: dict[str, list[str]] = defaultdict(list)
        self._outgoing: dict[str, list[str]] = defaultdict(list)
        for flow in self.flows.values():
            self._incoming[flow.target].append(flow.id)
            self._outgoing[flow.source].append(flow.id)
        self._read_elements(node, None, None)

    def _read_flows(self, scope: Node, parent: str | None) -> None:
        for node in scope:
            namespace, tag = split(node)
            if namespace == BPMN and tag in SUB_PROCESSES:
                self._read_flows(node, node.get("id"))
            elif namespace == BPMN and tag == "sequenceFlow":
                source, target = node.get("sourceRef"), node.get("targetRef")
                if not source or not target:
                    self._notes.add(node, say("连线缺少起点或终点。"), say("请在建模工具里把连线两端接到环节上。"))
                condition = node.find(f"{{{BPMN}}}conditionExpression")
                text = None if condition is None else (condition.text or "").strip()
                own = str(node.get("id") or "")
                self.flows[own] = Flow(own, name_of(node), source or "", target or "", text, line_of(node), parent)

    def _read_elements(self, scope: Node, parent: str | None, outer_lane: str | None) -> None:
        """Inside a sub-process, a node without a lane of its own is in the lane around it."""
        for node in scope:
            namespace, tag = split(node)
            if namespace != BPMN or tag not in FLOW_NODES:
                continue
            own = str(node.get("id") or "")
            lane = self._lanes.lane_of.get(own.split(UNNAMED, maxsplit=1)[0], outer_lane)
            element = read_node(
                node,
                self._definitions,
                process_id=self._process_id,
                parent=parent,
                lane_id=lane,
                assignments=self._lanes.lanes[lane].assignments if lane else (),
                seen=self._lanes.lanes[lane].seen if lane else (),
                incoming=tuple(self._incoming[own]),
                outgoing=tuple(self._outgoing[own]),
                handler=self._associated.get(own) if tag == "boundaryEvent" else None,
            )
            self.elements[own] = self._definitions.called_task(element)
            if tag in SUB_PROCESSES:
                self._read_elements(node, own, lane)


def _process(node: Node, definitions: Definitions, notes: Notes) -> Process:
    lanes = _Lanes(node, notes)
    body = _Body(node, lanes, definitions, notes)
    extensions = Extensions(node)
    number, title, summary = extensions.case()
    process = Process(
        id=str(node.get("id") or ""),
        name=name_of(node),
        line=line_of(node),
        executable=(node.get("isExecutable") or "").strip() in {"true", "1"},
        number=number,
        title=title,
        summary=summary,
        description=extensions.description(),
        group=extensions.group(),
        cancellers=extensions.assignments("canceller"),
        columns=read_columns(extensions.each("column")),
        concerns=extensions.concerns(),
        personal=extensions.personal(),
        seeing=read_seeing(extensions.each),
        articles=extensions.articles(),
        lanes=lanes.lanes,
        elements=body.elements,
        flows=body.flows,
    )
    start = process.start
    return process if start is None else replace(process, starters=start.assignments, start_form=start.form)
