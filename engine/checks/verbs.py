"""What a diagram says of the verbs of a task (``gw:verb``): each once, with limits that it has."""

from __future__ import annotations

from engine.checks.report import Page, named
from engine.diagram import Element
from engine.diagram.verbs import ROLE, TO_PEOPLE, Verb
from engine.words import say


def check_verbs(page: Page) -> None:
    """Everything of them in one process."""
    for element in page.of("userTask"):
        seen: set[str] = set()
        for verb in element.verbs:
            if verb.name in seen:
                page.error(
                    element, say("“{name}”重复规定了“{verb}”。", name=named(element), verb=verb.name),
                    say("同一环节的每种操作只写一个gw:verb。"),
                )  # fmt: skip
            seen.add(verb.name)
            _check_limits(page, element, verb)


def _check_limits(page: Page, element: Element, verb: Verb) -> None:
    if verb.allowed and (verb.most == 0 or verb.per_day == 0):
        page.error(
            element, say("“{name}”的“{verb}”上限为0，谁也用不了。", name=named(element), verb=verb.name),
            say("要禁止请写allowed=\"false\"，否则请写1以上的数。"),
        )  # fmt: skip
    own = {"to", "most"} if verb.name in TO_PEOPLE else {"perDay"} if verb.name == "urge" else set()
    for limit in sorted(verb.said - own):
        page.error(
            element, say("“{name}”的“{verb}”没有“{limit}”这项限制。", name=named(element), verb=verb.name, limit=limit),
            say("to和most用于forward、delegate、sign、ask、copy，perDay用于urge；请删去其余的。"),
        )  # fmt: skip
    if verb.said and not verb.allowed:
        page.warn(
            element, say("“{name}”已禁止“{verb}”，其余限制不起作用。", name=named(element), verb=verb.name),
            say("请删去to、most、perDay。"),
        )  # fmt: skip
    starters = {one.where for one in element.assignments} == {"starter"}
    if verb.allowed and verb.to == ROLE and starters:
        page.error(
            element, say("“{name}”由发起人本人办理，没有“同一岗位”可选。", name=named(element)),
            say("请把gw:verb的to改成organisation、subtree或anyone。"),
        )  # fmt: skip
