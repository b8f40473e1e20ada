"""What registers need of each other: whether what one refers to, and what it derives, is there. Knows no record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.errors import Problem
from engine.registers.derived import MANY, ONE
from engine.registers.reading import SUFFIX
from engine.registers.register import Register
from engine.words import say


def underived(register: Register, known: Mapping[str, Register]) -> Iterator[Problem]:
    """Derived fields that read what is not there, or are asked to be what only a stored field can be."""
    file = register.name + SUFFIX
    there = {*register.columns, *(name + ONE for name in register.references)}
    there |= {name + MANY for name, other in known.items() if register.name in _belongs_to(other)}
    stored = {*register.searched, *register.filters, *(way.field for way in register.persons)}
    stored |= {name for one in register.unique for name in one.fields}
    for name, one in register.derived.items():
        missing = sorted(one.expression.names - there)  # others may be members of what is filtered
        if missing:
            what = say("派生字段“{field}”用到的名称不存在：{names}。", field=name, names=", ".join(missing))
            yield Problem(file, name, what, say("可用的有：{known}。", known=", ".join(sorted(there))))
        if name in register.columns:
            yield Problem(file, name, say("派生字段“{field}”与台账的字段同名。", field=name))
        if name in stored:
            what = say("派生字段“{field}”不存放在台账里，不能用来搜索、筛选列表、查重或确定当事人。", field=name)
            yield Problem(file, name, what, say("请从search、filters、unique、person里去掉。"))
        if one.expression.called:
            names = ", ".join(sorted(one.expression.called))
            yield Problem(file, name, say("派生字段“{field}”用到的函数不存在：{names}。", field=name, names=names))


def _belongs_to(other: Register) -> set[str]:
    """The registers whose records those of another one name, by number or by a value that they share."""
    return {*other.references.values(), *(register for register, _ in other.shared.values())}


def dangling(register: Register, known: Mapping[str, Register]) -> Iterator[Problem]:
    """What a register refers to that is not there: registers, and fields of logins in them."""
    file = register.name + SUFFIX
    for name, other in register.references.items():
        if other not in known:
            what = say("字段“{field}”指向的台账“{name}”不存在。", field=name, name=other)
            yield Problem(file, name, what, say("可用的有：{known}。", known=", ".join(sorted(known))))
    for name, (other, there) in register.shared.items():
        if other not in known or there not in known[other].columns:
            what = say("字段“{field}”的same_as指向的“{name}.{there}”不存在。", field=name, name=other, there=there)
            yield Problem(file, name, what, say("请写成“台账.字段”。"))
    for way in register.persons:
        if way.register in known and way.login not in known[way.register].columns:
            what = say("台账“{name}”没有字段“{field}”。", name=way.register, field=way.login)
            yield Problem(file, "person", what)
