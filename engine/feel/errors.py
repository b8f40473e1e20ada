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
    """An evaluation that passed a limit and was stopped."""

    sentence = say("表达式的计算量超过上限（{limit}），已停止。")

    def __init__(self, limit: Words) -> None:
        super().__init__(limit=limit)


STEPS = say("计算步数")
DEPTH = say("嵌套层数")
TEXT = say("文字长度")
ITEMS = say("列表长度")
