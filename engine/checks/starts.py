"""Steps that ask for a case of another kind: which kind, and what is handed over, must stand there as it is.

Whether the other process takes it is judged where both are known (``engine.publishing.starts``).
"""

from __future__ import annotations

from typing import Final

from engine.checks.feel_trees import constant, entries_of
from engine.checks.report import Page, named
from engine.feel import FeelError
from engine.words import say

STARTS: Final = "case.start"


def check_starts(page: Page) -> None:
    """Every service task of a process that asks for a case of another kind."""
    for element in page.of("serviceTask"):
        if element.operation is None or element.operation.name != STARTS:
            continue
        given = dict(element.operation.parameters)
        if "process" in given and not _is_text(given["process"]):
            what = say("“{name}”要发起的流程（process）只能是常量文字，才能在发布前核对。", name=named(element))
            page.error(element, what, say('请写流程的代号，例如="leave"。'))
        if "data" in given and not _is_context(given["data"]):
            what = say(
                "“{name}”填进开始表单的内容（data）只能写成一个FEEL上下文，才能在发布前核对。", name=named(element)
            )
            page.error(element, what, say("请写成“={{字段: 式子}}”，每个字段一项。"))


def _is_text(text: str) -> bool:
    try:
        return isinstance(constant(text), str)
    except (FeelError, LookupError):
        return False


def _is_context(text: str) -> bool:
    try:
        return entries_of(text) is not None
    except FeelError:
        return True  # told with the expressions
