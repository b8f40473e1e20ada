"""Every FEEL text of a process compiles and names only what exists. Evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from engine.calendar.feel_functions import FEEL_NAMES
from engine.checks.feel_trees import answers_in, calls_in, keys_in, tree
from engine.checks.graph import followers, reach
from engine.checks.report import Folder, Page, named
from engine.checks.texts import Told, texts_of
from engine.checks.variables import COUNTER, NAME, NUMBERS, Variables, left_by, written_by
from engine.diagram import Element
from engine.feel import FeelError, compile_expression
from engine.feel.builtins import BUILTINS
from engine.words import Said, Words, listed, say

RESERVED: Final = {
    "typename": say("它会使保存的状态无法读取"),
    "case": say("它由引擎提供，只读"),
    **dict.fromkeys((COUNTER, *sorted(NUMBERS)), say("它由循环提供，只读")),
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
                    say(
                        "会覆盖“{name}”提交的内容（变量“{variable}”）。",
                        name=named(submitted[name]),
                        variable=name,
                    ),
                    say("请换一个变量名。"),
                )


def _check_variable(page: Page, element: Element, name: str) -> None:
    if name in RESERVED or name in BUILTINS:
        why = RESERVED.get(name, say("它是FEEL的函数名"))
        page.error(
            element,
            say("不能用“{name}”作变量名：{why}。", name=name, why=why),
            say("请换一个名称。"),
        )
    elif not NAME.fullmatch(name):
        page.error(
            element,
            say("变量名“{name}”只能由文字、数字和下划线组成，且不以数字开头。", name=name),
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
            self._say(error.words)
            return
        for name in sorted(expression.called - folder.decisions.keys() - FEEL_NAMES.keys()):
            self._say(
                say("没有名为“{name}”的函数或决策，结果会是空值。", name=name),
                say("请检查拼写。"),
            )
        for name in sorted(expression.names - known - BUILTINS.keys() - FEEL_NAMES.keys() - folder.decisions.keys()):
            self._unknown(name)
        if "typename" in keys_in(node):
            self._say(
                say("不能用“typename”作键名：{why}。", why=RESERVED["typename"]),
            )
        for function, given, count in calls_in(node):
            if function in folder.decisions and function in known:
                self._say(
                    say("变量“{function}”遮住了同名的决策，这里无法调用它。", function=function),
                    say("请给变量换一个名称。"),
                )
            elif function in FEEL_NAMES:
                self._check_call(function, given, count, FEEL_NAMES[function][1])
            elif function in folder.decisions:
                self._check_call(function, given, count, tuple(folder.decisions[function].parameters))
        for variable, answer in answers_in(node):
            offered = outcomes.get(variable)
            if offered and answer not in offered:
                self._say(
                    say("“{variable}”没有办理结果“{answer}”。", variable=variable, answer=answer),
                    say("可用的有：{offered}。", offered=listed(sorted(offered), by=", ")),
                )

    def _unknown(self, name: str) -> None:
        home = self.variables.kept_in(name)
        if home is None:
            what = say("没有任何环节写入变量“{name}”", name=name)
            hint = say("请检查拼写。")
        else:
            what = say("变量“{name}”只在“{home}”的每次办理里面存在，在这里读不到", name=name, home=home)
            hint = say("请用多实例的结果列表（loopDataOutputRef）收集。")
        self._say(say("{what}，结果会是空值。", what=what), hint)

    def _check_call(
        self, function: str, given: tuple[str, ...] | None, count: int, parameters: tuple[str, ...]
    ) -> None:
        hint = say("参数为：{parameters}。", parameters=listed(parameters, by=", "))
        if given is None and count != len(parameters):
            self._say(
                say(
                    "决策“{function}”有{count}个参数，这里给了{given}个。",
                    function=function,
                    count=len(parameters),
                    given=count,
                ),
                hint,
            )
        elif given is not None and set(given) != set(parameters):
            wrong = ", ".join(sorted(set(given) ^ set(parameters)))
            self._say(
                say("决策“{function}”的参数不符：{wrong}。", function=function, wrong=wrong),
                hint,
            )

    def _say(self, what: Words, hint: Said = "") -> None:
        self.page.error(self.told.place, say("{name}：{what}", name=self.told.what, what=what), hint)
