"""Diagrams against each other: elements by their ids, their properties by field in our words, and what has moved.

Reads any BPMN, also what we could not run. Knows no other file of the folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from engine.comparing.fields import Property, Thing
from engine.comparing.fields import changes as compared
from engine.comparing.views import Change
from engine.diagram.notes import BPMN, GW, SUB_PROCESSES
from engine.diagram.schema import words
from engine.files.xml import Node, parse, split
from engine.words import Said, say

_CONTAINERS: Final = SUB_PROCESSES | {"definitions", "process", "laneSet", "childLaneSet", "lane", "collaboration"}
_INSIDE: Final = frozenset({"laneSet", "childLaneSet", "incoming", "outgoing", "flowNodeRef", "BPMNDiagram"})
"""What is no property of the element around it."""
_LABELS: Final[dict[str, Said]] = {
    "name": say("名称"),
    "nameEn": say("英文名"),
    "sourceRef": say("从"),
    "targetRef": say("到"),
    "attachedToRef": say("所附环节"),
    "cancelActivity": say("中断环节"),
    "default": say("默认路线"),
    "isExecutable": say("可执行"),
    "calledElement": say("调用的流程"),
    "messageRef": say("消息"),
    "signalRef": say("信号"),
    "processRef": say("流程"),
    "conditionExpression": say("条件"),
    "completionCondition": say("完成条件"),
    "script": say("脚本"),
    "timeDate": say("时刻"),
    "timeDuration": say("时长"),
    "timeCycle": say("周期"),
    "text": say("注释"),
    "lane": say("泳道"),
    "parent": say("所在子流程"),
}
_FEEL: Final = frozenset(
    {"conditionExpression", "completionCondition", "script", "timeDate", "timeDuration", "timeCycle", "condition"}
)
_NAMES: Final = ("id", "name", "element", "ref", "field", "register", "key")
"""The attribute that tells several words of one kind on one element apart."""
Place = tuple[float, float, float, float]


def changes(file: str, before: bytes, after: bytes) -> list[Change]:
    """The elements that differ. Raises XmlRefused."""
    old, new = parse(before, what=file), parse(after, what=file)
    return compared(_things(old), _things(new), _moved(_places(old), _places(new)))


def _things(root: Node) -> dict[str, Thing]:
    lanes = _lanes(root)
    return {str(node.get("id")): _thing(node, lanes) for node in _elements(root)}


def _elements(root: Node) -> Iterator[Node]:
    """What has an id of its own in a process, a collaboration or beside them."""
    for node in root.iter():
        parent = node.getparent()
        if parent is None or not node.get("id") or not split(node)[0] == split(parent)[0] == BPMN:
            continue
        if split(parent)[1] in _CONTAINERS and split(node)[1] not in _INSIDE:
            yield node


def _thing(node: Node, lanes: dict[str, str]) -> Thing:
    own = str(node.get("id"))
    name = str(node.get("name") or own)
    fields = {path: field for path, field in _fields(node, "", "") if field.text}
    if own in lanes:
        fields["lane"] = Property(_LABELS["lane"], lanes[own])
    around = node.getparent()
    if around is not None and split(around)[1] in SUB_PROCESSES:
        fields["parent"] = Property(_LABELS["parent"], str(around.get("name") or around.get("id")))
    return Thing((name, str(node.get(f"{{{GW}}}nameEn") or name)), split(node)[1], fields)


def _lanes(root: Node) -> dict[str, str]:
    """Element to the name of its innermost lane."""
    found: dict[str, str] = {}
    for lane in root.iter(f"{{{BPMN}}}lane"):
        name = str(lane.get("name") or lane.get("id"))
        found |= {(one.text or "").strip(): name for one in lane if split(one)[1] == "flowNodeRef"}
    return found


def _fields(node: Node, path: str, above: Said) -> Iterator[tuple[str, Property]]:
    """Attributes, texts and what hangs inside, each with a path of its own."""
    namespace, tag = split(node)
    word = words().get(tag) if namespace == GW else None
    said = {one.name: one for one in word.attributes} if word else {}
    for name, value in node.attrib.items():
        own = split(name)[1]
        if own == "id" and namespace != GW:
            continue
        label = said[own].label if own in said else _LABELS.get(own, own)
        feel = own in said and said[own].type == "feel"
        yield f"{path}/@{own}", Property(_joined(above, label), str(value), feel)
    text = (node.text or "").strip()
    if text:
        yield f"{path}/", Property(above or _LABELS.get(tag, tag), text, tag in _FEEL)
    yield from _inside(node, path, above)


def _inside(node: Node, path: str, above: Said) -> Iterator[tuple[str, Property]]:
    seen: Counter[str] = Counter()
    for child in node:
        namespace, tag = split(child)
        if tag in _INSIDE or (namespace == BPMN and split(node)[1] in _CONTAINERS and child.get("id")):
            continue
        if tag == "extensionElements":
            yield from _inside(child, path, above)
            continue
        told = next((str(child.get(name)) for name in _NAMES if child.get(name)), "") if namespace == GW else ""
        step = f"{path}/{namespace}:{tag}[{told}]"
        seen[step] += 1
        word = words().get(tag) if namespace == GW else None
        label = word.label if word else _LABELS.get(tag, tag)
        if word and word.many and told:
            label = say("{label}“{name}”", label=label, name=told)
        yield from _fields(child, f"{step}{seen[step]}", _joined(above, label))


def _joined(above: Said, label: Said) -> Said:
    return say("{above} · {label}", above=above, label=label) if above else label


def _places(root: Node) -> dict[str, Place]:
    """Element to left, top, width and height of its shape."""
    found: dict[str, Place] = {}
    for shape in root.iter():
        if split(shape)[1] != "BPMNShape":
            continue
        for bounds in shape:
            if split(bounds)[1] == "Bounds":
                left, top, width, height = (_number(bounds.get(name)) for name in ("x", "y", "width", "height"))
                found[str(shape.get("bpmnElement")).rpartition(":")[2]] = left, top, width, height
    return found


def _number(text: str | None) -> float:
    try:
        return round(float(text or 0), 1)
    except ValueError:
        return 0.0


def _moved(before: dict[str, Place], after: dict[str, Place]) -> set[str]:
    """What stands elsewhere or has another size; a drawing that was shifted as a whole has moved nothing."""
    shifts = {name: (after[name][0] - place[0], after[name][1] - place[1])
              for name, place in before.items() if name in after}  # fmt: skip
    usual = Counter(shifts.values()).most_common(1)[0][0] if shifts else (0.0, 0.0)
    return {name for name, shift in shifts.items() if shift != usual or before[name][2:] != after[name][2:]}
