"""What a diagram says of the verbs of a task (``gw:verb``): each once, with limits that it has."""

from __future__ import annotations

from engine.checks.reading import spelling
from engine.checks.report import Folder, Page, named
from engine.diagram import Element
from engine.diagram.verbs import ROLE, TO_PEOPLE, Verb
from engine.forms.for_all import field_named, fits
from engine.words import say

_OWN = {"urge": {"perDay"}, "bulk": {"fields"}}


def check_verbs(page: Page, folder: Folder) -> None:
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
            _check_fields(page, folder, element, verb)


def _check_limits(page: Page, element: Element, verb: Verb) -> None:
    if verb.allowed and (verb.most == 0 or verb.per_day == 0):
        page.error(
            element, say("“{name}”的“{verb}”上限为0，谁也用不了。", name=named(element), verb=verb.name),
            say("要禁止请写allowed=\"false\"，否则请写1以上的数。"),
        )  # fmt: skip
    own = {"to", "most"} if verb.name in TO_PEOPLE else _OWN.get(verb.name, set())
    for limit in sorted(verb.said - own):
        page.error(
            element, say("“{name}”的“{verb}”没有“{limit}”这项限制。", name=named(element), verb=verb.name, limit=limit),
            say("to和most用于forward、delegate、sign、ask、copy，perDay用于urge，fields用于bulk；请删去其余的。"),
        )  # fmt: skip
    if verb.said and not verb.allowed:
        page.warn(
            element, say("“{name}”已禁止“{verb}”，其余限制不起作用。", name=named(element), verb=verb.name),
            say("请删去to、most、perDay、fields。"),
        )  # fmt: skip
    starters = {one.where for one in element.assignments} == {"starter"}
    if verb.allowed and verb.to == ROLE and starters:
        page.error(
            element, say("“{name}”由发起人本人办理，没有“同一岗位”可选。", name=named(element)),
            say("请把gw:verb的to改成organisation、subtree或anyone。"),
        )  # fmt: skip


def _check_fields(page: Page, folder: Folder, element: Element, verb: Verb) -> None:
    """What is filled in once for many tasks: fields of the step's own form, to which one answer may serve all."""
    form = folder.forms.get(element.form or "")
    if verb.name != "bulk" or not verb.fields:
        return
    if element.form is None:
        page.error(
            element, say("“{name}”没有表单，没有可以统一填写的字段。", name=named(element)),
            say("请删去gw:verb的fields，或者加上表单。"),
        )  # fmt: skip
    for name in verb.fields if form is not None else ():
        assert form is not None
        field = field_named(form, name)
        if field is None:
            known = [one.path[0] for one in form.fields if one.is_input and one.path]
            page.error(
                element, say("“{name}”批量办理时统一填写的“{field}”不是表单的字段。", name=named(element), field=name),
                spelling(name, known),
            )  # fmt: skip
        elif not fits(field):
            page.error(
                element, say("“{name}”的字段“{field}”不能统一填写。", name=named(element), field=name),
                say("只能是文字、数字、日期、勾选或者选项固定的单选，并且不是只读的。"),
            )  # fmt: skip
