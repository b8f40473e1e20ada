"""User tasks as other tools draw them, without form, answers or people: one message for all that lack the same.

It says what to add. Knows no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.checks.report import Page, named
from engine.diagram import Element
from engine.errors import Problem
from engine.words import Said, Words, listed, say

_FORM: Final = '<gw:form ref="…"/>'
_OUTCOME: Final = '<gw:outcome id="approve" name="…" nameEn="…" kind="approve"/>'
_ASSIGNMENT: Final = '<gw:assignment role="…" where="same"/>'
_SHOWN: Final = 10  # tasks that one message names
Lack = tuple[Words, Words, Said, str]
"""What is said of one task, what of several, what to do, and the lane that they are in if that matters."""


def check_bare(page: Page) -> None:
    """What the user tasks of a process lack."""
    lacking: dict[Lack, list[Element]] = {}
    for element in page.of("userTask"):
        for lack in (*_asks_nothing(element), *_asks_nobody(page, element)):
            lacking.setdefault(lack, []).append(element)
    for (one, several, hint, own), elements in lacking.items():
        first = elements[0]
        lane = named(page.process.lanes[own]) if own else ""
        if len(elements) == 1:
            page.error(first, one.about(name=named(first), lane=lane), hint)
            continue
        names = listed([*map(named, elements[:_SHOWN]), *(["…"] if len(elements) > _SHOWN else [])])
        what = several.about(count=len(elements), names=names, lane=lane)
        said = say("第{line}行等：{what}", line=first.line, what=what)
        page.report.add(Problem(page.file, first.id, said, hint, stands_for=len(elements)))


def _asks_nothing(element: Element) -> Iterator[Lack]:
    form = say("请在扩展元素里加上：{line}，并附上文件forms/….form.json。", line=_FORM)
    answer = say("请在扩展元素里加上：{line}。", line=_OUTCOME)
    asks = element.form is not None or element.sealing.kind in ("share", "unseal")  # these ask for secrets
    if not asks and not element.outcomes:
        yield (
            say("用户任务“{name}”没有表单，也没有办理结果，办理人无法办理。"),
            say("{count}个用户任务没有表单，也没有办理结果，办理人无法办理：{names}。"),
            say("请在扩展元素里加上：{form} {outcome}，并附上文件forms/….form.json。", form=_FORM, outcome=_OUTCOME),
            "",
        )
    elif not asks:
        yield say("用户任务“{name}”没有表单。"), say("{count}个用户任务没有表单：{names}。"), form, ""
    elif not element.outcomes:
        yield (
            say("用户任务“{name}”没有办理结果（gw:outcome），办理人无法提交。"),
            say("{count}个用户任务没有办理结果（gw:outcome），办理人无法提交：{names}。"),
            answer,
            "",
        )


def _asks_nobody(page: Page, element: Element) -> Iterator[Lack]:
    if element.assignments:
        return
    hint = say("请在泳道的扩展元素里加上：{line}。", line=_ASSIGNMENT)
    lane = page.process.lanes.get(element.lane_id or "")
    if lane is None:
        yield (
            say("用户任务“{name}”不在任何泳道里，没有人能办理。"),
            say("{count}个用户任务不在任何泳道里，没有人能办理：{names}。"),
            say("请画出泳道，把任务放进去，并在泳道的扩展元素里加上：{line}。", line=_ASSIGNMENT),
            "",
        )
    else:
        yield (
            say("用户任务“{name}”所在的泳道“{lane}”没有配置办理人，没有人能办理。"),
            say("泳道“{lane}”没有配置办理人，其中{count}个用户任务没有人能办理：{names}。"),
            hint,
            lane.id,
        )
