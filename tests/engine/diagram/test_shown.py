"""What a viewer gets: UTF-8, and a drawing where the designer made none."""

import re
from itertools import combinations

import pytest

from engine.diagram import read_diagram, shown
from engine.files.xml import parse, split
from tests.engine.bpmn.walks import constructs
from tests.engine.checks.tiny import drawn, end, gateway, process, start, sub, user

PLANE = re.compile(rb"<BPMNPlane.*</BPMNPlane>")
UNDRAWN = [path for one in constructs() for path in sorted(one.folder.glob("*.bpmn")) if not one.refused]


def places(text):
    """Id of an element to (left, top, right, bottom)."""
    found = {}
    for node in parse(text.encode(), what="x").iter():
        if split(node)[1] == "BPMNShape":
            x, y, width, height = (float(str(node[0].get(name))) for name in ("x", "y", "width", "height"))
            found[node.get("bpmnElement")] = (x, y, x + width, y + height)
    return found


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("file", UNDRAWN[::4], ids=lambda file: file.parent.name)
def test_every_element_and_flow_of_an_undrawn_process_gets_a_place_of_its_own(file):
    data = file.read_bytes()
    process = next(one for one in read_diagram("x", data).processes if one.executable)
    text = shown("x", data)
    found = places(text)
    assert found.keys() == process.elements.keys()
    edges = {node.get("bpmnElement") for node in parse(text.encode(), what="x").iter() if split(node)[1] == "BPMNEdge"}
    assert edges == process.flows.keys()
    for one, other in combinations(process.elements.values(), 2):
        beside = one.parent == other.parent and not (one.attached_to or other.attached_to)
        assert not (beside and overlap(found[one.id], found[other.id])), (one.id, other.id)
    for one in process.elements.values():
        if one.parent and not one.attached_to:
            outer, inner = found[one.parent], found[one.id]
            assert outer[0] < inner[0] and outer[1] < inner[1] and inner[2] < outer[2] and inner[3] < outer[3]


def test_what_is_drawn_is_left_as_it_is():
    data = process(start(), user(), end(), flows="begin>review>end")
    assert shown("x", data) == data.decode()


def test_an_empty_drawing_stands_behind_ours():
    data = PLANE.sub(b'<d:BPMNDiagram xmlns:d="urn:d"/>', process(start(), user(), end(), flows="begin>review>end"))
    text = shown("x", data)
    assert text.index("bpmndi:BPMNDiagram") < text.index("d:BPMNDiagram xmlns:d=")
    assert places(text).keys() == {"begin", "review", "end"}


def test_a_way_back_and_a_wide_split_are_laid_out():
    parts = (
        start(),
        user("a"),
        gateway("x"),
        *(user(f"b{i}") for i in range(9)),
        sub("s", start("i"), end("j"), flows="i>j"),
    )
    flows = "begin>a>x;x>a;" + ";".join(f"x>b{i}>s" for i in range(9)) + ";s>end"
    found = places(shown("x", PLANE.sub(b"", process(*parts, end(), flows=flows))))
    assert found["begin"][0] < found["a"][0] < found["x"][0] < found["b0"][0] < found["s"][0] < found["end"][0]
    assert drawn(flows).count("<sequenceFlow") == 22


def test_a_file_in_another_encoding_is_shown_in_utf_8():
    data = process(start(), user(), end(), flows="begin>review>end").decode()
    old = f'<?xml version="1.0" encoding="GBK"?>{data}'.encode("gbk")
    assert shown("x", old) == f'<?xml version="1.0" encoding="UTF-8"?>{data}'
