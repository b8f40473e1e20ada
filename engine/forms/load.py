"""From the bytes of a ``.form.json`` to a ``Form``; every problem is named, none is guessed around."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.errors import DefinitionInvalid, Problem
from engine.feel import Expression
from engine.forms.form import Form
from engine.forms.guard import CONTROLS
from engine.forms.localise import Localiser
from engine.forms.model import (
    BROWSER_DIGITS,
    MAX_SCHEMA_BYTES,
    NEWEST_SCHEMA,
    OLDEST_SCHEMA,
    RESERVED_KEYS,
    RESERVED_NAMES,
    Field,
    Source,
)
from engine.forms.read import Reader
from engine.forms.readbase import Notes
from engine.words import Words, say

MAX_JSON_DEPTH = 40
EXTENSION = "gangwei"
_EXTENSION_KEYS = frozenset({"sources", "initial", "derive", "en", "printed"})


@lru_cache(maxsize=256)
def load_form(file: str, data: bytes) -> Form:
    """Read a form; the same bytes are the same form. Raises DefinitionInvalid with all problems found; warnings stay
    on ``Form.problems``."""
    schema = _parse(file, data)
    extension = schema.pop(EXTENSION, {})
    notes = Notes(file, {})
    if not isinstance(extension, dict):
        notes.problem(EXTENSION, say("{extension} 应为对象", extension=EXTENSION))
        extension = {}
    for name in sorted(set(extension) - _EXTENSION_KEYS):
        notes.problem(EXTENSION, say("未知的扩展项“{name}”", name=name))
    notes.english = _texts(notes, extension.get("en", {}))
    _check_root(notes, schema)
    fields = Reader(notes).components(schema.get("components"), "components")
    sources = _sources(notes, extension.get("sources", {}))
    prepared = _derive(notes, "initial", extension.get("initial", {}))
    derive = _derive(notes, "derive", extension.get("derive", {}))
    _check_paths(notes, fields, sources)
    localiser = Localiser(notes.english)
    english = localiser.schema(schema)
    _check_translations(notes, localiser)
    if any(problem.severity == "error" for problem in notes.problems):
        raise DefinitionInvalid(tuple(notes.problems))
    return Form(
        file=file,
        fields=fields,
        sources=sources,
        prepared=prepared,
        derive=derive,
        schema=schema,
        english=english,
        problems=tuple(notes.problems),
    )


class _Rounded(ValueError):
    """A number of more digits than a browser's. Stays inside this file."""


def _parse(file: str, data: bytes) -> dict[str, Any]:
    if len(data) > MAX_SCHEMA_BYTES:
        raise _unreadable(file, say("文件超过1 MB"))
    try:
        schema = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole,
            parse_float=_broken,
        )  # fmt: skip
    except _Rounded as error:
        raise _unreadable(
            file, say("浏览器会把 {number} 舍入，请改写为不超过15位的数", number=str(error)[:60])
        ) from None
    except RecursionError:
        raise _unreadable(file, say("嵌套过深")) from None
    except ValueError as error:
        raise _unreadable(file, say("不是有效的JSON：{error}", error=error)) from None
    if not isinstance(schema, dict):
        raise _unreadable(file, say("应为一个JSON对象"))
    _check_nesting(file, schema)
    return schema


def _check_nesting(file: str, schema: dict[str, Any]) -> None:
    stack: list[tuple[Any, int]] = [(schema, 0)]
    while stack:
        value, depth = stack.pop()
        if depth > MAX_JSON_DEPTH:
            raise _unreadable(file, say("嵌套过深"))
        if isinstance(value, dict):
            stack.extend((part, depth + 1) for pair in value.items() for part in pair)
        elif isinstance(value, list):
            stack.extend((item, depth + 1) for item in value)
        elif isinstance(value, str) and not _is_sound(value):
            raise _unreadable(file, say("含有控制字符或无效字符"))


def _is_sound(text: str) -> bool:
    return text.isprintable() or not any(ord(letter) in CONTROLS or "\ud800" <= letter <= "\udfff" for letter in text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"duplicate key {next(name for name in names if names.count(name) > 1)!r}")
    return found


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > BROWSER_DIGITS and Decimal(float(text)) != Decimal(text):
        raise _Rounded(text)
    return int(text)


def _broken(text: str) -> float:
    near = float(text)
    if Decimal(repr(near)) != Decimal(text):
        raise _Rounded(text)
    return near


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _unreadable(file: str, what: Words) -> DefinitionInvalid:
    return DefinitionInvalid((Problem(file, "schema", what),))


def _check_root(notes: Notes, schema: Mapping[str, Any]) -> None:
    version = schema.get("schemaVersion")
    if type(version) is not int or not OLDEST_SCHEMA <= version <= NEWEST_SCHEMA:
        notes.problem(
            "schemaVersion",
            say("schemaVersion 应为{oldest}至{newest}", oldest=OLDEST_SCHEMA, newest=NEWEST_SCHEMA),
        )
    if schema.get("type") != "default":
        notes.problem("type", say("表单的 type 应为 default"))


def _texts(notes: Notes, raw: Any) -> dict[str, str]:
    if isinstance(raw, dict) and all(isinstance(text, str) for text in raw.values()):
        return raw
    notes.problem("en", say("en 应为“字段名：英文”的对象"))
    return {}


def _sources(notes: Notes, raw: Any) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for name, given in _entries(notes, "sources", raw):
        operation = given.get("operation") if isinstance(given, dict) else None
        parameters = given.get("parameters", {}) if isinstance(given, dict) else None
        if not isinstance(operation, str) or not operation or not isinstance(parameters, dict):
            notes.problem(name, say("数据源应有 operation 和 parameters"))
            continue
        for parameter, text in parameters.items():
            notes.compiled(text, f"{name}.{parameter}", name)
        found[name] = Source(operation, parameters)
    return found


def _derive(notes: Notes, what: str, raw: Any) -> tuple[tuple[str, Expression], ...]:
    compiled = ((name, notes.compiled(text, what, name)) for name, text in _entries(notes, what, raw))
    return tuple((name, expression) for name, expression in compiled if expression is not None)


def _entries(notes: Notes, what: str, raw: Any) -> list[tuple[str, Any]]:
    if not isinstance(raw, dict):
        notes.problem(what, say("{what} 应为对象", what=what))
        return []
    for name in raw:
        if name in RESERVED_NAMES | RESERVED_KEYS or name.startswith("__") or "." in name or not name:
            notes.problem(name or what, say("名称“{name}”无效或为系统保留", name=name))
    return list(raw.items())


def _check_paths(notes: Notes, fields: Iterable[Field], sources: Mapping[str, Source]) -> None:
    """No two components may write the same value, nor one inside the value of another."""
    leaves: set[tuple[str, ...]] = set()
    inner: set[tuple[str, ...]] = set()
    for path, field in _claims(fields, ()):
        if path in leaves or path in inner or any(path[:length] in leaves for length in range(1, len(path))):
            name = ".".join(path)
            notes.problem(field.id, say("字段名“{name}”与另一个组件重复", name=name))
        leaves.add(path)
        inner.update(path[:length] for length in range(1, len(path)))
        if path[0] in sources:
            notes.problem(field.id, say("字段名“{path}”与数据源重名", path=path[0]))
        if field.repeating:
            _check_paths(notes, field.children, {})


def _claims(fields: Iterable[Field], path: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], Field]]:
    for field in fields:
        where = (*path, *field.path)
        if field.is_input or field.repeating:
            yield where, field
        elif field.children:
            yield from _claims(field.children, where)


def _check_translations(notes: Notes, localiser: Localiser) -> None:
    for key in sorted(set(localiser.translations) - localiser.used):
        notes.problem(key, say("英文对照“{key}”找不到对应的组件", key=key))
    for key in localiser.missing if localiser.translations else ():
        notes.problem(key, say("缺少英文对照"), severity="warning")
