"""Standard elements that explain, or belong to another part of a model: they change nothing that is run.

Some are understood as pictures and pass in silence; of the others one warning a file says that they have no effect, and
what does. None is looked into. Knows no extension of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.checks.report import Report
from engine.diagram.notes import BPMN, place_of
from engine.files.xml import Node, line_of, split
from engine.words import Said, Words, say

_PLACEHOLDER: Final = "__targetRef_placeholder"
"""The property that bpmn.io writes so that a drawn data association has something to point at."""
_PROPERTY: Final = f"{{{BPMN}}}property"
_ARROWS: Final = ("dataInputAssociation", "dataOutputAssociation")
_SERVICES: Final = (say("接口定义"), say("自动执行的操作请用gw:operation。"))
_PEOPLE: Final = (say("资源和参与方的定义"), say("办理人请用泳道及其gw:assignment。"))
_TALK: Final = (say("会话的画法"), say("收发消息请用消息事件和gw:correlation。"))
_LOOKS: Final = (say("给别的软件的说明"), "")
_DATA: Final = (say("数据关联的画法"), say("它只是图示；各环节直接读写事项的变量。"))

_WITHOUT_EFFECT: Final[dict[str, tuple[Words, Said]]] = {
    **dict.fromkeys(("interface", "operationRef", "endPoint", "ioBinding"), _SERVICES),
    **dict.fromkeys(("interfaceRef", "endPointRef", "supportedInterfaceRef"), _SERVICES),
    **dict.fromkeys(("resource", "partnerEntity", "partnerRole", "participantMultiplicity"), _PEOPLE),
    **dict.fromkeys(("conversationNode", "conversation", "subConversation", "callConversation"), _TALK),
    **dict.fromkeys(("conversationLink", "conversationAssociation", "globalConversation"), _TALK),
    **dict.fromkeys(("participantAssociation", "messageFlowAssociation", "correlationProperty"), _TALK),
    **dict.fromkeys(("import", "relationship", "monitoring", "auditing", "rendering", "extension"), _LOOKS),
    **dict.fromkeys(_ARROWS, _DATA),
}
_SILENT: Final = frozenset({"source", "target", "property", "ioSpecification"})
"""Nothing to say of them where they are harmless at all."""

Drawn = dict[Words, tuple[Node, int, Said]]
"""What was found: its name, with the first of them, how many, and what does what it might be thought to do."""


def is_drawn(node: Node, tag: str, drawn: Drawn) -> bool:
    """Whether an element of BPMN is there to be looked at only; notes it in ``drawn``."""
    if not _is_harmless(node, tag):
        return False
    if tag in _WITHOUT_EFFECT:
        name, hint = _WITHOUT_EFFECT[tag]
        first, often, _ = drawn.get(name, (node, 0, hint))
        drawn[name] = (first, often + 1, hint)
    return True


def tell_drawn(drawn: Mapping[Words, tuple[Node, int, Said]], file: str, report: Report) -> None:
    """One warning for each kind of drawing without effect."""
    for name, (node, often, hint) in drawn.items():
        what = say("第{line}行：{name}（{tag}）在这里不起作用（共{often}处）。")
        facts = {"line": line_of(node), "name": name, "tag": split(node)[1], "often": often}
        report.warn(file, place_of(node), what.about(**facts), hint)


def _is_harmless(node: Node, tag: str) -> bool:
    parent = node.getparent()
    within = "" if parent is None else split(parent)[1]
    if tag in {"source", "target"}:
        return within == "linkEventDefinition"  # a link is paired by its name (BPMN 2.0, table 10.98)
    if tag == "property":
        return node.get("name") == _PLACEHOLDER
    if tag == "ioSpecification":  # a task that takes and gives nothing still has the two sets
        return all(split(part)[1] in {"inputSet", "outputSet"} and not len(part) for part in node)
    if tag == "extension":
        return (node.get("mustUnderstand") or "false").strip() in {"false", "0"}
    if tag in _ARROWS:
        return _is_arrow(node, tag)
    return tag in _WITHOUT_EFFECT


def _is_arrow(node: Node, tag: str) -> bool:
    """Whether a data association only leads to or from a drawn document: it names no data of the activity."""
    parts = [(split(part)[1], (part.text or "").strip()) for part in node if split(part)[0] == BPMN]
    if tag == "dataOutputAssociation":
        return [own for own, _ in parts] == ["targetRef"]
    around = node.getparent()
    places = {} if around is None else {str(own.get("id")): own.get("name") for own in around.iterfind(_PROPERTY)}
    ends = [ref for own, ref in parts if own == "targetRef"]
    known = all(own in {"sourceRef", "targetRef"} for own, _ in parts)
    return known and bool(ends) and all(places.get(ref) == _PLACEHOLDER for ref in ends)
