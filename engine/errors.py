"""Refusals: facts that a person must be told. Knows no HTTP and no page.

Every class has its ``sentence``, whose braces name the facts that it is raised with. Whoever shows the refusal picks
the language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.words import Said, Sayable, Words, say, worded


class Refusal(Exception):
    """Something that was asked for and is not done."""

    sentence: ClassVar[Words] = say("系统拒绝了这次操作。")

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__()

    def __str__(self) -> str:
        return self.message("en")

    @property
    def code(self) -> str:
        """The class name: the stable name of the fact for programs."""
        return type(self).__name__

    @property
    def words(self) -> Words:
        """The sentence with its facts."""
        return self.sentence.about(**self.facts)

    def message(self, language: str = "zh") -> str:
        """The sentence for a person, in ``zh`` or ``en``."""
        return self.words.text(language)


@dataclass(frozen=True, slots=True)
class Fix:
    """What surely mends a problem of a diagram: one of our words with values (name, value) to be put on an element.

    Of BPMN itself there is the tag “default”: the flow that it names becomes the default one.
    """

    element: str
    tag: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Problem(Sayable):
    """One thing wrong with an upload: where, what, and what to do. ``place`` is an element id, a field or a line."""

    file: Said
    place: Said
    what: Said
    hint: Said = ""
    severity: str = "error"  # "error" refuses; "warning" is shown and passes
    stands_for: int = 1  # how many it tells of at once
    walk: tuple[str, ...] = ()  # ids of elements of the file, in the order in which a case comes to what is wrong
    fix: Fix | None = None

    def text(self, language: str = "zh") -> str:
        """The problem in one line, with its place and its hint."""
        place = f"{worded(self.file, language)}: {worded(self.place, language)}"
        hint = worded(self.hint, language)
        return f"{place}: {worded(self.what, language)}" + (f" {hint}" if hint else "")


class DefinitionInvalid(Refusal):
    """A definition with errors, all of them in ``problems``."""

    sentence = say("流程定义有错误，不能发布：{first}")

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(first=problems[0])


class InvalidForm(Refusal):
    """What was handed in does not fit the form; ``errors`` says what at which field (``posts[0].grade``)."""

    sentence = say("表单中有 {count} 处需要改正。")

    def __init__(self, errors: Mapping[str, Said]) -> None:
        self.errors = errors
        super().__init__(count=len(errors))


class NotFound(Refusal):
    """Nothing there, or nothing that this person may see."""

    sentence = say("没有找到{what}，或者您无权查看。")


class NotAllowed(Refusal):
    """A person who may not do this."""

    sentence = say("您不能{act}：{reason}")


class TaskNotOpen(Refusal):
    """A task that somebody has finished, or that was called off."""

    sentence = say("这项任务{how}。")

    def __init__(self, how: Said | None = None) -> None:
        super().__init__(how=how or say("已经办结或撤销"))


class NotWaiting(Refusal):
    """An event for a case that does not, or no longer, wait for it."""

    sentence = say("这个事项已经不再等待该事件。")


class Undelivered(Refusal):
    """A message that no case waits for, or more than one."""

    sentence = say("有 {count} 个事项在等待消息“{name}”（标识 {key}），应当恰好一个。")


class CaseNotOpen(Refusal):
    """An act on a case that has ended."""

    sentence = say("这个事项已经办结，不能再操作。")


class Conflict(Refusal):
    """Somebody else changed the same thing first."""

    sentence = say("刚才已有人处理，请刷新后再看。")


class RecordRefused(Refusal):
    """A record that is not written: somebody was first, or a rule of the register forbids it. Nothing was saved."""

    sentence = say("没有写入“{register}”：{reason}。")


class UnderWay(Refusal):
    """What is asked for concerns a record that another running case has for itself."""

    sentence = say(
        "您所办的{number}已在事项{case}中办理（{organisation}，{day}提出）。请等那个事项办结后再办，或与其办理人联系。"
    )


class OutcomeUnknown(Refusal):
    """A decision that the task does not offer."""

    sentence = say("办理结果“{outcome}”不在可选范围内。")


class NoRuleMatched(Refusal):
    """A decision table with a gap: no rule for these inputs and no default."""

    sentence = say("决策表“{decision}”没有适用的规则，输入为：{inputs}")


class NoTableInForce(Refusal):
    """An effective table without a version that is in force on the day for which it is asked."""

    sentence = say("决策表“{table}”没有在{day}施行的版本，没有保存任何改动。请先发布适用于这一天的版本，再重试。")


class BadInput(Refusal):
    """A value that cannot be taken, with the reason."""

    sentence = say("“{field}”有误：{reason}")


class DataUnreadable(Refusal, ValueError):
    """Something is asked for of which a part cannot be read. Nothing was changed."""

    sentence = say("{what}的数据无法读取，没有作任何改动，已通知系统管理员；其他事项不受影响。")


class Runaway(Refusal):
    """A process that does not come to rest within a limit."""

    sentence = say("流程一次运行超过了上限（{limit}），已停止。")


class Suspended(Refusal):
    """A process whose expressions took too long, twice: an operator must let it go on. Nothing is lost meanwhile."""

    sentence = say(
        "“{name}”（第{version}版）的计算两次超时，已暂停办理，以免影响其他事项。已有事项原样保留，已通知系统管理员，恢复后即可继续。"
    )


class Resting(Suspended):
    """A process that has just kept the processor for long, so that others get their turn first. Nothing is lost."""

    sentence = say("“{name}”（第{version}版）刚才计算较多，请在{seconds}秒后再试，以免其他事项等待；您的操作没有生效。")

    @property
    def seconds(self) -> int:
        """How long."""
        return int(self.facts["seconds"])


class OperationFailed(Refusal):
    """An operation of the process that did not succeed; nothing was saved."""

    sentence = say("流程的操作“{operation}”没有成功，没有保存任何改动，已通知系统管理员：{reason}")


class NoHolder(OperationFailed):
    """A task for which nobody is found who may do it; nothing was saved. ``element``: its id."""

    sentence = say("环节“{element}”没有确定办理人，没有保存任何改动，已通知系统管理员：{reason}")


class EngineFailed(Refusal):
    """A process that broke while it ran; nothing was saved."""

    sentence = say("流程运行出错，没有保存任何改动，已通知系统管理员：{detail}")


class ExpressionFailed(Refusal):
    """An expression of the diagram without a usable result."""

    sentence = say("元素“{element}”的表达式无法得出结果：{reason}")
