"""Every FEEL text of a process compiles, names only what exists and, if it asks for nothing, comes to an end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from engine.checks.feel_trees import hidden_in, tree
from engine.checks.graph import followers, reach
from engine.checks.reading import RESERVED, TextReader
from engine.checks.report import Folder, Page, named
from engine.checks.texts import Told, texts_of
from engine.checks.variables import NAME, Variables, left_by, written_by
from engine.diagram import Element
from engine.feel import BudgetExceeded, Environment, FeelError, compile_expression
from engine.feel import nodes as n
from engine.feel.builtins import BUILTINS
from engine.feel.environment import EPOCH
from engine.words import Said, Words, say


def check_expressions(page: Page, folder: Folder, pages: Iterable[Page], variables: Variables) -> None:
    """Every text of a process, and every variable that it writes."""
    reading = TextReader(folder, variables, outcomes_of(pages))
    for told in texts_of(page, variables):
        reading.check(told.text, told.known, partial(_tell, page, told))
        _check_ends(page, told)
        _check_hidden(page, told)
    for element in page.process.elements.values():
        loop = element.loop
        named_there = {loop.item, loop.output} - {""} if loop is not None else set()
        named_there |= {name for name, _ in element.passes.inputs} if element.passes is not None else set()
        for name in sorted(written_by(element) | named_there):
            _check_variable(page, element, name)
    _check_overwritten(page)


def outcomes_of(pages: Iterable[Page]) -> dict[str, set[str]]:
    """The answers that people may give, by the variable of their submission."""
    outcomes: dict[str, set[str]] = {}
    for page in pages:
        for element in page.process.elements.values():
            outcomes.setdefault(element.into, set()).update(outcome.id for outcome in element.outcomes)
    return outcomes


def _renamed(element: Element, name: str) -> Words:
    """What to do about a name that FEEL cannot read: other tools make ids of signs that it takes for arithmetic."""
    plain = re.sub(r"\W", "_", name)
    good = plain if NAME.match(plain) else f"v_{plain}"
    if name == element.id:
        return say("变量取自环节的id，请把id改成“{good}”，或在gw:form上写into=“{good}”。", good=good)
    return say("请改为“{good}”。", good=good)


def _tell(page: Page, told: Told, what: Words, hint: Said) -> None:
    page.error(told.place, say("{name}：{what}", name=told.what, what=what), hint)


def _check_hidden(page: Page, told: Told) -> None:
    """An entry of a context that stands for a variable in the entries behind it. What a script writes is variables."""
    with suppress(FeelError):
        node = tree(told.text)
        is_script = isinstance(told.place, Element) and told.place.tag == "scriptTask"
        written = dict(node.entries) if is_script and isinstance(node, n.ContextNode) else {}
        hidden = {name for part in (written.values() or [node]) for name in hidden_in(part)}
        for name in sorted((hidden & set(told.known)) - written.keys()):
            what = say("{name}：“{entry}”这一项遮住了同名的变量，后面各项读到的是它。", name=told.what, entry=name)
            page.warn(told.place, what, say("要读变量，请给这一项换一个名称。"))


def _check_ends(page: Page, told: Told) -> None:
    """Wherever it stands and whether or not a play comes there: what asks for no data must come to an end."""
    with suppress(FeelError):
        expression = compile_expression(told.text)
        if expression.names or expression.perhaps or expression.called:
            return
        try:
            expression.evaluate({}, Environment(EPOCH))
        except BudgetExceeded as exceeded:
            what = say("{name}：{what}", name=told.what, what=exceeded.words)
            page.error(told.place, what, say("请改成很快就有结果的写法。"))


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
            _renamed(element, name),
        )
