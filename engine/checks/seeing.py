"""What a process shows to people from outside (``gw:seen``) names what is there: roles, fields of forms, columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from engine.checks.report import Folder, Page, named
from engine.diagram import Element, Process
from engine.diagram.seeing import OUTSIDE, Seen
from engine.forms import Form
from engine.forms.model import Field
from engine.words import Words, listed, say

OF_PROCESS: Final = ("title", "summary")
OPINION: Final = "opinion"


def check_seen(page: Page, folder: Folder) -> None:
    """Every declaration of a process, its lanes and its elements."""
    process = page.process
    columns = {*OF_PROCESS, *(one.id for one in process.columns)}
    _check(page, folder, process, say("流程"), process.seeing.seen, columns)
    for element in process.elements.values():
        fields = fields_of(folder, element)
        lane = process.lanes.get(element.lane_id or "")
        own = element.seen[: len(element.seen) - len(lane.seen)] if lane else element.seen
        if fields is not None:
            _check(page, folder, element, say("“{name}”", name=named(element)), own, {OPINION, *fields})
    for lane in process.lanes.values():
        what = say("泳道“{name}”", name=named(lane))
        for one in lane.seen:
            _check_roles(page, folder, lane.id, what, one.by)
            if one.fields:
                hint = say("请把fields写在各个环节的gw:seen上；泳道上的gw:seen显示其中各环节的全部内容。")
                page.report.error(page.file, lane.id, say("{what}的gw:seen不能写fields。", what=what), hint)


def fields_of(folder: Folder, element: Element) -> Collection[str] | None:
    """The names of the fields of an element's form; None: the form could not be read, which is told elsewhere."""
    if element.form is None:
        return ()
    form = folder.forms.get(element.form)
    return {item.path[0] for item in _inputs(form.fields)} if isinstance(form, Form) else None


def _inputs(items: Iterable[Field]) -> Iterable[Field]:
    for item in items:
        if item.path:
            yield item
        elif item.children:
            yield from _inputs(item.children)


def _check(
    page: Page, folder: Folder, at: Element | Process, what: Words, seen: Iterable[Seen], known: Collection[str]
) -> None:
    for one in seen:
        _check_roles(page, folder, at.id, what, one.by)
        for name in one.fields:
            if name not in known:
                page.error(
                    at,
                    say("{what}的gw:seen里的“{name}”不存在。", what=what, name=name),
                    say("可用的有：{known}。", known=listed(sorted(known), by=", ")),
                )


def _check_roles(page: Page, folder: Folder, place: str, what: Words, by: Iterable[str]) -> None:
    for role in by:
        if role != OUTSIDE and role not in folder.roles:
            page.report.error(
                page.file,
                place,
                say("{what}的gw:seen里的角色“{role}”不存在。", what=what, role=role),
                say("请写{outside}（全部外部单位的人），或者外部单位的角色。", outside=OUTSIDE),
            )
