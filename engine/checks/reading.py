"""One FEEL text under the eye: it compiles and names only what exists where it stands. Knows no place in a folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from engine.calendar.feel_functions import FEEL_NAMES
from engine.checks.feel_trees import answers_in, calls_in, itself_in, keys_in, tree
from engine.checks.report import Folder
from engine.checks.sealing import TOLD, read_too_early
from engine.checks.translate import as_feel
from engine.checks.variables import COUNTER, NUMBERS, Variables
from engine.dmn.effective import ON
from engine.feel import FeelError, compile_expression
from engine.feel import nodes as n
from engine.feel.builtins import BUILTINS
from engine.words import Said, Words, listed, say

RESERVED: Final = {
    "typename": say("它会使保存的状态无法读取"),
    "case": say("它由引擎提供，只读"),
    **dict.fromkeys((COUNTER, *sorted(NUMBERS)), say("它由循环提供，只读")),
}
"""Names that nothing in a folder may assign, and why."""
ALIKE: Final = 0.75  # of 1: as much as two names must have in common to be taken for each other
_LONGER: Final = 3  # characters that a misspelt name has more or less
_COMPARED: Final = 200  # names, and characters of one: a proposal is worth no more time
Tell = Callable[[Words, Said], None]
"""Where a fault of a text is noted: what is wrong, and what to do."""


def spelling(name: str, known: Iterable[str]) -> Words:
    """What to do about a name that does not exist: the one that looks most like it, if there is one."""
    near = sorted(own for own in known if abs(len(own) - len(name)) <= _LONGER)[:_COMPARED]
    close = get_close_matches(name[:_COMPARED], near, 1, ALIKE)
    return say("是不是“{close}”？请检查拼写。", close=close[0]) if close else say("请检查拼写。")


def _in_feel(text: str) -> Said:
    """What to write instead of what is no FEEL."""
    proposed = as_feel(text)
    if proposed is not None:
        return say("这里用FEEL，请写：{proposed}", proposed=proposed)
    return say('这里用FEEL，例如 =申请.金额 > 1000 and 审核.outcome = "pass"。')


class TextReader:
    """Reads texts of one folder. ``outcomes``: the answers by the variable of their submission."""

    def __init__(self, folder: Folder, variables: Variables, outcomes: Mapping[str, set[str]]) -> None:
        self.folder, self.variables, self.outcomes = folder, variables, outcomes
        self._say: Tell = lambda what, hint: None

    def check(self, text: str, known: Collection[str], tell: Tell) -> None:
        """Tell of everything wrong with ``text``, which may read the names ``known``."""
        self._say, folder, outcomes = tell, self.folder, self.outcomes
        try:
            expression = compile_expression(text)
            node = tree(text)
        except FeelError as error:
            self._say(error.words, _in_feel(text))
            return
        decisions = {**{name: (*inputs, ON) for name, inputs in folder.effective.items()}, **folder.inputs()}
        unknown = expression.called - decisions.keys() - FEEL_NAMES.keys()
        for name in sorted(unknown) if ".dmn" not in folder.unread else ():
            what = say("没有名为“{name}”的函数或决策，结果会是空值。", name=name)
            self._say(what, spelling(name, (*BUILTINS, *FEEL_NAMES, *decisions)))
        functions = BUILTINS.keys() | FEEL_NAMES.keys() | decisions.keys()
        for name in sorted(expression.names - set(known) - functions):
            self._unknown(name, known)
        self._check_sealed(node)
        if "typename" in keys_in(node):
            self._say(say("不能用“typename”作键名：{why}。", why=RESERVED["typename"]), say("请换一个键名。"))
        self._check_filters(node)
        for function, given, count in calls_in(node):
            if function in decisions and function in known:
                self._say(
                    say("变量“{function}”遮住了同名的决策，这里无法调用它。", function=function),
                    say("请给变量换一个名称。"),
                )
            elif function in FEEL_NAMES:
                self._check_call(function, given, count, FEEL_NAMES[function][1])
            elif function in folder.decisions:
                self._check_call(function, given, count, decisions[function])
            elif function in decisions:
                self._check_effective(function, given, decisions[function])
        for variable, answer in answers_in(node):
            offered = outcomes.get(variable)
            if offered and answer not in offered:
                self._say(
                    say("“{variable}”没有办理结果“{answer}”。", variable=variable, answer=answer),
                    say("可用的有：{offered}。", offered=listed(sorted(offered), by=", ")),
                )

    def _check_filters(self, node: n.Node) -> None:
        for name in sorted(set(itself_in(node))):
            self._say(
                say("筛选里的“item.{name} = {name}”两边都是同一项的“{name}”，总是相等。", name=name),
                say("请在筛选外面先给要比较的值另起一个名称。"),
            )

    def _check_sealed(self, node: n.Node) -> None:
        for name in read_too_early(node, self.variables.sealed):
            told = listed((f"{name}.{one}" for one in sorted(TOLD)), by=", ")
            self._say(
                say("“{name}”是密封提交，开启以前谁也读不到它的内容，结果会是空值。", name=name),
                say("请用开启（gw:unseal）所得的opened；开启以前只能读：{told}。", told=told),
            )

    def _unknown(self, name: str, known: Collection[str]) -> None:
        home = self.variables.kept_in(name)
        if home is None:
            what = say("没有任何环节写入变量“{name}”", name=name)
            hint = spelling(name, known)
        else:
            what = say("变量“{name}”只在“{home}”的每次办理里面存在，在这里读不到", name=name, home=home)
            hint = say("请用多实例的结果列表（loopDataOutputRef）收集。")
            if self.variables.is_called(home):
                hint = say("请在调用它的活动上用gw:output传出。")
        self._say(say("{what}，结果会是空值。", what=what), hint)

    def _check_effective(self, function: str, given: tuple[str, ...] | None, inputs: tuple[str, ...]) -> None:
        """An effective table gets the inputs of all its versions by name; the day may be left out."""
        wrong = sorted((set(given) | {ON}) ^ set(inputs)) if given is not None else []
        if given is None or wrong:
            what = say("按日期施行的决策表“{function}”要写明参数的名称。", function=function)
            if wrong:
                differ = ", ".join(wrong)
                what = say(
                    "决策表“{function}”现行和将施行的版本，参数与这里不符：{wrong}。", function=function, wrong=differ
                )
            self._say(what, say("参数为：{parameters}。", parameters=listed(inputs, by=", ")))

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
