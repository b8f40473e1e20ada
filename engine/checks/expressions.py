"""Every FEEL text of a process compiles and names only what exists. Evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from engine.calendar.feel_functions import FEEL_NAMES
from engine.checks.feel_trees import answers_in, calls_in, keys_in, tree
from engine.checks.graph import followers, reach
from engine.checks.report import Folder, Page, named
from engine.checks.texts import Text, Told, texts_of
from engine.checks.variables import COUNTER, NAME, NUMBERS, Variables, left_by, written_by
from engine.diagram import Element
from engine.feel import FeelError, compile_expression
from engine.feel.builtins import BUILTINS

RESERVED: Final = {
    "typename": ("它会使保存的状态无法读取", "it would make saved states unreadable"),
    "case": ("它由引擎提供，只读", "it is supplied by the engine and read-only"),
    **dict.fromkeys((COUNTER, *sorted(NUMBERS)), ("它由循环提供，只读", "it is supplied by loops and read-only")),
}
"""Names that nothing in a folder may assign, and why."""


def check_expressions(page: Page, folder: Folder, pages: Iterable[Page], variables: Variables) -> None:
    """Every text of a process, and every variable that it writes."""
    outcomes: dict[str, set[str]] = {}
    for each in pages:
        for element in each.process.elements.values():
            outcomes.setdefault(element.into, set()).update(outcome.id for outcome in element.outcomes)
    for told in texts_of(page, variables):
        _Reading(page, told, variables).check(folder, outcomes)
    for element in page.process.elements.values():
        loop = element.loop
        named_there = {loop.item, loop.output} - {""} if loop is not None else set()
        for name in sorted(written_by(element) | named_there):
            _check_variable(page, element, name)
    _check_overwritten(page)


def _check_overwritten(page: Page) -> None:
    """A machine may prepare the variable of a form that comes later; what was submitted before should stay."""
    elements = page.process.elements
    submitted = {element.into: element for element in elements.values() if element.form}
    edges = followers(page, elements.values())
    for element in elements.values():
        for name in sorted(left_by(element) & submitted.keys()):
            if not element.form and submitted[name].id not in reach(edges, [element.id]):
                page.warn(
                    element,
                    f"会覆盖“{named(submitted[name])}”提交的内容（变量“{name}”）。",
                    f"it overwrites what was submitted at “{submitted[name].id}” (variable “{name}”).",
                    ("请换一个变量名。", "Choose another variable."),
                )


def _check_variable(page: Page, element: Element, name: str) -> None:
    if name in RESERVED or name in BUILTINS:
        why = RESERVED.get(name, ("它是FEEL的函数名", "it is a function of FEEL"))
        page.error(
            element,
            f"不能用“{name}”作变量名：{why[0]}。",
            f"“{name}” cannot be a variable: {why[1]}.",
            ("请换一个名称。", "Choose another name."),
        )
    elif not NAME.fullmatch(name):
        page.error(
            element,
            f"变量名“{name}”只能由文字、数字和下划线组成，且不以数字开头。",
            f"the variable “{name}” may hold only letters, digits and underscores, and not begin with a digit.",
        )


class _Reading:
    """One text under the eye."""

    def __init__(self, page: Page, told: Told, variables: Variables) -> None:
        self.page, self.told, self.variables = page, told, variables

    def check(self, folder: Folder, outcomes: dict[str, set[str]]) -> None:
        known = self.told.known
        try:
            expression = compile_expression(self.told.text)
            node = tree(self.told.text)
        except FeelError as error:
            self._say(error.message("zh"), error.message("en"))
            return
        for name in sorted(expression.called - folder.decisions.keys() - FEEL_NAMES.keys()):
            self._say(
                f"没有名为“{name}”的函数或决策，结果会是空值。",
                f"there is no function or decision “{name}”; it would be null.",
                ("请检查拼写。", "Check the spelling."),
            )
        for name in sorted(expression.names - known - BUILTINS.keys() - FEEL_NAMES.keys() - folder.decisions.keys()):
            self._unknown(name)
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
            elif function in FEEL_NAMES:
                self._check_call(function, given, count, FEEL_NAMES[function][1])
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

    def _unknown(self, name: str) -> None:
        home = self.variables.kept_in(name)
        if home is None:
            zh, en = f"没有任何环节写入变量“{name}”", f"nothing writes a variable “{name}”"
            hint = ("请检查拼写。", "Check the spelling.")
        else:
            zh = f"变量“{name}”只在“{home}”的每次办理里面存在，在这里读不到"
            en = f"the variable “{name}” exists only inside of each run of “{home}” and cannot be read here"
            hint = ("请用多实例的结果列表（loopDataOutputRef）收集。", "Collect it by loopDataOutputRef.")
        self._say(f"{zh}，结果会是空值。", f"{en}; it would be null.", hint)

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
        what = self.told.what
        self.page.error(self.told.place, f"{what[0]}：{zh}", f"{what[1]}: {en}", hint)
