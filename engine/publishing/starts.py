"""Cases that ask for cases of another kind: what they hand over must fit the form that it begins with.

Judged when either side is published. Knows no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.checks.feel_trees import constant, entries_of
from engine.checks.starts import STARTS
from engine.definition import Definition
from engine.diagram import PARENT_CALLED_OFF
from engine.errors import Problem
from engine.forms.model import Field
from engine.words import Words, listed, say


@dataclass(frozen=True, slots=True)
class StartForm:
    """The form of a plain start event: its fields, and which must be filled in whatever else is."""

    fields: tuple[str, ...]
    required: tuple[str, ...]
    hears: bool = False  # when the case that has asked for it is called off


@dataclass(frozen=True, slots=True)
class AskedStart:
    """That a step asks for a case of another kind, and the fields that it hands over."""

    element: str
    process: str
    fields: tuple[str, ...]


Forms = Mapping[str, StartForm | None]
"""By the key of a definition; None: it has no plain start event."""
_HINT: Final = say("请核对gw:parameter data里的各项和被发起流程的开始表单。")


def start_form(definition: Definition) -> StartForm | None:
    """What a case of this kind begins with; None when no person, and no other case, can start one."""
    start = definition.process.start
    if start is None:
        return None
    form, waited = definition.form_of(start.id), definition.elements.values()
    hears = any(event.name == PARENT_CALLED_OFF for element in waited for event in element.events)
    if form is None:
        return StartForm((), (), hears)
    derived = {name for name, _ in form.derive}
    inputs = [one for one in _top(form.fields) if one.path[0] not in derived]
    needed = tuple(one.path[0] for one in inputs if one.rules.required and one.hide is None and not one.fixed)
    return StartForm(tuple(one.path[0] for one in inputs if not one.fixed), needed, hears)


def asked_starts(definition: Definition) -> tuple[AskedStart, ...]:
    """The cases for which a definition asks, as far as they are written as the checks want them."""
    found = []
    for element in definition.elements.values():
        if element.operation is not None and element.operation.name == STARTS:
            given = dict(element.operation.parameters)
            names = entries_of(given["data"]) if "data" in given else ()
            found.append(AskedStart(element.id, str(constant(given["process"])), names or ()))
    return tuple(found)


def unfit(key: str, asked: Iterable[AskedStart], forms: Forms) -> Iterator[Problem]:
    """Where a definition asks for what cannot be started, or hands over too much or too little."""
    for one in asked:
        for what in _wrong(one, forms):
            yield Problem(f"{key}/process.bpmn", one.element, what, _HINT)
        form = forms.get(one.process)
        if form is not None and not form.hears:
            name, message = one.process, PARENT_CALLED_OFF
            what = say("本事项被撤回、撤销或终止时，它发起的“{name}”不会得知，照常办理。", name=name)
            hint = say(
                "需要处理的，请在“{name}”里加一个消息“{message}”的边界事件或事件子流程。", name=name, message=message
            )
            yield Problem(f"{key}/process.bpmn", one.element, what, hint, severity="warning")


def _wrong(asked: AskedStart, forms: Forms) -> Iterator[Words]:
    name = asked.process
    if name not in forms:
        yield say("没有代号为“{name}”的流程，不能发起。", name=name)
        return
    form = forms[name]
    if form is None:
        yield say("流程“{name}”没有由人发起的开始事件，不能由case.start发起。", name=name)
        return
    extra = [one for one in asked.fields if one not in form.fields]
    missing = [one for one in form.required if one not in asked.fields]
    if extra:
        yield say("流程“{name}”的开始表单没有这些可填的字段：{fields}。", name=name, fields=listed(extra, by=", "))
    if missing:
        yield say("流程“{name}”的开始表单必填的字段没有给出：{fields}。", name=name, fields=listed(missing, by=", "))


def _top(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields that a submission holds side by side, those of plain groups among them."""
    for one in fields:
        if one.path:
            yield one
        else:
            yield from _top(one.children)
