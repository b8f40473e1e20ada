"""The ways out of an element, as far as FEEL decides them: never taken, taken with another, none left. Draws no graph.

Says nothing that is not proved (`conditions`), nor anything of a condition that is faulty in itself. Where several
conditions of an exclusive gateway hold, the flow that stands first in the file is taken (BPMN 2.0, 13.4.2: in order).
"""

from __future__ import annotations

from itertools import combinations

from engine.checks.answers import Answers
from engine.checks.conditions import TruthCase, TruthTable, decide
from engine.checks.report import Page, named
from engine.diagram import Element, Flow
from engine.words import listed, say


def check_branches(page: Page, element: Element, answers: Answers) -> frozenset[frozenset[str]]:
    """Judge the conditions out of an element; the pairs of its flows that are never taken together."""
    flows = [flow for flow in page.out(element) if flow.condition and flow.id != element.default]
    if not flows:
        return frozenset()
    default = page.process.flows.get(element.default or "")
    faulty = any(page.report.is_faulty(flow.id) for flow in flows)
    table = (
        None
        if faulty
        else decide([flow.condition or "" for flow in flows], lambda path: answers.at(page, element, path))
    )
    sure = any(flow.condition is None for flow in page.out(element)) and not element.tag.endswith("Gateway")
    if default is None and not sure:
        _check_gap(page, element, flows, table)
    apart = frozenset(frozenset((default.id, flow.id)) for flow in flows) if default is not None else frozenset()
    if table is None:
        return apart
    if element.tag == "exclusiveGateway":
        _check_in_order(page, flows, table)
    else:
        for at, flow in enumerate(flows):
            if not _cases(table, at):
                _never(page, flow)
    if default is not None and not _left(table):
        page.warn(
            default,
            say("其他出路已经包括了所有情形，默认连线“{name}”永远走不到。", name=named(default)),
            say("可以保留，也可以删去这条连线。"),
        )
    return apart | frozenset(
        frozenset((flows[one].id, flows[other].id))
        for one, other in combinations(range(len(flows)), 2)
        if not any(case.verdicts[one] and case.verdicts[other] for case in table.cases)
    )


def _cases(table: TruthTable, at: int) -> list[TruthCase]:
    """Where a condition is true."""
    return [case for case in table.cases if case.verdicts[at]]


def _left(table: TruthTable) -> list[TruthCase]:
    """Where every condition is false; where one is null, the act fails, default or not."""
    return [case for case in table.cases if not any(verdict is not False for verdict in case.verdicts)]


def _check_gap(page: Page, element: Element, flows: list[Flow], table: TruthTable | None) -> None:
    left = _left(table) if table is not None else None
    if left == []:
        return
    shown = ""
    if table is not None and left:
        found = sorted(left, key=lambda case: sum(value is None for value in case.values.values()))
        shown = table.example(found[0])
    if shown:
        what = say("“{name}”没有默认连线，而各条件可能都不成立，例如{shown}时，那时办理会被拒绝。")
    else:
        what = say("“{name}”没有默认连线，而各条件可能都不成立，那时办理会被拒绝。")
    page.error(element, what.about(name=named(element), shown=shown), say("请把其中一条连线设为默认连线。"))


def _check_in_order(page: Page, flows: list[Flow], table: TruthTable) -> None:
    """An exclusive gateway: the first condition that holds decides, one that is null stops the act."""
    for at, flow in enumerate(flows):
        true = _cases(table, at)
        before = {one for case in true for one in range(at) if case.verdicts[one] is not False}
        if not true:
            _never(page, flow)
        elif all(any(verdict is not False for verdict in case.verdicts[:at]) for case in true):
            others = listed(say("“{name}”", name=named(flows[one])) for one in sorted(before))
            page.error(
                flow,
                say(
                    "连线“{name}”永远走不到：它的条件成立时，排在前面的{others}总是先成立。",
                    name=named(flow),
                    others=others,
                ),
                say("请改条件，或删去这条连线。"),
            )
        else:
            _check_overlap(page, flows, table, at)


def _check_overlap(page: Page, flows: list[Flow], table: TruthTable, at: int) -> None:
    for one in range(at):
        both = [case for case in table.cases if case.verdicts[one] and case.verdicts[at]]
        if not both or not (table.real or both == _cases(table, one) or both == _cases(table, at)):
            continue
        shown = table.example(both[0])
        if shown:
            what = say("“{first}”和“{second}”的条件可能同时成立（例如{shown}），那时走“{first}”，因为它排在前面。")
        else:
            what = say("“{first}”和“{second}”的条件可能同时成立，那时走“{first}”，因为它排在前面。")
        facts = {"first": named(flows[one]), "second": named(flows[at]), "shown": shown}
        page.warn(flows[at], what.about(**facts), say("如果不是这个意思，请改条件。"))


def _never(page: Page, flow: Flow) -> None:
    page.error(
        flow,
        say("连线“{name}”的条件永远不会成立。", name=named(flow)),
        say("请改条件，或删去这条连线。"),
    )
