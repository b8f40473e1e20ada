"""Work of the machine: operations, decisions and called processes exist and get the parameters they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import repeat
from typing import Any, Final

from engine.checks.graph import reach, turned
from engine.checks.reading import ALIKE
from engine.checks.report import SHARED, Folder, Page, named
from engine.diagram import Element, Parameters, Process
from engine.diagram.notes import SUB_PROCESSES
from engine.dmn.effective import ON
from engine.errors import Fix
from engine.spiff.instance import MAX_DEPTH
from engine.words import Said, Words, listed, say

MAX_PLAYED: Final = 2 * MAX_DEPTH
"""Scopes in each other that are played when a definition is checked."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """What a task names: the word and its attribute, and what is said when it is not named, not there, to be added."""

    tag: str
    attribute: str
    unnamed: Words
    missing: Words
    add: Words


_OPERATION: Final = _Reference(
    *("operation", "name"),
    say("服务任务“{name}”没有指明操作（gw:operation）。"),
    say("操作“{name}”不存在。"),
    say("请在扩展元素里加上<gw:operation name=“…” result=“…”/>；可用的操作：{known}。"),
)
_DECISION: Final = _Reference(
    *("decision", "ref"),
    say("业务规则任务“{name}”没有指明决策（gw:decision）。"),
    say("决策“{name}”不存在。"),
    say("请在扩展元素里加上<gw:decision ref=“…” result=“…”/>；文件夹里的决策：{known}。"),
)


def check_work(page: Page, folder: Folder) -> None:
    """Service tasks, business rule tasks and send tasks of a process."""
    for element in page.process.elements.values():
        operation, decision = element.operation, element.decision
        shows = element.public is not None and operation is None
        if (
            element.tag == "serviceTask"
            and not shows
            and _exists(page, element, _OPERATION, operation.name if operation else None, folder.operations)
        ):
            assert operation is not None
            wanted = {own.name: own.required for own in folder.operations[operation.name].parameters}
            _check_parameters(page, element, say("操作“{name}”", name=operation.name), operation.parameters, wanted)
        decisions = {**{name: (*inputs, ON) for name, inputs in folder.effective.items()}, **folder.inputs()}
        if element.tag == "businessRuleTask" and _exists(
            page, element, _DECISION, decision.ref if decision else None, decisions, ".dmn" in folder.unread
        ):
            assert decision is not None
            wanted = {name: name != ON or decision.ref in folder.decisions for name in decisions[decision.ref]}
            _check_parameters(page, element, say("决策“{name}”", name=decision.ref), decision.parameters, wanted)
            _check_result(page, element, decision.result)
        if element.tag == "sendTask" and operation is not None:
            page.error(
                element,
                say("发送任务“{name}”只发送消息，不执行操作。", name=named(element)),
                say("请改为服务任务，或去掉gw:operation。"),
            )


def _exists(
    page: Page,
    element: Element,
    what: _Reference,
    name: str | None,
    there: Mapping[str, Any],
    hidden: bool = False,
) -> bool:
    """Whether the task names an operation or a decision that there is; ``hidden``: some could not be read."""
    if name is None:
        hint = what.add.about(known=listed(sorted(there), by=", ") if there else say("还没有"))
        page.error(element, what.unnamed.about(name=named(element)), hint)
    elif name not in there and not hidden:
        close = get_close_matches(name, there, 1, ALIKE)
        fix = Fix(element.id, what.tag, ((what.attribute, close[0]),)) if close else None
        page.error(element, what.missing.about(name=name), _choices(there), fix=fix)
    return name is not None and name in there


def _check_result(page: Page, element: Element, result: str) -> None:
    if not result:
        page.error(
            element,
            say("业务规则任务“{name}”没有写明结果存到哪个变量（result）。", name=named(element)),
            say("请在gw:decision上写result=“变量名”。"),
        )


def _check_parameters(page: Page, element: Element, what: Words, given: Parameters, wanted: Mapping[str, bool]) -> None:
    """``wanted``: the parameters that there are, and whether each must be given."""
    names = [name for name, _ in given]
    for name, required in wanted.items():
        if required and name not in names:
            like = get_close_matches(name, [other for other in names if other not in wanted], 1)
            hint = say("请加上一行：<gw:parameter name=“{name}” value=“=…”/>。", name=name)
            if like:
                hint = say("这里写的是“{other}”，两处名称要一致，请检查拼写。", other=like[0])
            page.error(element, say("{what}缺少参数“{name}”。", what=what, name=name), hint)
    for name in dict.fromkeys(names):
        if name not in wanted:
            page.error(element, say("{what}没有参数“{name}”。", what=what, name=name), _choices(wanted))
        if names.count(name) > 1:
            page.error(element, say("{what}的参数“{name}”写了两次。", what=what, name=name), say("请只留一个。"))


def check_calls(pages: Iterable[Page], folder: Folder) -> None:
    """Called processes are in the folder, run, and never call each other in a ring."""
    by_id = {page.process.id: page for page in pages}
    edges: dict[str, set[str]] = {own: set() for own in by_id}
    for page in by_id.values():
        for element in page.of("callActivity"):
            if element.called in by_id and element.called is not None:
                edges[page.process.id].add(element.called)
            elif not element.called:
                hint = _choices(own for own, other in by_id.items() if other is not page)
                page.error(
                    element, say("调用活动没有指明流程（calledElement）。"), hint or say("请填写被调用流程的id。")
                )
            elif ".bpmn" not in folder.unread:
                page.error(
                    element,
                    say("被调用的流程“{called}”不在文件夹里，或不可执行。", called=element.called or ""),
                    _choices(own for own, other in by_id.items() if other is not page)
                    or say("请把被调用的流程放进文件夹，并设isExecutable=“true”。"),
                )
    back = turned(edges)
    for own, page in by_id.items():
        if any(own in reach(edges, [called]) for called in edges[own]):
            page.error(page.process, say("流程会调用自己，没有尽头。"), say("请改成循环，或去掉其中一处调用。"))
        if not page.main and not page.file.startswith(SHARED) and not back.get(own):
            page.warn(page.process, say("没有任何流程调用它。"), say("可以删去这个文件，或画一个调用活动。"))


def check_depth(pages: Iterable[Page]) -> bool:
    """Whether sub-processes and calls stand in each other so that all can be played; too deep is told at the deepest.

    What the engine does not enter is a warning, since a case may end before; what cannot be checked is refused.
    """
    depths: dict[str, int] = {}

    def depth(page: Page) -> int:
        """Scopes inside the process, one in the other."""
        own = page.process.id
        if own not in depths:
            depths[own] = 0  # a ring of calls is told elsewhere
            depths[own] = max(map(below, repeat(page), page.process.elements.values()), default=0)
        return depths[own]

    def below(page: Page, element: Element) -> int:
        inner, at = 0, page.process.elements.get(element.parent or "")
        while at is not None:
            inner, at = inner + 1, page.process.elements.get(at.parent or "")
        if element.tag in SUB_PROCESSES:
            return inner + 1
        called = page.others.get(element.called or "")
        return inner + 1 + depth(called) if called is not None else inner

    deepest = max(pages, key=depth, default=None)
    found = depth(deepest) if deepest is not None else 0
    if deepest is not None and found > MAX_DEPTH:
        what = say(
            "子流程和调用一层套一层，共{depth}层；最多办到第{most}层，再往里会被拒绝。", depth=found, most=MAX_DEPTH
        )
        tell = deepest.warn if found <= MAX_PLAYED else deepest.error
        tell(deepest.process, what, say("请减少嵌套。"))
    return found <= MAX_PLAYED


def check_unique(pages: Iterable[Page]) -> None:
    """Ids are unique in the whole folder: tasks, history and messages name an element by its id alone."""
    homes: dict[str, tuple[str, Process]] = {}
    for page in pages:
        for own in (page.process.id, *page.process.elements):
            file, process = homes.setdefault(own, (page.file, page.process))
            if process is not page.process:
                page.report.error(
                    page.file, own, say("id“{own}”在{file}里也有。", own=own, file=file), say("请给其中一个换一个id。")
                )


def _choices(names: Iterable[str]) -> Said:
    known = ", ".join(sorted(names)[:12])
    return say("可用的有：{known}。", known=known) if known else ""
