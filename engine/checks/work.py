"""Work of the machine: operations, decisions and called processes exist and get the parameters they ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine.checks.graph import reach, turned
from engine.checks.report import SHARED, Folder, Page, named
from engine.diagram import Element, Parameters, Process


def check_work(page: Page, folder: Folder) -> None:
    """Service tasks, business rule tasks and call activities of a process."""
    for element in page.process.elements.values():
        if element.tag == "serviceTask":
            _check_operation(page, element, folder)
        if element.tag == "businessRuleTask":
            _check_decision(page, element, folder)


def _check_operation(page: Page, element: Element, folder: Folder) -> None:
    if element.operation is None:
        page.error(
            element,
            f"服务任务“{named(element)}”没有指明操作（gw:operation）。",
            f"service task “{element.id}” names no operation (gw:operation).",
        )
        return
    name = element.operation.name
    found = folder.operations.get(name)
    if found is None:
        page.error(
            element,
            f"操作“{name}”不存在。",
            f"the operation “{name}” does not exist.",
            _choices(folder.operations),
        )
        return
    required = [parameter.name for parameter in found.parameters if parameter.required]
    known = [parameter.name for parameter in found.parameters]
    _check_parameters(page, element, f"操作“{name}”", name, element.operation.parameters, required, known)


def _check_decision(page: Page, element: Element, folder: Folder) -> None:
    if element.decision is None:
        page.error(
            element,
            f"业务规则任务“{named(element)}”没有指明决策表（gw:decision）。",
            f"business rule task “{element.id}” names no decision (gw:decision).",
        )
        return
    ref = element.decision.ref
    found = folder.decisions.get(ref)
    if found is None:
        page.error(
            element,
            f"决策“{ref}”不存在。",
            f"the decision “{ref}” does not exist.",
            _choices(folder.decisions),
        )
        return
    if not element.decision.result:
        page.error(
            element,
            f"业务规则任务“{named(element)}”没有写明结果存到哪个变量（result）。",
            f"business rule task “{element.id}” says not which variable takes the result (result).",
        )
    names = list(found.parameters)
    _check_parameters(page, element, f"决策“{ref}”", ref, element.decision.parameters, names, names)


def _check_parameters(
    page: Page,
    element: Element,
    zh: str,
    en: str,
    given: Parameters,
    required: Collection[str],
    known: Collection[str],
) -> None:
    names = [name for name, _ in given]
    for name in required:
        if name not in names:
            page.error(element, f"{zh}缺少参数“{name}”。", f"“{en}” lacks the parameter “{name}”.")
    for name in dict.fromkeys(names):
        if name not in known:
            page.error(element, f"{zh}没有参数“{name}”。", f"“{en}” has no parameter “{name}”.", _choices(known))
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
