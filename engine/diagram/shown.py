"""A BPMN file as a viewer gets it: in UTF-8, and with a drawing where the designer made none. Judges nothing."""

from __future__ import annotations

import re
from typing import Final

from engine.diagram.layout import draw
from engine.diagram.read import read_with_problems
from engine.files.xml import Node, in_utf8, parse, split

_PLACE: Final = re.compile(r"<(?:[\w.-]+:)?BPMNDiagram\b|</(?:[\w.-]+:)?definitions\s*>")
"""Before the first of these ours is put: a viewer opens the first drawing of a file."""


def shown(file: str, data: bytes) -> str:
    """The text of the file ``data``, published before. The process that runs is laid out if nothing of it is drawn."""
    text = in_utf8(data, file).decode()
    diagram, _ = read_with_problems(file, data)
    drawn = drawn_in(parse(data, what=file))
    undrawn = next((process for process in diagram.to_run if not drawn & process.elements.keys()), None)
    place = _PLACE.search(text)
    if undrawn is None or place is None:
        return text
    return text[: place.start()] + draw(undrawn) + text[place.start() :]


def drawn_in(root: Node) -> frozenset[str]:
    """The ids of what has a shape or an edge in the drawing."""
    own = (str(node.get("bpmnElement")) for node in root.iter() if split(node)[1] in {"BPMNShape", "BPMNEdge"})
    return frozenset(ref.rpartition(":")[2] for ref in own)
