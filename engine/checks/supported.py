"""The explicit list of BPMN that the engine executes, and the reasons for what it does not. Knows no graph.

A diagram that uses anything else is refused by name: what is not executed must not look as if it were. Whoever teaches
the runtime something new adds it here, with a test that plays it. A process that is not executable is a drawing.
"""

from __future__ import annotations

from typing import Final

from engine.checks.attributes import check_attributes, check_drawing
from engine.checks.report import Report
from engine.diagram import Diagram
from engine.diagram.notes import BPMN, place_of
from engine.files.xml import Node, line_of, parse, split

Text = tuple[str, str]

_EVENTS: Final = frozenset({
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
})  # fmt: skip
_ACTIVITIES: Final = frozenset({
    "userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask", "subProcess", "transaction",
    "callActivity",
})  # fmt: skip
_DEFINITIONS: Final = frozenset({
    "timerEventDefinition", "messageEventDefinition", "signalEventDefinition", "errorEventDefinition",
    "escalationEventDefinition", "conditionalEventDefinition", "linkEventDefinition", "compensateEventDefinition",
    "terminateEventDefinition", "cancelEventDefinition",
})  # fmt: skip
_GATEWAYS: Final = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"})
_LOOPS: Final = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
_MULTI: Final = frozenset({"multiInstanceLoopCharacteristics"})

EXECUTED: Final = _EVENTS | _ACTIVITIES | _DEFINITIONS | _GATEWAYS | _LOOPS | {"sequenceFlow"}
"""What a run does something about."""

PARTS: Final[dict[str, frozenset[str]]] = {
    "conditionExpression": frozenset({"sequenceFlow"}),
    "script": frozenset({"scriptTask"}),
    "condition": frozenset({"conditionalEventDefinition"}),
    **dict.fromkeys(("timeDate", "timeDuration", "timeCycle"), frozenset({"timerEventDefinition"})),
    **dict.fromkeys(("loopCardinality", "loopDataInputRef", "loopDataOutputRef", "completionCondition"), _MULTI),
    **dict.fromkeys(("inputDataItem", "outputDataItem"), _MULTI),
    "loopCondition": frozenset({"standardLoopCharacteristics"}),
}
"""What says more about an executed element, and stands in it once."""

_HOMES: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(
        _EVENTS | _ACTIVITIES | _GATEWAYS | {"sequenceFlow"}, frozenset({"process", "subProcess", "transaction"})
    ),
    **dict.fromkeys(_DEFINITIONS, _EVENTS),
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

_NOBODY: Final = ("未说明由谁来做", "it does not say who does the work")
_USE_LANES: Final = ("请用泳道及其办理人配置指定办理人。", "Say who acts with lanes and their assignments.")
_LANES_DO: Final = ("办理人由泳道指定", "lanes say who acts")
_VARIABLES: Final = (
    ("数据都在事项的变量里，这里的定义不起作用", "data is in the variables of the case; this has no effect"),
    ("请用参数、结果变量或脚本传递数据。", "Pass data by parameters, result variables or a script."),
)
_CORRELATION: Final = (
    ("消息的对应关系另有写法", "what belongs together is said in another way"),
    ("请在收发消息的事件或任务上填写gw:correlation。", "Use gw:correlation on the event or task of the message."),
)
_ALONE: Final = ("它不属于流程图", "it belongs to no process diagram")

_REASONS: Final[dict[str, tuple[str, Text, Text]]] = {
    # tag: (Chinese name, reason, hint)
    "task": ("未定类型的任务", _NOBODY, ("请改为用户任务或服务任务。", "Make it a user task or a service task.")),
    "manualTask": ("手工任务", _NOBODY, ("请改为用户任务。", "Make it a user task.")),
    "adHocSubProcess": (
        "即席子流程",
        ("完成条件无法保证", "its completion cannot be assured"),
        ("请改为嵌入式子流程。", "Use an embedded sub-process."),
    ),
    "complexGateway": (
        "复杂网关",
        ("其合并规则没有定义", "its joining rule is not defined"),
        ("请改用排他、并行或包容网关。", "Use an exclusive, parallel or inclusive gateway."),
    ),
    "implicitThrowEvent": ("隐式抛出事件", _ALONE, ("", "")),
    "eventDefinitionRef": (
        "引用的事件定义",
        ("事件定义要写在事件里面", "an event holds its own definition"),
        ("请在事件里直接选择类型。", "Choose the kind on the event itself."),
    ),
    **dict.fromkeys(("ioSpecification", "ioBinding"), ("数据输入输出定义", *_VARIABLES)),
    **dict.fromkeys(("dataInputAssociation", "dataOutputAssociation"), ("数据关联", *_VARIABLES)),
    **dict.fromkeys(("dataInput", "dataOutput", "inputSet", "outputSet"), ("数据输入输出定义", *_VARIABLES)),
    "property": ("属性", *_VARIABLES),
    **dict.fromkeys(
        ("correlationKey", "correlationProperty", "correlationSubscription", "correlationPropertyBinding"),
        ("消息对应定义", *_CORRELATION),
    ),
    **dict.fromkeys(
        ("potentialOwner", "humanPerformer", "performer", "resourceRole"), ("办理人", _LANES_DO, _USE_LANES)
    ),
    "resource": ("资源", _LANES_DO, _USE_LANES),
    "complexBehaviorDefinition": (
        "多实例的复杂触发行为",
        ("只支持全部办完时触发", "only behaviour All is supported"),
        ("", ""),
    ),
    **dict.fromkeys(
        ("choreography", "globalChoreographyTask", "choreographyTask", "subChoreography", "callChoreography"),
        ("编排图", ("不能执行", "it cannot be executed"), ("", "")),
    ),
    **dict.fromkeys(
        ("globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask"),
        ("全局任务", _NOBODY, ("请画成流程里的任务。", "Draw it as a task of a process.")),
    ),
    **dict.fromkeys(
        ("conversation", "globalConversation"), ("会话图", ("不能执行", "it cannot be executed"), ("", ""))
    ),
    "participantMultiplicity": ("多方参与者", ("只有一方可执行", "only one pool is executed"), ("", "")),
    **dict.fromkeys(
        ("source", "target"),
        (
            "链接的另一端",
            ("链接按名称配对", "links are paired by name"),
            ("请给两端同一个名称。", "Give both ends one name."),
        ),
    ),
}
_UNKNOWN: Final = ("不在支持范围内", "it is not supported")


def check_supported(diagram: Diagram, report: Report) -> None:
    """Refuse by name every element and attribute that is not on the list."""
    root = parse(diagram.xml, what=diagram.file)
    check_drawing(root, diagram.file, report)
    waiting = [root]
    while waiting:
        node = waiting.pop()
        namespace, tag = split(node)
        if namespace == BPMN and not _accepted(node, tag, diagram.file, report):
            continue  # what is inside is told with it
        if namespace == BPMN:
            check_attributes(node, tag, root, diagram.file, report)
        if tag != "process" or (node.get("isExecutable") or "").strip() in {"true", "1"}:
            waiting.extend(reversed(node))


def _accepted(node: Node, tag: str, file: str, report: Report) -> bool:
    parent = node.getparent()
    line = line_of(node)
    if tag in _HOMES and (parent is None or split(parent)[1] not in _HOMES[tag]):
        report.error(
            file,
            place_of(node),
            f"第{line}行：“{tag}”不能放在这里。",
            f"line {line}: “{tag}” does not belong here.",
        )
    elif tag in PARTS and parent is not None and node is not parent.find(str(node.tag)):
        report.error(
            file,
            place_of(node),
            f"第{line}行：“{tag}”只能出现一次。",
            f"line {line}: “{tag}” may occur only once.",
        )
    if tag in _HOMES or tag in DRAWN:
        return True
    zh_name, reason, hint = _REASONS.get(tag, (f"元素“{tag}”", _UNKNOWN, ("", "")))
    report.error(
        file,
        place_of(node),
        f"第{line}行：不支持{zh_name}（{tag}）：{reason[0]}。",
        f"line {line}: {tag} is refused: {reason[1]}.",
        hint,
    )
    return False
