"""Functions of contexts (clause 10.3.4.10)."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Environment
from engine.feel.values import lift
from engine.words import say


@builtin("get value(m: context, key: string)", "get value(context: context, key: string)")
def get_value(env: Environment, m: dict[str, object], key: str) -> Any:
    if key not in m:
        return env.null(say("其中没有“{key}”"), key=key[:40])
    return lift(m[key])


@builtin("get value(m: context, keys: list)", "get value(context: context, keys: list)")
def get_value_deep(env: Environment, m: dict[str, Any], keys: list[Any]) -> Any:
    value: Any = m if keys else None
    for key in env.each(keys):
        value = lift(value.get(key)) if type(value) is dict and type(key) is str else None
    return value


@builtin("get entries(m: context)", "get entries(context: context)")
def get_entries(env: Environment, m: dict[str, Any]) -> list[dict[str, Any]]:
    env.check_count(len(m))
    return [{"key": key, "value": lift(value)} for key, value in env.each(m.items())]


@builtin("context(entries: list)")
def context(env: Environment, entries: list[Any]) -> Any:
    made: dict[str, object] = {}
    for entry in env.each(map(lift, entries)):
        key = entry.get("key") if type(entry) is dict and "value" in entry else None
        if type(key) is not str or key in made:
            return env.null(say("每项须有不重复的 key 和 value"))
        made[key] = entry.get("value")
    return made


@builtin("context put(context: context, key: string, value: any)")
def context_put(env: Environment, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    env.check_items(len(context) + 1)
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def context_put_deep(env: Environment, context: dict[str, Any], keys: list[Any], value: Any) -> Any:
    if not keys or not all(type(key) is str for key in env.each(keys)):
        return env.null(say("路径须由文字组成且不为空"))
    env.check_items(len(context) + len(keys))
    made: dict[str, object] = dict(context)
    at = made
    for key in keys[:-1]:
        inner = lift(at.get(key))
        if type(inner) is not dict:
            return env.null(say("路径上的值不是上下文"))
        env.charge(len(inner))
        below: dict[str, object] = dict(inner)
        at[key] = below
        at = below
    at[keys[-1]] = value
    return made


@builtin("context merge(contexts: list)")
def context_merge(env: Environment, contexts: list[Any]) -> Any:
    made: dict[str, Any] = {}
    for one in env.each(map(lift, contexts)):
        if type(one) is not dict:
            return env.null(say("列表须全是上下文"))
        env.check_items(len(one))
        made.update(one)
        env.check_count(len(made))
    return made
