"""Refusals: facts that a person must be told. Knows no HTTP and no page; the docstring of a class is its message.

A docstring reads ``中文 | English`` and may name fields of the error in braces. Whoever shows the
error picks the language; nobody writes a second text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class Refusal(Exception):
    """系统拒绝了这次操作。 | The system refused this act."""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message("en"))

    @property
    def code(self) -> str:
        """The class name: the stable name of the fact for programs."""
        return type(self).__name__

    def message(self, language: str = "zh") -> str:
        """The sentence for a person, in ``zh`` or ``en``. A fact may itself be a ``(zh, en)`` pair."""
        chinese, _, english = (type(self).__doc__ or "").partition(" | ")
        index = 0 if language == "zh" else 1
        facts = {
            key: value[index] if isinstance(value, tuple) and len(value) == 2 else value
            for key, value in self.facts.items()
        }
        return (chinese, english)[index].strip().format_map(_Facts(facts))


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an upload: where, what, and what to do. ``place`` is an element id, a field or a line."""

    file: str
    place: str
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
    severity: str = "error"  # "error" refuses; "warning" is shown and passes

    def text(self, language: str = "zh") -> str:
        """The problem in one line, with its place and its hint."""
        what, hint = (self.zh, self.hint_zh) if language == "zh" else (self.en, self.hint_en)
        return f"{self.file}: {self.place}: {what}" + (f" {hint}" if hint else "")


class DefinitionInvalid(Refusal):
    """流程定义有错误，不能发布：{first} | The definition has errors and cannot be published: {first}"""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(first=(first.text("zh"), first.text("en")))


class InvalidForm(Refusal):
    """表单中有 {count} 处需要改正。 | {count} fields of the form need correcting."""

    def __init__(self, errors: dict[str, tuple[str, str]]) -> None:
        """``errors``: field path (``posts[0].grade``) to (Chinese, English)."""
        self.errors = errors
        super().__init__(count=len(errors))


class NotFound(Refusal):
    """没有找到{what}，或者您无权查看。 | {what} was not found, or you may not see it."""


class NotAllowed(Refusal):
    """您不能{act}：{reason} | You may not {act}: {reason}"""


class TaskNotOpen(Refusal):
    """这项任务{how}。 | This task {how}."""

    def __init__(self, how: tuple[str, str] = ("已经办结或撤销", "is no longer open")) -> None:
        super().__init__(how=how)


class NotWaiting(Refusal):
    """这个事项已经不再等待该事件。 | The case no longer waits for this."""


class Undelivered(Refusal):
    """有 {count} 个事项在等待消息“{name}”（标识 {key}），应当恰好一个。 | {count} cases wait for message “{name}” (key {key}); it must be one."""  # noqa: E501 - one sentence in two languages


class CaseNotOpen(Refusal):
    """这个事项已经办结，不能再操作。 | This case has ended and takes no further act."""


class Conflict(Refusal):
    """刚才已有人处理，请刷新后再看。 | Somebody else was quicker. Reload and look again."""


class OutcomeUnknown(Refusal):
    """办理结果“{outcome}”不在可选范围内。 | The outcome “{outcome}” is not offered here."""


class NoRuleMatched(Refusal):
    """决策表“{decision}”没有适用的规则，输入为：{inputs} | No rule of decision “{decision}” applies to: {inputs}"""


class BadInput(Refusal):
    """“{field}”有误：{reason} | “{field}” is wrong: {reason}"""


class Runaway(Refusal):
    """流程一次运行超过了上限（{limit}），已停止。 | The process passed a limit in one run ({limit}) and was stopped."""


class OperationFailed(Refusal):
    """流程的操作“{operation}”没有成功，没有保存任何改动，已通知运维人员：{reason} | The operation “{operation}” of the process failed and nothing was saved; the operator has been told: {reason}"""  # noqa: E501 - one sentence in two languages


class EngineFailed(Refusal):
    """流程运行出错，没有保存任何改动，已通知运维人员：{detail} | The process failed; nothing was saved: {detail}"""


class ExpressionFailed(Refusal):
    """元素“{element}”的表达式无法得出结果：{reason} | The expression at “{element}” gives no result: {reason}"""
