"""Reads a register from its schema, or says what is wrong with it. Knows no record and no case.

Our words stand under ``gangwei`` in the schema: ``version`` of these words (2; 1 when it is not said); ``title_en``;
``number`` (a pattern such as ``{place}-{seq:03}``, filled from the record); ``organisation`` (the field whose
organisation decides who sees the record); ``person`` (how a record leads to the person it is about, who sees it, too:
a field with his login, or ``field.login`` through a reference; or a list of these); ``list``, ``search`` and
``filters`` (fields); on a property ``title_en`` and ``kind`` ("date"; "money", a number of yuan); on a choice
(``oneOf``) ``title_en``.

Since version 2: ``writers`` (``{"process": "own" | "subtree" | "any"}``), ``unique`` (``[{"fields": […], "unless":
{…}}]``), ``holds`` (rules in FEEL between the fields: ``[{"rule": …, "zh": …, "en": …}]``), and on a property
``refers`` (to a record of a register, by its number), ``login`` (of an account) and ``organisation`` (the code of one);
``same_as`` (``register.field``: records with the same value there belong together, whatever their numbers);
``personal`` (whether it says something of a person), which version 1 may say, too; ``derived`` (fields that are worked
out, each a property with FEEL as ``value``); ``group``, ``group_en`` and ``order`` (where lists show the register). A
word that version 2 does not know is refused; version 1 let it pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import orjson
from jsonschema import Draft202012Validator

from engine.errors import DefinitionInvalid, Problem
from engine.feel import FeelError, compile_expression, parse_json
from engine.registers.derived import Derived
from engine.registers.numbers import Validator
from engine.registers.register import Register
from engine.registers.rules import Lead, Rule, Unique
from engine.registers.writers import read_writers
from engine.registers.written import DerivedField, Own, RuleText, Schema, UniqueFields, WrittenProperty
from engine.views import Column, Group
from engine.words import Words, say

SUFFIX = ".schema.json"
REFUSED = ("$ref", "$dynamicRef", "pattern", "patternProperties")
"""Words of JSON Schema that a register must not use: a reference is fetched from wherever it points, with the rights of
the server; a pattern may take a validator minutes."""
EVERYWHERE: Final = "*"
"""In ``seen_from``: from every organisation inside."""
MONEY: Final = "money"
VERSION: Final = 2
"""Of our own words."""
_OF_REGISTER: Final = frozenset({
    "version", "title_en", "description_en", "number", "organisation", "person", "list", "search", "filters", "unique",
    "holds", "derived", "writers", "group", "group_en", "order", "seen_from",
})  # fmt: skip
_OF_PROPERTY: Final = frozenset({"title_en", "kind", "refers", "same_as", "login", "organisation", "personal"})


@lru_cache(maxsize=64)
def load_register(file: str, data: bytes) -> Register:
    """Read a schema file; the same bytes are the same register. Raises DefinitionInvalid when it is no schema or lacks
    what a register needs."""
    name = file.rsplit("/", 1)[-1].removesuffix(SUFFIX)
    try:
        orjson.loads(data)  # is stricter
        schema: Schema = parse_json(data)
        _refuse_words(file, name, schema)
        Draft202012Validator.check_schema(schema)
        own, properties = schema["gangwei"], schema["properties"]
        columns = {key: _column(key, value) for key, value in properties.items()}
        _refuse_unknown(file, schema)
        references = _references(properties)
        return Register(
            name=name,
            title=(schema["title"], own.get("title_en", schema["title"])),
            description=(schema.get("description", ""), own.get("description_en", schema.get("description", ""))),
            number=own["number"],
            organisation=str(own["organisation"]),
            persons=tuple(_way(text, references) for text in _persons(own)),
            columns=columns,
            listed=tuple(own["list"]),
            searched=tuple(own.get("search", ())),
            filters=tuple(own.get("filters", ())),
            validator=Validator(schema),
            unique=tuple(_unique(one) for one in own.get("unique", ())),
            references=references,
            shared=_shared(properties),
            logins=frozenset(key for key, value in properties.items() if value.get("gangwei", {}).get("login") is True),
            places=_places(own, properties),
            seen_from=tuple(own.get("seen_from", ())),
            rules=tuple(_rule(file, one, columns) for one in own.get("holds", ())),
            personal=_personal(properties),
            derived={key: _derived(file, key, one) for key, one in own.get("derived", {}).items()},
            writers=read_writers(file, own.get("writers", {})),
            group=_group(own),
        )
    except DefinitionInvalid:
        raise
    except Exception as error:  # jsonschema, orjson and KeyError alike mean: this file is no register
        said = getattr(error, "message", error)  # jsonschema would print the whole schema besides
        raise _wrong(file, name, say("台账格式有误：{said}", said=said)) from error


def _group(own: Own) -> Group:
    name = str(own.get("group", ""))
    return Group((name, str(own.get("group_en", name))), int(own.get("order", 0)))


def _named(own: Own) -> list[str]:
    """Every field that our words name."""
    found = [*own.get("list", ()), *own.get("search", ()), *own.get("filters", ())]
    found += [text.partition(".")[0] for text in _persons(own)]
    found += [name for name in own.get("seen_from", ()) if name != EVERYWHERE]
    return found + [name for one in own.get("unique", ()) for name in (*one["fields"], *one.get("unless", {}))]


def _persons(own: Own) -> Sequence[str]:
    said = own.get("person") or ()
    return (said,) if isinstance(said, str) else said


def _way(text: str, references: Mapping[str, str]) -> Lead:
    """How ``field`` or ``field.login`` leads to a person."""
    name, dot, login = text.partition(".")
    return Lead(name, references[name], login) if dot else Lead(name)


def _unique(raw: UniqueFields) -> Unique:
    return Unique(tuple(raw["fields"]), tuple(raw.get("unless", {}).items()))


def _personal(properties: Mapping[str, WrittenProperty]) -> dict[str, bool]:
    said = {key: value.get("gangwei", {}).get("personal") for key, value in properties.items()}
    return {key: whether for key, whether in said.items() if isinstance(whether, bool)}


def _places(own: Own, properties: Mapping[str, WrittenProperty]) -> frozenset[str]:
    said = {key for key, value in properties.items() if value.get("gangwei", {}).get("organisation") is True}
    return frozenset({*said, str(own["organisation"])})


def _references(properties: Mapping[str, WrittenProperty]) -> dict[str, str]:
    said = {key: value.get("gangwei", {}).get("refers") for key, value in properties.items()}
    return {key: register for key, register in said.items() if register}


def _shared(properties: Mapping[str, WrittenProperty]) -> dict[str, tuple[str, str]]:
    said = {key: value.get("gangwei", {}).get("same_as", "").partition(".") for key, value in properties.items()}
    return {key: (register, there) for key, (register, _, there) in said.items() if register}


def _derived(file: str, key: str, raw: DerivedField) -> Derived:
    try:
        return Derived(_column(key, raw), compile_expression(raw["value"]))
    except FeelError as error:
        what = say("派生字段“{field}”的表达式有误：{why}", field=key, why=error.words)
        raise _wrong(file, key, what) from error


def _rule(file: str, raw: RuleText, columns: Mapping[str, Column]) -> Rule:
    text, said = raw["rule"], (raw["zh"], raw.get("en", raw["zh"]))
    try:
        rule = Rule(compile_expression(text), said)
    except FeelError as error:
        raise _wrong(file, "holds", say("规则“{text}”有误：{why}", text=text, why=error.words)) from error
    unknown = sorted(rule.fields - set(columns))
    if unknown or not rule.fields:
        what = say("规则“{text}”用到的字段不存在：{unknown}", text=text, unknown=", ".join(unknown))
        raise _wrong(file, "holds", what)
    return rule


def _refuse_unknown(file: str, schema: Schema) -> None:
    """Raises DefinitionInvalid for a version or, in version 2, a word that we do not know; ValueError for fields."""
    own, fields = schema["gangwei"], schema["properties"]
    missing = sorted({"number", "organisation", "list"} - set(own))
    unknown = [key for key in _named(own) if key not in fields and key not in own.get("derived", {})]
    if missing or unknown:
        raise ValueError(f"missing {missing}, unknown fields {unknown}")
    version = own.get("version", 1)
    if version not in (1, VERSION):
        what = say("无法识别的写法版本“{version}”，最新为{newest}。", version=version, newest=VERSION)
        raise _wrong(file, "gangwei", what)
    places: dict[str, tuple[Mapping[str, Any], frozenset[str]]] = {"gangwei": (own, _OF_REGISTER)}
    places |= {key: (value.get("gangwei", {}), _OF_PROPERTY) for key, value in schema["properties"].items()}
    for place, (words, known) in places.items() if version == VERSION else ():
        for word in sorted(set(words) - known):
            what = say("无法识别的词“{word}”。", word=word)
            raise _wrong(file, place, what, say("可用的有：{known}。", known=", ".join(sorted(known))))
        if words.get("kind") == MONEY and not _is_number(schema["properties"][place]):
            raise _wrong(file, place, say("“money”只用于数字。"), say("请把类型写成number，或者去掉kind。"))


def _wrong(file: str, place: str, what: Words, hint: Words | str = "") -> DefinitionInvalid:
    return DefinitionInvalid((Problem(file, place, what, hint),))


def _refuse_words(file: str, name: str, part: Any) -> None:
    """Raises DefinitionInvalid for a word of REFUSED; a field may be called so, for its value is an object."""
    for key, value in part.items() if isinstance(part, dict) else ():
        if key in REFUSED and (isinstance(value, str) or key == REFUSED[-1]):
            what = say("台账不能使用“{key}”。", key=key)
            hint = say("请把内容直接写在字段里，取值用oneOf列出。")
            raise DefinitionInvalid((Problem(file, name, what, hint),))
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _refuse_words(file, name, inner)


def _is_number(schema: WrittenProperty) -> bool:
    return bool({"integer", "number"} & _types(schema))


def _types(schema: WrittenProperty) -> set[str]:
    said = schema.get("type", "")
    return {said} if isinstance(said, str) else set(said)


def _column(key: str, schema: WrittenProperty) -> Column:
    own: Own = schema.get("gangwei", {})
    label = (schema.get("title", key), own.get("title_en", schema.get("title", key)))
    options = schema.get("oneOf") or schema.get("items", {}).get("oneOf") or ()
    choices = {
        str(one["const"]): (
            one.get("title", str(one["const"])),
            one.get("gangwei", {}).get("title_en", str(one["const"])),
        )
        for one in options
        if "const" in one
    }
    kind = own.get("kind") or ("list" if schema.get("type") == "array" else "choice" if choices else "text")
    if _is_number(schema):
        kind = MONEY if kind == MONEY else "number"
    inside = schema.get("items", {}).get("properties", {})
    members = {name: _column(name, member) for name, member in inside.items()}
    return Column(key, label, kind, choices, members, own.get("personal") is not False)
