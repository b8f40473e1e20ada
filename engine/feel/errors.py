"""What FEEL refuses: bad text, and evaluations that pass a limit. Knows nothing of parsing or values."""

from __future__ import annotations

from engine.errors import Refusal


class FeelError(Refusal):
    """表达式有误：{detail} | The expression is wrong: {detail}"""


class FeelSyntaxError(FeelError):
    """表达式第 {line} 行第 {column} 个字符处有误：{detail} | Line {line}, character {column}: {detail}"""

    def __init__(self, text: str, position: int, detail: tuple[str, str], expected: str = "") -> None:
        """``position`` counts characters from 0; ``expected`` is the token that would have fitted, if one would."""
        self.position = position
        self.expected = expected
        before = text[:position]
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        super().__init__(line=self.line, column=self.column, detail=detail, text=text[:200], expected=expected)


class BudgetExceeded(FeelError):
    """表达式的计算量超过上限（{limit}），已停止。 | The expression passed a limit ({limit}) and was stopped."""

    def __init__(self, limit: tuple[str, str]) -> None:
        super().__init__(limit=limit)


STEPS = ("计算步数", "steps")
DEPTH = ("嵌套层数", "depth")
TEXT = ("文字长度", "text length")
ITEMS = ("列表长度", "list length")
