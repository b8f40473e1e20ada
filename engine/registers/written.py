"""What stands in a schema file, as far as a register is read from it: JSON Schema, and our words under ``gangwei``.

What the words mean is said at ``engine.registers.reading``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict


class UniqueFields(TypedDict):
    """Fields that together stand once."""

    fields: Sequence[str]
    unless: NotRequired[dict[str, Any]]


class RuleText(TypedDict):
    """A rule between fields."""

    rule: str
    zh: str
    en: NotRequired[str]


class Own(TypedDict, total=False):
    """Our words in a schema, in one of its properties or in one of a property's choices."""

    version: int
    title_en: str
    description_en: str
    group: str
    group_en: str
    order: int
    number: str
    organisation: str | bool
    person: str | Sequence[str]
    list: Sequence[str]
    search: Sequence[str]
    filters: Sequence[str]
    unique: Sequence[UniqueFields]
    holds: Sequence[RuleText]
    derived: Mapping[str, DerivedField]
    writers: Mapping[str, str]
    seen_from: Sequence[str]
    kind: str
    refers: str
    same_as: str
    login: bool
    personal: bool


class WrittenProperty(TypedDict, total=False):
    """What we read of a property, or of one of its choices."""

    title: str
    type: str | Sequence[str]
    const: Any
    oneOf: Sequence[WrittenProperty]
    items: WrittenProperty
    properties: dict[str, WrittenProperty]
    gangwei: Own


class DerivedField(WrittenProperty):
    """A derived field: a property with the expression that gives its value."""

    value: str


class Schema(TypedDict):
    """What we read of a schema."""

    title: str
    description: NotRequired[str]
    properties: dict[str, WrittenProperty]
    gangwei: Own
