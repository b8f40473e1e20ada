"""A diagram is also a drawing: everything has its place, lines are straight, and none runs over another or a shape."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from lxml import etree

from engine.diagram import read_diagram
from tests.workflows.world import WORKFLOWS

NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "dd": "http://www.omg.org/spec/DD/20100524/DI",
}
DIAGRAMS = sorted(WORKFLOWS.glob("*/*.bpmn"))
each_diagram = pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")


class Drawing:
    def __init__(self, path):
        data = path.read_bytes()
        root = etree.fromstring(data)
        self.processes = read_diagram(path.name, data).processes
        self.nodes = {key for process in self.processes for key in process.elements}
        self.flows = {key: flow for process in self.processes for key, flow in process.flows.items()}
        self.around = {
            key: one.parent for process in self.processes for key, one in (process.elements | process.flows).items()
        }
        self.hosts = {key: e.attached_to for p in self.processes for key, e in p.elements.items() if e.attached_to}
        self.lanes = {key for process in self.processes for key in process.lanes}
        self.boxes = {
            s.get("bpmnElement", ""): bounds(s.find("dc:Bounds", NS)) for s in root.iterfind(".//di:BPMNShape", NS)
        }
        self.labels = {
            shape.get("bpmnElement", ""): bounds(label)
            for shape in (*root.iterfind(".//di:BPMNShape", NS), *root.iterfind(".//di:BPMNEdge", NS))
            if (label := shape.find("di:BPMNLabel/dc:Bounds", NS)) is not None
        }
        self.lines = {
            edge.get("bpmnElement", ""): [
                (float(p.get("x", "")), float(p.get("y", ""))) for p in edge.iterfind("dd:waypoint", NS)
            ]
            for edge in root.iterfind(".//di:BPMNEdge", NS)
        }

    def holders(self, key):
        """The sub-processes around an element or a flow: it stands inside them, and so runs over none."""
        around = self.around.get(key)
        return {around, *self.holders(around)} if around else set()

    def strangers(self, key):
        """The elements that it must keep clear of; a boundary event sits on its activity."""
        attached = {event for event, host in self.hosts.items() if host == key}
        return self.nodes - {key, self.hosts.get(key)} - attached - self.holders(key)

    def pieces(self, flow):
        points = self.lines[flow]
        return list(pairwise(points))


def bounds(node):
    x, y, width, height = (float(node.get(name)) for name in ("x", "y", "width", "height"))
    return (x, y, x + width, y + height)


def inside(inner, outer):
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def piece_box(piece, slack=0.0):
    (ax, ay), (bx, by) = piece
    return (min(ax, bx) - slack, min(ay, by) - slack, max(ax, bx) + slack, max(ay, by) + slack)


def touch(one, other):
    a, b = piece_box(one), piece_box(other)
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


@each_diagram
def test_every_element_lane_and_flow_is_drawn(path):
    drawing = Drawing(path)
    assert drawing.nodes | drawing.lanes <= drawing.boxes.keys()
    assert drawing.flows.keys() == drawing.lines.keys()


@each_diagram
def test_every_element_stands_inside_its_lane(path):
    drawing = Drawing(path)
    for process in drawing.processes:
        for element in process.elements.values():
            if element.lane_id:
                assert inside(drawing.boxes[element.id], drawing.boxes[element.lane_id]), element.id


@each_diagram
def test_no_element_covers_the_name_of_a_lane(path):
    drawing = Drawing(path)
    for lane in drawing.lanes:
        left, top, _, bottom = drawing.boxes[lane]
        for key in drawing.nodes:
            assert not overlap(drawing.boxes[key], (left, top, left + 30, bottom)), (key, lane)


@each_diagram
def test_every_element_stands_inside_its_sub_process(path):
    drawing = Drawing(path)
    for key in drawing.nodes:
        for holder in drawing.holders(key):
            assert inside(drawing.boxes[key], drawing.boxes[holder]), (key, holder)


@each_diagram
def test_no_two_elements_overlap(path):
    drawing = Drawing(path)
    for one, other in combinations(sorted(drawing.nodes), 2):
        if one in drawing.strangers(other) and other in drawing.strangers(one):
            assert not overlap(drawing.boxes[one], drawing.boxes[other]), (one, other)


@each_diagram
def test_flows_run_straight_from_edge_to_edge(path):
    drawing = Drawing(path)
    for key, flow in drawing.flows.items():
        for (ax, ay), (bx, by) in drawing.pieces(key):
            assert ax == bx or ay == by, key
        for end, node in ((drawing.lines[key][0], flow.source), (drawing.lines[key][-1], flow.target)):
            left, top, right, bottom = drawing.boxes[node]
            assert end[0] in (left, right) or end[1] in (top, bottom), key
            assert left <= end[0] <= right and top <= end[1] <= bottom, key


@each_diagram
def test_no_flow_crosses_another_or_runs_through_an_element(path):
    drawing = Drawing(path)
    for one, other in combinations(sorted(drawing.flows), 2):
        for piece in drawing.pieces(one):
            assert not any(touch(piece, second) for second in drawing.pieces(other)), (one, other)
    for key, flow in drawing.flows.items():
        for node in drawing.strangers(key) - {flow.source, flow.target}:
            assert not any(overlap(piece_box(p), drawing.boxes[node]) for p in drawing.pieces(key)), (key, node)


@each_diagram
def test_labels_lie_on_no_line_and_no_element(path):
    drawing = Drawing(path)
    for owner, label in drawing.labels.items():
        for node in drawing.nodes - drawing.holders(owner):
            assert not overlap(label, drawing.boxes[node]), (owner, node)
        for flow in drawing.flows:
            assert not any(overlap(label, piece_box(p)) for p in drawing.pieces(flow)), (owner, flow)
    for one, other in combinations(sorted(drawing.labels), 2):
        assert not overlap(drawing.labels[one], drawing.labels[other]), (one, other)
