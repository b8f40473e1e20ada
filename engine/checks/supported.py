"""The explicit list of BPMN that the engine executes, and the reasons for what it does not. Knows no graph.

A diagram that uses anything else is refused by name: what is not executed must not look as if it were. Whoever teaches
the runtime something new adds it here, with a test that plays it. A process that is not executable is a drawing.
"""

from __future__ import annotations

from typing import Final

from engine.checks.attributes import check_attributes
from engine.checks.drawing import check_drawing
from engine.checks.drawn import Drawn, is_drawn, tell_drawn
from engine.checks.foreign import check_foreign
from engine.checks.report import Report
from engine.diagram import Diagram
from engine.diagram.foreign import leave_out_foreign
from engine.diagram.notes import BPMN, GLOBAL_TASKS, SUB_PROCESSES, place_of
from engine.files.xml import Node, line_of, parse, split
from engine.words import Said, Words, say

_EVENTS: Final = frozenset({
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
})  # fmt: skip
_ACTIVITIES: Final = frozenset({
    "userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask", "subProcess", "transaction",
    "callActivity", "adHocSubProcess",
})  # fmt: skip
_DEFINITIONS: Final = frozenset({
    "timerEventDefinition", "messageEventDefinition", "signalEventDefinition", "errorEventDefinition",
    "escalationEventDefinition", "conditionalEventDefinition", "linkEventDefinition", "compensateEventDefinition",
    "terminateEventDefinition", "cancelEventDefinition",
})  # fmt: skip
_GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"}
)
_LOOPS: Final = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
_MULTI: Final = frozenset({"multiInstanceLoopCharacteristics"})

EXECUTED: Final = _EVENTS | _ACTIVITIES | _DEFINITIONS | _GATEWAYS | _LOOPS | {"sequenceFlow"}
"""What a run does something about."""

PARTS: Final[dict[str, frozenset[str]]] = {
    "conditionExpression": frozenset({"sequenceFlow"}),
    "script": frozenset({"scriptTask", "globalScriptTask"}),
    "condition": frozenset({"conditionalEventDefinition", "complexBehaviorDefinition"}),
    "event": frozenset({"complexBehaviorDefinition"}),
    "activationCondition": frozenset({"complexGateway"}),
    **dict.fromkeys(("timeDate", "timeDuration", "timeCycle"), frozenset({"timerEventDefinition"})),
    **dict.fromkeys(("loopCardinality", "loopDataInputRef", "loopDataOutputRef"), _MULTI),
    "completionCondition": _MULTI | {"adHocSubProcess"},
    **dict.fromkeys(("inputDataItem", "outputDataItem"), _MULTI),
    "loopCondition": frozenset({"standardLoopCharacteristics"}),
}
"""What says more about an executed element, and stands in it once."""

_HOMES: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(_EVENTS | _ACTIVITIES | _GATEWAYS | {"sequenceFlow"}, SUB_PROCESSES | {"process"}),
    **dict.fromkeys(_DEFINITIONS, _EVENTS | {"definitions", "event"}),
    "eventDefinitionRef": _EVENTS | {"event"},
    **dict.fromkeys(GLOBAL_TASKS, frozenset({"definitions"})),
    "complexBehaviorDefinition": _MULTI,
    **dict.fromkeys(_LOOPS, _ACTIVITIES),
    **PARTS,
}
"""Where each stands. Anywhere else nobody would look for it."""

DRAWN: Final = frozenset({
    "definitions", "process", "collaboration", "participant", "messageFlow", "laneSet", "childLaneSet", "lane",
    "flowNodeRef", "incoming", "outgoing", "documentation", "extensionElements", "textAnnotation", "association",
    "text", "group", "category", "categoryValue", "dataObject", "dataObjectReference", "dataStore",
    "dataStoreReference", "dataState", "message", "signal", "error", "escalation", "itemDefinition",
})  # fmt: skip
"""What structures or explains a diagram, or is named by what is executed."""

_NOBODY: Final = say("未说明由谁来做")
_USE_LANES: Final = say("请用泳道及其办理人配置指定办理人。")
_LANES_DO: Final = say("办理人由泳道指定")
_VARIABLES: Final = (
    say("数据都在事项的变量里，这里的定义不起作用"),
    say("请用参数、结果变量或脚本传递数据。"),
)
_CORRELATION: Final = (
    say("消息的对应关系另有写法"),
    say("请在收发消息的事件或任务上填写gw:correlation。"),
)
_ALONE: Final = say("它不属于流程图")

_REMOVE: Final = say("请删去，或改用支持的画法（见docs/bpmn.md）。")

_REASONS: Final[dict[str, tuple[Words, Words, Said]]] = {
    # tag: (name, reason, hint)
    "task": (say("未定类型的任务"), _NOBODY, say("请改为用户任务或服务任务。")),
    "manualTask": (say("手工任务"), _NOBODY, say("请改为用户任务。")),
    "implicitThrowEvent": (say("隐式抛出事件"), _ALONE, _REMOVE),
    "ioSpecification": (say("数据输入输出定义"), *_VARIABLES),
    **dict.fromkeys(("dataInputAssociation", "dataOutputAssociation"), (say("数据关联"), *_VARIABLES)),
    **dict.fromkeys(("dataInput", "dataOutput", "inputSet", "outputSet"), (say("数据输入输出定义"), *_VARIABLES)),
    "property": (say("属性"), *_VARIABLES),
    **dict.fromkeys(
        ("correlationKey", "correlationSubscription", "correlationPropertyBinding"),
        (say("消息对应定义"), *_CORRELATION),
    ),
    **dict.fromkeys(
        ("potentialOwner", "humanPerformer", "performer", "resourceRole"), (say("办理人"), _LANES_DO, _USE_LANES)
    ),
    **dict.fromkeys(
        ("choreography", "globalChoreographyTask", "choreographyTask", "subChoreography", "callChoreography"),
        (say("编排图"), say("不能执行"), _REMOVE),
    ),
    **dict.fromkeys(
        ("globalTask", "globalManualTask"),
        (say("全局任务"), _NOBODY, say("请改为全局用户任务、脚本任务或业务规则任务。")),
    ),
    "extension": (say("必须理解的扩展"), say("它要求理解其他软件的扩展"), say("请把mustUnderstand改为false。")),
}
_UNKNOWN: Final = say("不在支持范围内")


def check_supported(diagram: Diagram, report: Report) -> None:
    """Refuse by name every element and attribute that is not on the list."""
    root = parse(diagram.xml, what=diagram.file)
    check_foreign(leave_out_foreign(root), diagram.file, report)
    check_drawing(diagram, root, report)
    runs = {index for index, process in enumerate(diagram.processes) if process in diagram.to_run}
    pictures = [node for index, node in enumerate(root.iterfind(f"{{{BPMN}}}process")) if index not in runs]
    drawn: Drawn = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        namespace, tag = split(node)
        if namespace == BPMN and is_drawn(node, tag, drawn):
            continue
        if namespace == BPMN and not _accepted(node, tag, diagram.file, report):
            continue  # what is inside is told with it
        if namespace == BPMN:
            check_attributes(node, tag, root, diagram.file, report)
        if node not in pictures:
            waiting.extend(reversed(node))
    tell_drawn(drawn, diagram.file, report)


def _accepted(node: Node, tag: str, file: str, report: Report) -> bool:
    parent = node.getparent()
    line = line_of(node)
    if tag in _HOMES and (parent is None or split(parent)[1] not in _HOMES[tag]):
        report.error(
            file,
            place_of(node),
            say("第{line}行：“{tag}”不能放在这里。", line=line, tag=tag),
            say("请移到它所属的元素里，或删去。"),
        )
    elif tag in PARTS and parent is not None and node is not parent.find(str(node.tag)):
        report.error(
            file, place_of(node), say("第{line}行：“{tag}”只能出现一次。", line=line, tag=tag), say("请只留一个。")
        )
    if tag in _HOMES or tag in DRAWN:
        return True
    name, reason, hint = _REASONS.get(tag, (say("元素“{tag}”", tag=tag), _UNKNOWN, _REMOVE))
    report.error(
        file,
        place_of(node),
        say("第{line}行：不支持{name}（{tag}）：{reason}。", line=line, name=name, tag=tag, reason=reason),
        hint,
    )
    return False
