"""Names of registers and of their fields, where operations and the sources of forms say them. Knows no record.

Judges only what is written as it is: constant names, and the keys of contexts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from engine.checks.feel_trees import constant, tree
from engine.checks.reading import spelling
from engine.checks.report import Folder, Page
from engine.diagram import ForEach
from engine.feel import FeelError, compile_expression
from engine.feel import nodes as n
from engine.feel.builtins import BUILTINS
from engine.registers.register import DERIVED
from engine.words import Words, listed, say

Registers = Mapping[str, Mapping[str, str]]
"""The fields of every register with what each names (``engine.registers.register.Register.kinds``).

None: they are not known."""
_FIELDS: Final = ("by", "field")  # parameters that name a field
_READS_DERIVED: Final = "register.list"  # whose ``equals`` may name what is derived
_OF_RECORD: Final = ("data", "expect")  # what of a change holds fields
_MOST: Final = 12  # names that a hint lists


def check_registers(pages: Collection[Page], folder: Folder, registers: Registers) -> None:
    """Every step, every source of a form and every record that a case is about, where they name a register."""
    for page in pages:
        for concern in page.process.concerns if registers else ():
            for what, hint in _unknown(concern.register, concern.fields, registers):
                page.error(page.process, what, hint)
        for element in page.process.elements.values():
            for what, hint in _rounds(element.for_each, registers):
                page.error(element, what, hint)
            if element.operation is not None:
                for what, hint in _wrong(element.operation.name, dict(element.operation.parameters), registers):
                    page.error(element, what, hint)
    for name, form in folder.forms.items():
        for source in form.sources.values() if form is not None else ():
            for what, hint in _wrong(source.operation, source.parameters, registers):
                folder.report.error(form.file if form is not None else name, source.operation, what, hint)


def _rounds(each: ForEach | None, registers: Registers) -> Iterator[tuple[Words, Words]]:
    """What a start event with a timer says of registers: whose records it is for, or which its organisations have."""
    if each is None or not registers:
        return
    if each.register:
        yield from _unknown(each.register, _fields_of(each), registers)
    if each.having:
        yield from _unknown(each.having, (), registers)


def _fields_of(each: ForEach) -> list[str]:
    """What the condition of a start event reads of a record, by its names."""
    try:
        expression = compile_expression(each.when) if each.when else None
    except FeelError:
        return []  # told with the expressions
    own = {"number", each.result}
    return [] if expression is None else sorted((expression.names | expression.perhaps) - own - BUILTINS.keys())


def _wrong(operation: str, parameters: Mapping[str, str], registers: Registers) -> Iterator[tuple[Words, Words]]:
    register = _constant(parameters.get("register", ""))
    if register is not None and registers:
        derived = {name for name, kind in registers.get(register, {}).items() if kind == DERIVED}
        looked_for = set(_equals(parameters)) & derived if operation == _READS_DERIVED else set()
        named = (name for name in (*_named(parameters), *_keys(parameters)) if name not in looked_for)
        yield from _unknown(register, named, registers)


def _unknown(register: str, named: Iterable[str], registers: Registers) -> Iterator[tuple[Words, Words]]:
    """That there is no such register, or no such field in it."""
    if register not in registers:
        yield say("没有台账“{name}”。", name=register), _choices(register, registers)
        return
    known = {name for name, kind in registers[register].items() if name and kind != DERIVED}
    for name in named:
        if name not in known:
            what = say("台账“{register}”没有字段“{name}”。", register=register, name=name)
            yield what, _choices(name, known)


def _named(parameters: Mapping[str, str]) -> Iterator[str]:
    """The fields that parameters name."""
    found = map(_constant, (parameters.get(name, "") for name in _FIELDS))
    yield from (name for name in found if name is not None)


def _keys(parameters: Mapping[str, str]) -> list[str]:
    """The fields of what is looked for, of what is written and of what is expected to stand there, each once."""
    found = _equals(parameters)
    for change in _written(parameters, "changes"):
        inner = [part for own, value in change.entries if own in _OF_RECORD for part in _contexts(value)]
        found += [own for part in inner for own, _ in part.entries]
    return list(dict.fromkeys(found))


def _equals(parameters: Mapping[str, str]) -> list[str]:
    return [own for part in _written(parameters, "equals") for own, _ in part.entries]


def _written(parameters: Mapping[str, str], name: str) -> list[n.ContextNode]:
    text = parameters.get(name, "")
    try:
        return list(_contexts(tree(text))) if text else []
    except FeelError:
        return []  # told with the expressions


def _contexts(part: Any) -> Iterator[n.ContextNode]:
    """The contexts that a text may come to; what is handed to a function, or stands within a context, is another's."""
    if isinstance(part, n.ContextNode):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from _contexts(inner)
    elif isinstance(part, n.Node) and not isinstance(part, n.Call):
        for item in fields(part):
            yield from _contexts(getattr(part, item.name))


def _constant(text: str) -> str | None:
    try:
        found = constant(text) if text else None
    except (FeelError, LookupError):
        return None
    return found if isinstance(found, str) else None


def _choices(name: str, known: Collection[str]) -> Words:
    if len(known) > _MOST:
        return spelling(name, known)
    return say("可用的有：{known}。", known=listed(sorted(known), by=", "))
