"""What one XML element says about itself: attributes, languages, references to messages and errors, coordinates.

Knows no graph. What is given but would be ignored is refused; what other software has written is warned about.
"""

from __future__ import annotations

from typing import Final

from engine.checks.report import Report
from engine.diagram.nodes import QUANTITY
from engine.diagram.notes import BPMN, place_of
from engine.files.xml import Node, line_of, split
from engine.words import Said, Words, say

_NO: Final = frozenset({"false", "0"})
_YES: Final = frozenset({"true", "1"})
_NONE: Final[frozenset[str]] = frozenset()
_TRAPS: Final[dict[str, tuple[frozenset[str], Words, Said]]] = {
    # attribute: (values that are fine, what any other asks for, hint)
    "eventGatewayType": (
        frozenset({"Exclusive"}),
        say("并行的事件网关"),
        say("请改用并行网关，后面接各个事件。"),
    ),
    "ordering": (
        frozenset({"Parallel", "Sequential"}),
        say("即席子流程的次序"),
        say("可用：Parallel、Sequential。"),
    ),
    "waitForCompletion": (
        _YES,
        say("不等待完成的补偿"),
        say("请去掉此设置，补偿完成后流程才继续。"),
    ),
    "behavior": (
        frozenset({"All", "None", "One", "Complex"}),
        say("多实例的触发行为"),
        say("可用：All、None、One、Complex。"),
    ),
    "method": (
        frozenset({"##Compensate", "compensate"}),
        say("事务的方式"),
        say("只支持补偿（##Compensate）。"),
    ),
}
_KNOWN: Final = _TRAPS.keys() | {
    "id", "name", "targetNamespace", "exporter", "exporterVersion", "expressionLanguage", "typeLanguage", "processRef",
    "isExecutable", "isClosed", "processType", "definitionalCollaborationRef", "sourceRef", "targetRef", "default",
    "attachedToRef", "cancelActivity", "calledElement", "triggeredByEvent", "isForCompensation", "isInterrupting",
    "gatewayDirection", "messageRef", "signalRef", "errorRef", "escalationRef", "activityRef", "implementation",
    "scriptFormat", "isSequential", "testBefore", "loopMaximum", "language", "evaluatesToTypeRef", "itemSubjectRef",
    "isCollection", "dataObjectRef", "dataStoreRef", "capacity", "isUnlimited", "structureRef", "itemKind",
    "errorCode", "escalationCode", "textFormat", "categoryValueRef", "value", "associationDirection", "isImmediate",
    "partitionElementRef", "itemRef", "parallelMultiple", "operationRef",
    "instantiate", "scriptLanguage", "cancelRemainingInstances",
    "startQuantity", "completionQuantity", "noneBehaviorEventRef", "oneBehaviorEventRef",
}  # fmt: skip
_QUANTITIES: Final = frozenset({"startQuantity", "completionQuantity"})
_REFERENCES: Final = {
    "messageRef": ("message", say("消息")),
    "signalRef": ("signal", say("信号")),
    "errorRef": ("error", say("错误")),
    "escalationRef": ("escalation", say("升级")),
}
_LOOPS: Final = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_TIMES: Final = ("timeDate", "timeDuration", "timeCycle")


def check_attributes(node: Node, tag: str, root: Node, file: str, report: Report) -> None:
    """Everything that an accepted element of BPMN says about itself."""
    one = _One(node, file, report)
    for full in map(str, node.attrib):
        namespace, name = split(full)
        value = str(node.get(full)).strip()
        if namespace == BPMN:
            one.error(say("属性“{name}”不能带命名空间前缀。", name=name), say("请去掉前缀，只写属性名。"))
        elif not namespace:
            _check_attribute(one, name, value, root)
    if tag == "timerEventDefinition" and sum(node.find(f"{{{BPMN}}}{own}") is not None for own in _TIMES) > 1:
        one.error(say("定时只能写一种：日期、时长或周期。"), say("请只留日期、时长、周期中的一个。"))
    if all(node.find(f"{{{BPMN}}}{own}") is not None for own in _LOOPS) or any(
        len(node.findall(f"{{{BPMN}}}{own}")) > 1 for own in _LOOPS
    ):
        one.error(say("一个活动只能有一种重复方式。"), say("请只留循环或多实例中的一个。"))
    if tag == "eventDefinitionRef" and not any(_has_id(own, node.text or "") for own in root):
        one.error(
            say("引用的事件定义“{value}”不存在。", value=(node.text or "").strip()),
            say("请在事件里直接选择类型。"),
        )
    if tag == "multiInstanceLoopCharacteristics":
        _check_behavior(one, node, root)
    if tag == "transaction" and (node.get("triggeredByEvent") or "").strip() in _YES:
        one.error(say("事务不能由事件触发。"), say("请改为普通子流程，或去掉triggeredByEvent。"))


def _check_behavior(one: _One, node: Node, root: Node) -> None:
    """What says which events instances throw belongs to the behavior that is chosen (BPMN 2.0, table 10.29)."""
    behavior = (node.get("behavior") or "All").strip()
    for own, name in (("None", "noneBehaviorEventRef"), ("One", "oneBehaviorEventRef")):
        if node.get(name) is not None and behavior != own:
            one.error(
                say("{name}只在behavior=“{behavior}”时起作用。", name=name, behavior=own),
                say("请改behavior，或删去{name}。", name=name),
            )
        elif node.get(name) is not None and not any(_has_id(found, node.get(name) or "") for found in root):
            one.error(
                say("引用的事件定义“{value}”不存在。", value=(node.get(name) or "").strip()),
                say("请在流程之外定义这个事件。"),
            )
    if node.find(f"{{{BPMN}}}complexBehaviorDefinition") is not None and behavior != "Complex":
        one.error(
            say("{name}只在behavior=“{behavior}”时起作用。", name="complexBehaviorDefinition", behavior="Complex"),
            say("请改behavior，或删去{name}。", name="complexBehaviorDefinition"),
        )


def _has_id(node: Node, text: str) -> bool:
    """Whether ``text`` names an event definition beside the processes."""
    return split(node)[1].endswith("EventDefinition") and node.get("id") == text.strip().rpartition(":")[2]


def _check_attribute(one: _One, name: str, value: str, root: Node) -> None:
    if name not in _KNOWN:
        one.error(
            say("无法识别的属性“{name}”。", name=name),
            say("请检查拼写，或删去。"),
        )
    elif name in _TRAPS:
        fine, what, hint = _TRAPS[name]
        if value not in fine:
            one.error(say("不支持{what}（{name}=“{value}”）。", what=what, name=name, value=value), hint)
    elif name == "instantiate":
        if value not in _NO and split(one.node)[1] != "receiveTask":
            one.error(
                say("只有开始事件和接收任务能发起流程（instantiate=“{value}”）。", value=value),
                say("请在前面放一个消息或信号开始事件。"),
            )
    elif name in _QUANTITIES:
        if not QUANTITY.fullmatch(value):
            one.error(say("{name}“{value}”应为1到100的整数。", name=name, value=value), say("请改为1到100之间的整数。"))
    elif name in _REFERENCES:
        tag, kind = _REFERENCES[name]
        if not any(own.get("id") == value for own in root.iterfind(f"{{{BPMN}}}{tag}")):
            one.error(
                say("引用的{kind}“{value}”不存在。", kind=kind, value=value),
                say("请在图里定义这个{kind}并重新选择。", kind=kind),
            )
    elif name == "language" and value and "feel" not in value.lower():
        one.error(
            say("表达式的语言“{value}”不受支持，只能用FEEL。", value=value),
            say("请把式子改写成FEEL，并删去language属性。"),
        )


class _One:
    """One XML element with the report for it."""

    def __init__(self, node: Node, file: str, report: Report) -> None:
        self.node, self.file, self.report = node, file, report

    def error(self, what: Words, hint: Said = "") -> None:
        line = line_of(self.node)
        self.report.error(self.file, place_of(self.node), say("第{line}行：{what}", line=line, what=what), hint)
