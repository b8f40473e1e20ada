"""What FEEL refuses: bad text, and evaluations that pass a limit. Knows nothing of parsing or values."""

from __future__ import annotations

from engine.errors import Refusal
from engine.words import Said, Words, say


class FeelError(Refusal):
    """An expression that is not FEEL, or that asks for too much."""

    sentence = say("表达式有误：{detail}")


class FeelSyntaxError(FeelError):
    """A text that does not parse; ``position`` says where, ``expected`` what would have fitted."""

    sentence = say("表达式第 {line} 行第 {column} 个字符处有误：{detail}")

    def __init__(self, text: str, position: int, detail: Words, expected: Said = "") -> None:
        """``position`` counts characters from 0; ``expected`` is the token that would have fitted, if one would."""
        self.position = position
        self.expected = expected
        before = text[:position]
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        super().__init__(line=self.line, column=self.column, detail=detail, text=text[:200], expected=expected)


class BudgetExceeded(FeelError):
    """An evaluation that passed a limit and was stopped. ``slow``: it took long, or would have; so others waited."""

    sentence = say("{what}的计算量超过上限（{limit}），已停止。请简化这个表达式，或减少它要处理的数据。")

    def __init__(self, limit: Words) -> None:
        self.slow = limit.id in SLOW
        self.text = ""
        self.element: Said = ""
        super().__init__(limit=limit, what=say("表达式"))

    def of(self, text: str, element: Said = "") -> None:
        """Name the expression and the element of the diagram, the table or the form: the innermost that is known."""
        self.text, self.element = self.text or text[:200], self.element or element
        named = say("元素“{element}”的表达式“{text}”", element=self.element, text=self.text)
        self.facts["what"] = named if self.element else say("表达式“{text}”", text=self.text)


STEPS = say("计算步数")
DEPTH = say("嵌套层数")
TEXT = say("文字长度")
ITEMS = say("列表长度")
SECONDS = say("一个表达式占用处理器 {seconds:g} 秒")
STEP_SECONDS = say("一次办理中所有表达式共占用处理器 {seconds:g} 秒")
SLOW = frozenset({STEPS.id, SECONDS.id, STEP_SECONDS.id})
