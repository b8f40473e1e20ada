"""What a register is: a JSON Schema with a few words of our own, and the rules of a new version. Knows no case.

Our words stand under ``gangwei`` in the schema: ``title_en``; ``number`` (a pattern such as ``{place}-{seq:03}``,
filled from the record); ``organisation`` (the field whose organisation decides who sees the record); ``person`` (the
field with the login of the person whose record it is: he sees it, too); ``list``,
``search`` and ``filters`` (fields); on a property ``title_en`` and ``kind``; on a choice (``oneOf``) ``title_en``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import orjson
from jsonschema import Draft202012Validator

from engine.errors import BadInput, DefinitionInvalid, Problem
from engine.views import Change, Column
from engine.words import Text, both, listed, say

SUFFIX = ".schema.json"
REFUSED = ("$ref", "$dynamicRef", "pattern", "patternProperties")
"""Words of JSON Schema that a register must not use: a reference is fetched from wherever it points, with the rights of
the server; a pattern may take a validator minutes."""


class _Own(TypedDict, total=False):
    """Our words in a schema, in one of its properties or in one of a property's choices."""

    title_en: str
    description_en: str
    number: str
    organisation: str
    person: str
    list: Sequence[str]
    search: Sequence[str]
    filters: Sequence[str]
    kind: str


class _Property(TypedDict, total=False):
    """What we read of a property, or of one of its choices."""

    title: str
    type: str
    const: Any
    oneOf: Sequence[_Property]
    items: _Property
    gangwei: _Own


class _Schema(TypedDict):
    """What we read of a schema."""

    title: str
    description: NotRequired[str]
    properties: dict[str, _Property]
    gangwei: _Own


@dataclass(frozen=True, slots=True)
class Register:
    """One register, read from its schema."""

    name: str
    title: Text
    description: Text
    number: str
    organisation: str
    columns: Mapping[str, Column]
    listed: tuple[str, ...]
    searched: tuple[str, ...]
    filters: tuple[str, ...]
    validator: Draft202012Validator
    person: str = ""  # the field with the login of the person whose record it is, who may see it; "": none

    def validate(self, data: Mapping[str, Any]) -> None:
        """Raises BadInput that names the first field which the schema refuses."""
        error = next(iter(sorted(self.validator.iter_errors(dict(data)), key=lambda e: list(map(str, e.path)))), None)
        if error is not None:
            key = str(error.path[0]) if error.path else self.name
            label = self.columns[key].label if key in self.columns else (key, key)
            raise BadInput(field=label, reason=say("登记内容不符合要求（{said}）", said=error.message))

    def search_text(self, number: str, data: Mapping[str, Any]) -> str:
        """The lower-case text in which a search looks: the number, and each searched field as stored and as shown."""
        words = [number]
        for key in self.searched:
            words += [str(data.get(key) or ""), *self.shown(key, data.get(key))]
        return " ".join(dict.fromkeys(word.lower() for word in words if word))

    def shown(self, key: str, value: Any) -> Text:
        """A value as people read it."""
        if value is None or value == "":
            return ("", "")
        if isinstance(value, list):
            return both(listed(self.shown(key, item) for item in value))
        column = self.columns.get(key)
        choice = column.choices.get(str(value)) if column else None
        return choice or (str(value), str(value))

    def changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
        """The fields that differ between two versions, as shown in Chinese."""
        return tuple(
            Change(column.label, self.shown(key, before.get(key))[0], self.shown(key, after.get(key))[0])
            for key, column in self.columns.items()
            if before.get(key) != after.get(key)
        )


def load_register(file: str, data: bytes) -> Register:
    """Read a schema file. Raises DefinitionInvalid when it is no schema or lacks what a register needs."""
    name = file.rsplit("/", 1)[-1].removesuffix(SUFFIX)
    try:
        schema: _Schema = orjson.loads(data)
        _refuse_words(file, name, schema)
        Draft202012Validator.check_schema(schema)
        own, properties = schema["gangwei"], schema["properties"]
        columns = {key: _column(key, value) for key, value in properties.items()}
        known = {"number", "organisation", "list"}
        missing = sorted(known - set(own))
        named = [*own.get("list", ()), *own.get("search", ()), *own.get("filters", ())]
        named += [own["person"]] if own.get("person") else []
        unknown = [k for k in named if k not in properties]
        if missing or unknown:
            raise ValueError(f"missing {missing}, unknown fields {unknown}")
        return Register(
            name=name,
            title=(schema["title"], own.get("title_en", schema["title"])),
            description=(schema.get("description", ""), own.get("description_en", schema.get("description", ""))),
            number=own["number"],
            organisation=own["organisation"],
            person=own.get("person", ""),
            columns=columns,
            listed=tuple(own["list"]),
            searched=tuple(own.get("search", ())),
            filters=tuple(own.get("filters", ())),
            validator=Draft202012Validator(schema),
        )
    except DefinitionInvalid:
        raise
    except Exception as error:  # jsonschema, orjson and KeyError alike mean: this file is no register
        said = getattr(error, "message", error)  # jsonschema would print the whole schema besides
        problem = Problem(file, name, say("登记簿格式有误：{said}", said=said))
        raise DefinitionInvalid((problem,)) from error


def _refuse_words(file: str, name: str, part: Any) -> None:
    """Raises DefinitionInvalid for a word of REFUSED; a field may be called so, for its value is an object."""
    for key, value in part.items() if isinstance(part, dict) else ():
        if key in REFUSED and (isinstance(value, str) or key == REFUSED[-1]):
            what = say("登记簿不能使用“{key}”。", key=key)
            hint = say("请把内容直接写在字段里，取值用oneOf列出。")
            raise DefinitionInvalid((Problem(file, name, what, hint),))
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _refuse_words(file, name, inner)


def _column(key: str, schema: _Property) -> Column:
    own: _Own = schema.get("gangwei", {})
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
    if schema.get("type") in ("integer", "number"):
        kind = "number"
    return Column(key, label, kind, choices)
