"""What one XML element says about itself: attributes, languages, references to messages and errors, coordinates.

Knows no graph. What is given but would be ignored is refused; what other software has written is warned about.
"""

from __future__ import annotations

from typing import Final

from engine.checks.report import Report
from engine.diagram.notes import BPMN, GW, place_of
from engine.files.xml import Node, line_of, split

Text = tuple[str, str]

_NO: Final = frozenset({"false", "0"})
_YES: Final = frozenset({"true", "1"})
_NONE: Final[frozenset[str]] = frozenset()
_TRAPS: Final[dict[str, tuple[frozenset[str], Text, Text]]] = {
    # attribute: (values that are fine, what any other asks for, hint)
    "parallelMultiple": (
        _NO,
        ("并行多重事件", "a parallel multiple event"),
        ("请分成几个事件。", "Use several events."),
    ),
    "instantiate": (
        _NO,
        ("由消息启动流程", "starting a process by a message"),
        ("事项由办理人发起，或由操作发起。", "A case is opened by a person or by an operation."),
    ),
    "eventGatewayType": (
        frozenset({"Exclusive"}),
        ("并行的事件网关", "a parallel event-based gateway"),
        ("请改用并行网关，后面接各个事件。", "Use a parallel gateway with the events after it."),
    ),
    "startQuantity": (
        frozenset({"1"}),
        ("启动数量", "a start quantity"),
        ("请改用并行网关合并。", "Join with a gateway."),
    ),
    "completionQuantity": (
        frozenset({"1"}),
        ("完成数量", "a completion quantity"),
        ("请改用并行网关分支。", "Split with a gateway."),
    ),
    "waitForCompletion": (
        _YES,
        ("不等待完成的补偿", "compensation that is not waited for"),
        ("请去掉此设置，补偿完成后流程才继续。", "Take it away: the flow goes on when all is compensated."),
    ),
    "behavior": (
        frozenset({"All"}),
        ("多实例的触发行为", "a behaviour of a multi-instance"),
        ("请去掉此设置。", "Take it away."),
    ),
    "noneBehaviorEventRef": (_NONE, ("多实例的触发行为", "a behaviour of a multi-instance"), ("", "")),
    "oneBehaviorEventRef": (_NONE, ("多实例的触发行为", "a behaviour of a multi-instance"), ("", "")),
    "method": (
        frozenset({"##Compensate", "compensate"}),
        ("事务的方式", "a method of a transaction"),
        ("只支持补偿（##Compensate）。", "Only ##Compensate is supported."),
    ),
    "operationRef": (
        _NONE,
        ("引用接口操作", "an operation of an interface"),
        ("服务任务请用gw:operation。", "Use gw:operation on a service task."),
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
    "partitionElementRef", "itemRef",
}  # fmt: skip
_REFERENCES: Final = {
    "messageRef": ("message", "消息"),
    "signalRef": ("signal", "信号"),
    "errorRef": ("error", "错误"),
    "escalationRef": ("escalation", "升级"),
}
_LOOPS: Final = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_TIMES: Final = ("timeDate", "timeDuration", "timeCycle")
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


def check_attributes(node: Node, tag: str, root: Node, file: str, report: Report) -> None:
    """Everything that an accepted element of BPMN says about itself."""
    one = _One(node, file, report)
    for full in map(str, node.attrib):
        namespace, name = split(full)
        value = str(node.get(full)).strip()
        if namespace == BPMN:
            one.error(f"属性“{name}”不能带命名空间前缀。", f"the attribute “{name}” may not have a prefix.")
        elif not namespace:
            _check_attribute(one, name, value, root)
    if tag == "timerEventDefinition" and sum(node.find(f"{{{BPMN}}}{own}") is not None for own in _TIMES) > 1:
        one.error("定时只能写一种：日期、时长或周期。", "a timer has one time: a date, a duration or a cycle.")
    if all(node.find(f"{{{BPMN}}}{own}") is not None for own in _LOOPS) or any(
        len(node.findall(f"{{{BPMN}}}{own}")) > 1 for own in _LOOPS
    ):
        one.error("一个活动只能有一种重复方式。", "an activity repeats in one way only.")
    if tag == "transaction" and (node.get("triggeredByEvent") or "").strip() in _YES:
        one.error("事务不能由事件触发。", "a transaction cannot be triggered by an event.")


def _check_attribute(one: _One, name: str, value: str, root: Node) -> None:
    if name not in _KNOWN:
        one.error(
            f"不认识的属性“{name}”。",
            f"unknown attribute “{name}”.",
            ("请检查拼写，或删去。", "Check the spelling, or delete it."),
        )
    elif name in _TRAPS:
        fine, what, hint = _TRAPS[name]
        if value not in fine:
            one.error(f"不支持{what[0]}（{name}=“{value}”）。", f"{what[1]} ({name}=“{value}”) is not supported.", hint)
    elif name in _REFERENCES:
        tag, zh = _REFERENCES[name]
        if not any(own.get("id") == value for own in root.iterfind(f"{{{BPMN}}}{tag}")):
            one.error(
                f"引用的{zh}“{value}”不存在。",
                f"there is no {tag} “{value}”.",
                (f"请在图里定义这个{zh}并重新选择。", f"Define the {tag} in the diagram and choose it again."),
            )
    elif name == "language" and value and "feel" not in value.lower():
        one.error(
            f"表达式的语言“{value}”不受支持，只能用FEEL。",
            f"expressions are written in FEEL, not in “{value}”.",
        )


def check_drawing(root: Node, file: str, report: Report) -> None:
    """Coordinates are numbers, and what other software has written has no effect here."""
    for node in root.iter():
        namespace, tag = split(node)
        one = _One(node, file, report)
        for name in ("x", "y", "width", "height") if tag == "Bounds" else ():
            _check_number(one, node.get(name))
        for space in dict.fromkeys((namespace, *(split(str(name))[0] for name in node.attrib))):
            if space and space not in _DRAWING and space not in {BPMN, GW}:
                one.warn(
                    f"其他软件的扩展（{space}）在这里不起作用。",
                    f"an extension of other software ({space}) has no effect here.",
                )


def _check_number(one: _One, value: str | None) -> None:
    """A viewer falls over a coordinate that is no number."""
    try:
        good = value is None or abs(float(value)) < 1e7
    except ValueError:
        good = False
    if not good:
        one.error(f"图形坐标“{value}”不是数字。", f"the coordinate “{value}” is not a number.")


class _One:
    """One XML element with the report for it."""

    def __init__(self, node: Node, file: str, report: Report) -> None:
        self.node, self.file, self.report = node, file, report

    def error(self, zh: str, en: str, hint: Text = ("", "")) -> None:
        line = line_of(self.node)
        self.report.error(self.file, place_of(self.node), f"第{line}行：{zh}", f"line {line}: {en}", hint)

    def warn(self, zh: str, en: str) -> None:
        line = line_of(self.node)
        self.report.warn(self.file, place_of(self.node), f"第{line}行：{zh}", f"line {line}: {en}")
