"""The explicit list of BPMN that the engine executes, and the reasons for what it does not. Knows no graph.

A diagram that uses anything else is refused by name: SpiffWorkflow accepts much in silence that it then does
wrongly or not at all. Whoever teaches the runtime something new adds it here, with a test that plays it.
"""

from __future__ import annotations

from typing import Final

from engine.checks.report import Report
from engine.diagram import Diagram
from engine.diagram.notes import BPMN, GW, place_of
from engine.xmldoor import Node, line_of, parse, split

Text = tuple[str, str]

EXECUTED: Final = frozenset({
    "startEvent", "endEvent", "intermediateThrowEvent", "userTask", "serviceTask", "scriptTask", "businessRuleTask",
    "exclusiveGateway", "inclusiveGateway", "parallelGateway", "subProcess", "callActivity", "sequenceFlow",
    "conditionExpression", "script", "terminateEventDefinition",
})  # fmt: skip
"""What a run does something about."""

DRAWN: Final = frozenset({
    "definitions", "process", "collaboration", "participant", "messageFlow", "laneSet", "childLaneSet", "lane",
    "flowNodeRef", "incoming", "outgoing", "documentation", "extensionElements", "textAnnotation", "association",
    "text", "group", "category", "categoryValue", "dataObject", "dataObjectReference", "dataStore",
    "dataStoreReference", "dataState", "message", "signal", "error", "escalation", "itemDefinition",
})  # fmt: skip
"""What structures or explains a diagram and runs nothing."""

_LATER: Final = ("本版引擎尚不执行，发布后会被悄悄忽略或执行错误", "this version does not run it yet")
_TYPE: Final = ("未说明由谁来做", "it does not say who does the work")
_USE_LANES: Final = ("请用泳道及其办理人配置指定办理人。", "Say who acts with lanes and their assignments.")

_REASONS: Final[dict[str, tuple[str, Text, Text]]] = {
    # tag: (Chinese name, reason, hint)
    "task": ("未定类型的任务", _TYPE, ("请改为用户任务或服务任务。", "Make it a user task or a service task.")),
    "manualTask": ("手工任务", _TYPE, ("请改为用户任务。", "Make it a user task.")),
    "sendTask": ("发送任务", _LATER, ("请改为服务任务。", "Make it a service task.")),
    "receiveTask": ("接收任务", _LATER, ("", "")),
    "transaction": ("事务子流程", _LATER, ("请改为嵌入式子流程。", "Use an embedded sub-process.")),
    "adHocSubProcess": ("即席子流程", ("完成条件无法保证", "its completion cannot be assured"), ("", "")),
    "complexGateway": (
        "复杂网关",
        ("其合并规则没有定义", "its joining rule is not defined"),
        ("请改用排他、并行或包容网关。", "Use an exclusive, parallel or inclusive gateway."),
    ),
    "eventBasedGateway": ("事件网关", _LATER, ("", "")),
    "intermediateCatchEvent": ("中间捕获事件", _LATER, ("", "")),
    "boundaryEvent": ("边界事件", _LATER, ("", "")),
    "linkEventDefinition": (
        "链接事件",
        ("引擎不会跳转到配对的链接", "the engine does not jump to the paired link"),
        ("请直接用连线相连。", "Draw a flow."),
    ),
    "compensateEventDefinition": ("补偿事件", ("引擎不会执行补偿", "the engine compensates nothing"), ("", "")),
    "signalEventDefinition": ("信号事件", ("信号可能发不出去", "the signal may never be sent"), ("", "")),
    "conditionalEventDefinition": ("条件事件", _LATER, ("请用网关判断。", "Decide with a gateway.")),
    "cancelEventDefinition": ("取消事件", _LATER, ("", "")),
    "escalationEventDefinition": ("升级事件", _LATER, ("", "")),
    "errorEventDefinition": ("错误事件", _LATER, ("", "")),
    "messageEventDefinition": ("消息事件", _LATER, ("", "")),
    "timerEventDefinition": (
        "定时事件",
        _LATER,
        ("任务时限请用办理期限（gw:deadline）。", "For the time of a task use gw:deadline."),
    ),
    "standardLoopCharacteristics": (
        "标准循环",
        ("自动循环超过上限时会悄悄停止", "an automatic loop stops silently at a limit"),
        ("请用网关和连线画出循环。", "Draw the loop with a gateway."),
    ),
    "multiInstanceLoopCharacteristics": ("多实例", _LATER, ("", "")),
    "ioSpecification": ("数据输入输出定义", _LATER, ("", "")),
    "dataInputAssociation": ("数据关联", _LATER, ("请改为文字说明。", "Use a text annotation.")),
    "dataOutputAssociation": ("数据关联", _LATER, ("请改为文字说明。", "Use a text annotation.")),
    "potentialOwner": ("候选人", _LATER, _USE_LANES),
    "humanPerformer": ("办理人", _LATER, _USE_LANES),
    "performer": ("办理人", _LATER, _USE_LANES),
    "resourceRole": ("资源角色", _LATER, _USE_LANES),
    "choreography": ("编排图", ("不能执行", "it cannot be executed"), ("", "")),
    "globalTask": ("全局任务", _LATER, ("", "")),
}

_PARTS: Final = {
    # what stands inside something refused: told once, with its owner
    "timeDate", "timeDuration", "timeCycle", "condition", "loopCardinality", "loopDataInputRef", "loopDataOutputRef",
    "inputDataItem", "outputDataItem", "completionCondition", "loopCondition", "inputSet", "outputSet", "dataInput",
    "dataOutput", "dataInputRefs", "dataOutputRefs", "sourceRef", "targetRef", "assignment", "from", "to",
    "resourceAssignmentExpression", "formalExpression", "resourceRef", "supportedInterfaceRef", "eventDefinitionRef",
    "transformation", "source", "target",
}  # fmt: skip

_TRAPS: Final[tuple[tuple[str, frozenset[str], Text], ...]] = (
    # attribute, values that do nothing, what is wrong with any other
    ("isForCompensation", frozenset({"false", "0"}), ("补偿活动", "a compensation activity")),
    ("triggeredByEvent", frozenset({"false", "0"}), ("事件子流程", "an event sub-process")),
    ("isInterrupting", frozenset({"true", "1"}), ("非中断的开始事件", "a non-interrupting start event")),
    ("parallelMultiple", frozenset({"false", "0"}), ("并行多重事件", "a parallel multiple event")),
    ("instantiate", frozenset({"false", "0"}), ("由消息启动流程", "starting a process by a message")),
    ("startQuantity", frozenset({"1"}), ("启动数量", "a start quantity")),
    ("completionQuantity", frozenset({"1"}), ("完成数量", "a completion quantity")),
)

_DRAWING: Final = frozenset({
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://www.w3.org/XML/1998/namespace",
    # colours that bpmn-js writes
    "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
})  # fmt: skip


def check_supported(diagram: Diagram, report: Report) -> None:
    """Refuse by name every element and attribute that is not on the list."""
    for node in parse(diagram.xml, what=diagram.file).iter():
        namespace, tag = split(node)
        if namespace == BPMN:
            _check_tag(node, tag, diagram.file, report)
            _check_attributes(node, tag, diagram.file, report)
        elif tag == "Bounds":
            _check_bounds(node, diagram.file, report)
        _check_foreign(node, namespace, diagram.file, report)


def _check_tag(node: Node, tag: str, file: str, report: Report) -> None:
    if tag in EXECUTED or tag in DRAWN or tag in _PARTS:
        return
    zh_name, reason, hint = _REASONS.get(tag, (f"元素“{tag}”", ("不在支持范围内", "it is not supported"), ("", "")))
    line = line_of(node)
    report.error(
        file,
        place_of(node),
        f"第{line}行：不支持{zh_name}（{tag}）：{reason[0]}。",
        f"line {line}: {tag} is refused: {reason[1]}.",
        hint,
    )


def _check_attributes(node: Node, tag: str, file: str, report: Report) -> None:
    line = line_of(node)
    for name, harmless, what in _TRAPS:
        value = node.get(name)
        if value is not None and value.strip() not in harmless:
            report.error(
                file,
                place_of(node),
                f"第{line}行：不支持{what[0]}（{name}=“{value}”）。",
                f"line {line}: {what[1]} ({name}=“{value}”) is not supported.",
            )
    language = (node.get("language") or "") if tag == "conditionExpression" else ""
    if language and "feel" not in language.lower():
        report.error(
            file,
            place_of(node),
            f"第{line}行：条件的语言“{language}”不受支持，只能用FEEL。",
            f"line {line}: conditions are written in FEEL, not in “{language}”.",
        )


def _check_bounds(node: Node, file: str, report: Report) -> None:
    """SpiffWorkflow orders flows by the drawing, and falls over a coordinate that is no number."""
    for name in ("x", "y", "width", "height"):
        value = node.get(name)
        try:
            good = value is None or abs(float(value)) < 1e7
        except ValueError:
            good = False
        if not good:
            line = line_of(node)
            report.error(
                file,
                place_of(node),
                f"第{line}行：图形坐标“{value}”不是数字。",
                f"line {line}: the coordinate “{value}” is not a number.",
            )


def _check_foreign(node: Node, namespace: str, file: str, report: Report) -> None:
    """Extensions of other engines do nothing here; a designer should know before users find out."""
    spaces = [namespace, *(split(str(name))[0] for name in node.attrib)]
    for space in spaces:
        if space and space not in _DRAWING and space not in {BPMN, GW}:
            report.warn(
                file,
                place_of(node),
                f"第{line_of(node)}行：其他软件的扩展（{space}）在这里不起作用。",
                f"line {line_of(node)}: an extension of other software ({space}) has no effect here.",
            )
