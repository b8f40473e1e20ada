"""Names of XML things and the notebook of problems found while reading. Knows no rule."""

from __future__ import annotations

from typing import Final

from engine.errors import Problem
from engine.files.xml import Node, line_of, split
from engine.words import Said, Words, say

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
GW: Final = "urn:gangwei:bpmn:1"

UNNAMED: Final = "#"
"""Stands in an id that we have given to what has none of its own; no id of XML holds it."""

SUB_PROCESSES: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GLOBAL_TASKS: Final = {
    "globalUserTask": "userTask", "globalScriptTask": "scriptTask", "globalBusinessRuleTask": "businessRuleTask",
}  # fmt: skip
"""A task beside the processes, and what a call activity is that calls it (BPMN 2.0, 10.3.7)."""
FLOW_NODES: Final = SUB_PROCESSES | {
    "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask",
    "callActivity", "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
    "exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway",
}  # fmt: skip


def place_of(node: Node) -> str:
    """The id a designer can look for: the node's own or the nearest one around it; else its line."""
    at: Node | None = node
    while at is not None:
        if at.get("id") and split(at)[0] != GW:
            return str(at.get("id"))
        at = at.getparent()
    return f"line {line_of(node)}"


class Notes:
    """Collects problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, node: Node, what: Words, hint: Said = "") -> None:
        """Note one problem at ``node``."""
        line = line_of(node)
        self.problems.append(Problem(self.file, place_of(node), say("第{line}行：{what}", line=line, what=what), hint))
