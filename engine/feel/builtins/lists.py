"""Functions of lists (clause 10.3.4.4) and ``sort``."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.builtins.registry import BUILTINS, builtin
from engine.feel.calls import invoke
from engine.feel.environment import Environment
from engine.feel.functions import Builtin, Signature
from engine.feel.keys import key_of
from engine.feel.operators import compare, equal
from engine.feel.values import lift
from engine.semantics import FEEL_LETTER
from engine.words import say


def index_at(position: Decimal, length: int) -> int | None:
    """The Python index of a FEEL position, or None outside of the list."""
    if position == 0 or abs(position) > length or position != position.to_integral_value():
        return None
    return int(position) - 1 if position > 0 else length + int(position)


def same(a: Any, b: Any, env: Environment) -> bool:
    return equal(a, b, env) is True


@builtin("list contains(list: list, element: any)")
def list_contains(env: Environment, items: list[Any], element: Any) -> bool:
    return any(same(item, element, env) for item in env.each(items))


@builtin("count(list: list)")
def count(env: Environment, items: list[Any]) -> Decimal:
    return Decimal(len(items))


@builtin("sublist(list: list, start position: number, length: number?)")
def sublist(env: Environment, items: list[Any], start: Decimal, length: Decimal | None) -> Any:
    begin = index_at(start, len(items))
    if begin is None or (length is not None and not 0 < length <= len(items) - begin):
        return env.null(say("位置或长度超出列表"))
    env.check_items(len(items))
    return items[begin:] if length is None else items[begin : begin + int(length)]


def append(env: Environment, items: Any, *more: Any) -> Any:
    """``append(list, item...)``; null is no list."""
    if items is None:
        return env.null(say("null 不是列表"))
    first = items if type(items) is list else [items]
    env.check_items(len(first) + len(more))
    return [*first, *more]


@builtin("insert before(list: list, position: number, newItem: any)")
def insert_before(env: Environment, items: list[Any], position: Decimal, new: Any) -> Any:
    at = index_at(position, len(items))
    if at is None:
        return env.null(say("位置超出列表"))
    env.check_items(len(items) + 1)
    return [*items[:at], new, *items[at:]]


@builtin("remove(list: list, position: number)")
def remove(env: Environment, items: list[Any], position: Decimal) -> Any:
    at = index_at(position, len(items))
    if at is None:
        return env.null(say("位置超出列表"))
    env.check_items(len(items))
    return items[:at] + items[at + 1 :]


@builtin("list replace(list: list, position: number, newItem: any)")
def list_replace_at(env: Environment, items: list[Any], position: Decimal, new: Any) -> Any:
    """A fraction of the position is cut off, as ``substring`` does."""
    whole = position.to_integral_value(ROUND_DOWN) if env.semantics >= FEEL_LETTER else position
    at = index_at(whole, len(items))
    if at is None:
        return env.null(say("位置超出列表"))
    env.check_items(len(items))
    return [*items[:at], new, *items[at + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any)")
def list_replace_where(env: Environment, items: list[Any], match: Any, new: Any) -> Any:
    env.check_count(len(items))
    made = []
    for item in env.each(items):
        answer = invoke(match, [lift(item), new], None, env)
        if type(answer) is not bool:
            return env.null(say("匹配函数的结果不是是否值"))
        made.append(new if answer else item)
    return made


@builtin("reverse(list: list)")
def reverse(env: Environment, items: list[Any]) -> list[Any]:
    env.check_items(len(items))
    return items[::-1]


@builtin("index of(list: list, match: any)")
def index_of(env: Environment, items: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(index + 1) for index, item in enumerate(env.each(items)) if same(item, match, env)]


def concatenate(env: Environment, *lists: Any) -> Any:
    """``concatenate(list...)``; null is no list."""
    made: list[Any] = []
    for items in lists:
        if items is None:
            return env.null(say("null 不是列表"))
        many = items if type(items) is list else [items]
        env.check_items(len(made) + len(many))
        made.extend(many)
    return made


def union(env: Environment, *lists: Any) -> list[Any] | None:
    """``union(list...)``: all members once."""
    made = concatenate(env, *lists)
    return None if made is None else distinct(env, made)


for _name, _call, _names in (
    ("append", append, ("list", "item")),
    ("concatenate", concatenate, ("list",)),
    ("union", union, ("list",)),
):
    BUILTINS[_name] = Builtin(_name, (Signature(_names, ("any",) * len(_names), 1, False, _call, True),))


def distinct(env: Environment, items: list[Any]) -> list[Any]:
    """Members without repetition, first ones kept. What holds a function is compared one by one, the rest by key."""
    seen: set[bytes] = set()
    kept: list[Any] = []
    others: list[Any] = []
    for item in map(lift, items):
        key = key_of(item, env)
        if key is not None:
            if key not in seen:
                seen.add(key)
                kept.append(item)
        elif not any(same(item, other, env) for other in env.each(others)):
            others.append(item)
            kept.append(item)
    return kept


@builtin("distinct values(list: list)")
def distinct_values(env: Environment, items: list[Any]) -> list[Any]:
    return distinct(env, items)


@builtin("flatten(list: list)")
def flatten(env: Environment, items: list[Any]) -> list[Any]:
    made: list[Any] = []
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            env.charge(1)
            if isinstance(item, list | tuple):
                stack.append(iter(item))
                break
            made.append(item)
            env.check_count(len(made))
        else:
            stack.pop()
    env.charge(len(made))
    return made


@builtin("sort(list: list, precedes: function?)")
def sort(env: Environment, items: list[Any], precedes: Any) -> list[Any] | None:
    values = [lift(item) for item in env.each(items)]
    unsure = False

    def order(a: Any, b: Any) -> int:
        nonlocal unsure
        env.charge(3)
        before = invoke(precedes, [a, b], None, env) if precedes is not None else compare("<", a, b, env)
        unsure = unsure or type(before) is not bool
        if before is True:
            return -1
        after = invoke(precedes, [b, a], None, env) if precedes is not None else compare("<", b, a, env)
        return 1 if after is True else 0

    values.sort(key=cmp_to_key(order))
    return env.null(say("列表成员无法排序")) if unsure else values
