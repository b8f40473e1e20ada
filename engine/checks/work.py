"""Work of the machine: operations, decisions and called processes exist and get the parameters they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Any, Final

from engine.checks.graph import reach, turned
from engine.checks.report import SHARED, Folder, Page, named
from engine.diagram import Element, Parameters, Process
from engine.diagram.notes import SUB_PROCESSES
from engine.spiff.instance import MAX_DEPTH

Words = tuple[str, str, str, str]
_OPERATION: Final[Words] = ("服务任务", "service task", "操作", "operation")
_DECISION: Final[Words] = ("业务规则任务", "business rule task", "决策", "decision")


def check_work(page: Page, folder: Folder) -> None:
    """Service tasks, business rule tasks and send tasks of a process."""
    for element in page.process.elements.values():
        operation, decision = element.operation, element.decision
        if element.tag == "serviceTask" and _exists(
            page, element, _OPERATION, operation.name if operation else None, folder.operations
        ):
            assert operation is not None
            wanted = {own.name: own.required for own in folder.operations[operation.name].parameters}
            _check_parameters(page, element, f"操作“{operation.name}”", operation.name, operation.parameters, wanted)
        if element.tag == "businessRuleTask" and _exists(
            page, element, _DECISION, decision.ref if decision else None, folder.decisions
        ):
            assert decision is not None
            wanted = dict.fromkeys(folder.decisions[decision.ref].parameters, True)
            _check_parameters(page, element, f"决策“{decision.ref}”", decision.ref, decision.parameters, wanted)
            _check_result(page, element, decision.result)
        if element.tag == "sendTask" and operation is not None:
            page.error(
                element,
                f"发送任务“{named(element)}”只发送消息，不执行操作。",
                f"send task “{element.id}” sends its message and performs no operation.",
                ("请改为服务任务，或去掉gw:operation。", "Make it a service task, or take gw:operation away."),
            )


def _exists(page: Page, element: Element, words: Words, name: str | None, there: Mapping[str, Any]) -> bool:
    """Whether the task names an operation or a decision that there is."""
    task_zh, task_en, zh, en = words
    if name is None:
        page.error(
            element,
            f"{task_zh}“{named(element)}”没有指明{zh}（gw:{en}）。",
            f"{task_en} “{element.id}” names no {en} (gw:{en}).",
        )
    elif name not in there:
        page.error(element, f"{zh}“{name}”不存在。", f"the {en} “{name}” does not exist.", _choices(there))
    return name is not None and name in there


def _check_result(page: Page, element: Element, result: str) -> None:
    if not result:
        page.error(
            element,
            f"业务规则任务“{named(element)}”没有写明结果存到哪个变量（result）。",
            f"business rule task “{element.id}” says not which variable takes the result (result).",
        )


def _check_parameters(
    page: Page, element: Element, zh: str, en: str, given: Parameters, wanted: Mapping[str, bool]
) -> None:
    """``wanted``: the parameters that there are, and whether each must be given."""
    names = [name for name, _ in given]
    for name, required in wanted.items():
        if required and name not in names:
            page.error(element, f"{zh}缺少参数“{name}”。", f"“{en}” lacks the parameter “{name}”.")
    for name in dict.fromkeys(names):
        if name not in wanted:
            page.error(element, f"{zh}没有参数“{name}”。", f"“{en}” has no parameter “{name}”.", _choices(wanted))
        if names.count(name) > 1:
            page.error(element, f"{zh}的参数“{name}”写了两次。", f"“{en}” is given “{name}” twice.")


def check_calls(pages: Iterable[Page]) -> None:
    """Called processes are in the folder, run, and never call each other in a ring."""
    by_id = {page.process.id: page for page in pages}
    edges: dict[str, set[str]] = {own: set() for own in by_id}
    for page in by_id.values():
        for element in page.of("callActivity"):
            if element.called in by_id and element.called is not None:
                edges[page.process.id].add(element.called)
            else:
                page.error(
                    element,
                    f"被调用的流程“{element.called or ''}”不在文件夹里，或不可执行。",
                    f"the called process “{element.called or ''}” is not in the folder, or not executable.",
                )
    back = turned(edges)
    for own, page in by_id.items():
        if any(own in reach(edges, [called]) for called in edges[own]):
            page.error(page.process, "流程会调用自己，没有尽头。", "the process ends up calling itself.")
        if not page.main and not page.file.startswith(SHARED) and not back.get(own):
            page.warn(page.process, "没有任何流程调用它。", "no process calls it.")


def check_depth(pages: Iterable[Page]) -> bool:
    """Whether sub-processes and calls stand no deeper in each other than the engine goes; told once, at the deepest."""
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

    deep = [page for page in pages if depth(page) > MAX_DEPTH]
    for page in deep[:1]:
        page.warn(
            page.process,
            f"子流程和调用一层套一层，共{depth(page)}层；最多办到第{MAX_DEPTH}层，再往里会被拒绝。",
            f"sub-processes and calls stand {depth(page)} deep in each other; beyond {MAX_DEPTH} an act is refused.",
            ("请减少嵌套。", "Nest them less."),
        )
    return not deep


def check_unique(pages: Iterable[Page]) -> None:
    """Ids are unique in the whole folder: tasks, history and messages name an element by its id alone."""
    homes: dict[str, tuple[str, Process]] = {}
    for page in pages:
        for own in (page.process.id, *page.process.elements):
            file, process = homes.setdefault(own, (page.file, page.process))
            if process is not page.process:
                page.report.error(
                    page.file,
                    own,
                    f"id“{own}”在{file}里也有。",
                    f"id “{own}” is also used in {file}.",
                )


def _choices(names: Iterable[str]) -> tuple[str, str]:
    known = ", ".join(sorted(names)[:12])
    return (f"可用的有：{known}。", f"There are: {known}.") if known else ("", "")
