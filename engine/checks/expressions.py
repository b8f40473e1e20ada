"""Every FEEL text of a process compiles and names only what exists. Evaluates nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from engine.checks.feel_trees import answers_in, calls_in, entries_of, keys_in, tree
from engine.checks.graph import followers, reach
from engine.checks.report import Folder, Page, named
from engine.diagram import Element, Flow, Process
from engine.feel import FeelError, compile_expression
from engine.feel.builtins import BUILTINS

Text = tuple[str, str]
Place = Element | Flow | Process

RESERVED: Final = {
    "typename": ("它会使保存的状态无法读取", "it would make saved states unreadable"),
    "case": ("它由引擎提供，只读", "it is supplied by the engine and read-only"),
}
"""Names that nothing in a folder may assign, and why."""

_NAME: Final = re.compile(r"[^\W\d]\w*")
_FORMATS: Final = frozenset({"application/feel", "feel", "text/feel"})


def check_expressions(page: Page, folder: Folder, pages: Iterable[Page]) -> None:
    """Every text of a process, and every variable that it writes."""
    elements = [element for each in pages for element in each.process.elements.values()]
    known = frozenset(name for element in elements for name in written_by(element))
    outcomes: dict[str, set[str]] = {}
    for element in elements:
        outcomes.setdefault(element.into, set()).update(outcome.id for outcome in element.outcomes)
    for place, what, text in _texts(page):
        _Reading(page, place, what, text).check(folder, known | {"case"}, outcomes)
    for element in page.process.elements.values():
        for name in sorted(written_by(element)):
            _check_variable(page, element, name)
    _check_overwritten(page)


def _check_overwritten(page: Page) -> None:
    """A machine may prepare the variable of a form that comes later; what was submitted before should stay."""
    elements = page.process.elements
    submitted = {element.into: element for element in elements.values() if element.form}
    edges = followers(page, elements.values())
    for element in elements.values():
        for name in sorted(written_by(element) & submitted.keys()):
            if not element.form and submitted[name].id not in reach(edges, [element.id]):
                page.warn(
                    element,
                    f"会覆盖“{named(submitted[name])}”提交的内容（变量“{name}”）。",
                    f"it overwrites what was submitted at “{submitted[name].id}” (variable “{name}”).",
                    ("请换一个变量名。", "Choose another variable."),
                )


def written_by(element: Element) -> frozenset[str]:
    """The variables that an element writes."""
    names: set[str] = set()
    if element.tag == "userTask" or (element.tag == "startEvent" and element.form):
        names.add(element.into)
    for call in (element.operation, element.decision):
        if call is not None and call.result:
            names.add(call.result)
    if element.loop is not None:
        loop = element.loop
        names.update(name for name in (loop.item, loop.output, loop.output_item) if name)
    if element.script is not None:
        with suppress(FeelError):  # told by check_expressions
            names.update(entries_of(element.script.text) or ())
    return frozenset(names)


def _texts(page: Page) -> Iterator[tuple[Place, Text, str]]:
    """(where, what it is, text) of every FEEL text of a process."""
    process = page.process
    if process.title:
        yield process, ("事项标题", "case title"), process.title
    if process.summary:
        yield process, ("事项摘要", "case summary"), process.summary
    for flow in process.flows.values():
        if flow.condition:
            yield flow, ("条件", "condition"), flow.condition
    for element in process.elements.values():
        yield from ((element, what, text) for what, text in _texts_on(element))
        if element.script is not None and _check_script(page, element):
            yield element, ("脚本", "script"), element.script.text


def _texts_on(element: Element) -> Iterator[tuple[Text, str]]:
    if element.deadline is not None:
        yield ("办理期限", "deadline"), element.deadline.working_days
    for call in (element.operation, element.decision):
        for name, text in call.parameters if call is not None else ():
            yield (f"参数“{name}”", f"parameter “{name}”"), text
    for event in element.events:
        if event.text.startswith("="):
            yield ("时间", "time"), event.text
    if element.loop is not None:
        for what, text in (
            (("重复次数", "loop cardinality"), element.loop.cardinality),
            (("完成条件", "completion condition"), element.loop.completion),
        ):
            if text:
                yield what, text


def _check_script(page: Page, element: Element) -> bool:
    """Whether the script is FEEL at all; then it is read like every other text."""
    script = element.script
    if script is None or script.format.strip().lower() not in _FORMATS:
        page.error(
            element,
            f"脚本任务的格式“{script.format if script else ''}”不受支持。",
            f"the script format “{script.format if script else ''}” is not supported.",
            ("请设为application/feel。", "Set it to application/feel."),
        )
        return False
    try:
        entries = entries_of(script.text)
    except FeelError:
        return True
    if entries is None:
        page.error(
            element,
            "脚本必须是一个FEEL上下文，例如{ 合计: sum(金额) }。",
            "a script must be one FEEL context, such as { total: sum(costs) }.",
        )
    return entries is not None


def _check_variable(page: Page, element: Element, name: str) -> None:
    if name in RESERVED or name in BUILTINS:
        why = RESERVED.get(name, ("它是FEEL的函数名", "it is a function of FEEL"))
        page.error(
            element,
            f"不能用“{name}”作变量名：{why[0]}。",
            f"“{name}” cannot be a variable: {why[1]}.",
            ("请换一个名称。", "Choose another name."),
        )
    elif not _NAME.fullmatch(name):
        page.error(
            element,
            f"变量名“{name}”只能由文字、数字和下划线组成，且不以数字开头。",
            f"the variable “{name}” may hold only letters, digits and underscores, and not begin with a digit.",
        )


class _Reading:
    """One text under the eye."""

    def __init__(self, page: Page, place: Place, what: Text, text: str) -> None:
        self.page, self.place, self.what, self.text = page, place, what, text

    def check(self, folder: Folder, known: frozenset[str], outcomes: dict[str, set[str]]) -> None:
        try:
            expression = compile_expression(self.text)
            node = tree(self.text)
        except FeelError as error:
            self._say(error.message("zh"), error.message("en"))
            return
        for name in sorted(expression.called - folder.decisions.keys()):
            self._say(
                f"没有名为“{name}”的函数或决策，结果会是空值。",
                f"there is no function or decision “{name}”; it would be null.",
                ("请检查拼写。", "Check the spelling."),
            )
        for name in sorted(expression.names - known - BUILTINS.keys() - folder.decisions.keys()):
            self._say(
                f"没有任何环节写入变量“{name}”，结果会是空值。",
                f"nothing writes a variable “{name}”; it would be null.",
                ("请检查拼写。", "Check the spelling."),
            )
        if "typename" in keys_in(node):
            self._say(
                f"不能用“typename”作键名：{RESERVED['typename'][0]}。",
                f"“typename” cannot be a key: {RESERVED['typename'][1]}.",
            )
        for function, given, count in calls_in(node):
            if function in folder.decisions and function in known:
                self._say(
                    f"变量“{function}”遮住了同名的决策，这里无法调用它。",
                    f"the variable “{function}” hides the decision of that name; it cannot be called here.",
                    ("请给变量换一个名称。", "Choose another name for the variable."),
                )
            elif function in folder.decisions:
                self._check_call(function, given, count, tuple(folder.decisions[function].parameters))
        for variable, answer in answers_in(node):
            offered = outcomes.get(variable)
            if offered and answer not in offered:
                self._say(
                    f"“{variable}”没有办理结果“{answer}”。",
                    f"“{variable}” has no outcome “{answer}”.",
                    (f"可用的有：{', '.join(sorted(offered))}。", f"There are: {', '.join(sorted(offered))}."),
                )

    def _check_call(
        self, function: str, given: tuple[str, ...] | None, count: int, parameters: tuple[str, ...]
    ) -> None:
        hint = (f"参数为：{', '.join(parameters)}。", f"Its parameters: {', '.join(parameters)}.")
        if given is None and count != len(parameters):
            self._say(
                f"决策“{function}”有{len(parameters)}个参数，这里给了{count}个。",
                f"decision “{function}” takes {len(parameters)} parameters, not {count}.",
                hint,
            )
        elif given is not None and set(given) != set(parameters):
            wrong = ", ".join(sorted(set(given) ^ set(parameters)))
            self._say(
                f"决策“{function}”的参数不符：{wrong}。",
                f"decision “{function}”: parameters do not fit: {wrong}.",
                hint,
            )

    def _say(self, zh: str, en: str, hint: Text = ("", "")) -> None:
        self.page.error(self.place, f"{self.what[0]}：{zh}", f"{self.what[1]}: {en}", hint)
