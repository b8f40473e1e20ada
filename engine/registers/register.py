"""One register as the engine uses it. Knows no file and no case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jsonschema import Draft202012Validator

from engine.errors import BadInput
from engine.feel import Environment
from engine.feel.formats import amount_text, plain_text
from engine.registers.derived import Derived
from engine.registers.rules import Lead, Rule, Unique
from engine.views import Change, Column
from engine.views.groups import NO_GROUP, Group
from engine.words import Listed, Text, both, listed, say

DERIVED: Final = "derived"
"""What a derived field names, among ``Register.kinds``."""


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
    persons: tuple[Lead, ...] = ()  # to the person whose record it is, who may see it
    unique: tuple[Unique, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)  # field to the register whose numbers it holds
    shared: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # field to (register, field) of the same value
    logins: frozenset[str] = frozenset()  # fields that hold the login of an account
    places: frozenset[str] = frozenset()  # fields that hold the code of an organisation
    seen_from: tuple[str, ...] = ()  # fields that hold organisations from which a record is seen, too; "*": from all
    rules: tuple[Rule, ...] = ()
    personal: Mapping[str, bool] = field(default_factory=dict)  # fields of which it is said whether they are
    writers: Mapping[str, str] = field(default_factory=dict)  # process to whose records it writes; none: any its own
    digest: str = ""  # of the published schemas
    derived: Mapping[str, Derived] = field(default_factory=dict)  # worked out when a record is read
    group: Group = NO_GROUP  # in which the list of registers shows it

    def kinds(self) -> dict[str, str]:
        """What each field names: "organisation", "person" or ""; the field "" is whom a record is about. What is
        derived is DERIVED, which only a reading may name."""
        found = {name: "organisation" if name in self.places else "" for name in self.columns}
        found |= dict.fromkeys(self.logins, "person") | dict.fromkeys(self.derived, DERIVED)
        return found | ({"": "person"} if self.persons else {})

    def validate(self, data: Mapping[str, Any]) -> None:
        """Raises BadInput that names the first field which the schema refuses."""
        error = next(iter(sorted(self.validator.iter_errors(dict(data)), key=lambda e: list(map(str, e.path)))), None)
        if error is not None:
            key = str(error.path[0]) if error.path else self.name
            raise BadInput(field=self.label(key), reason=say("登记内容不符合要求（{said}）", said=error.message))

    @property
    def told(self) -> dict[str, Column]:
        """All columns that people read: the fields, and what is derived."""
        return {**self.columns, **{name: one.column for name, one in self.derived.items()}}

    def label(self, key: str) -> Text:
        """What a field is called."""
        column = self._column(key)
        return column.label if column is not None else (key, key)

    def _column(self, key: str) -> Column | None:
        own = self.columns.get(key)
        return own if own is not None or key not in self.derived else self.derived[key].column

    def labels(self, keys: tuple[str, ...]) -> Listed:
        """What several fields are called, in a row."""
        return listed(self.label(key) for key in keys)

    def keys(self, data: Mapping[str, Any]) -> dict[str, str]:
        """What of a record must stand once, by the name of the rule of uniqueness."""
        found = {one.name: one.key(data) for one in self.unique}
        return {name: key for name, key in found.items() if key is not None}

    def referred(self, data: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """(field, register, number) of everything that a record refers to."""
        found = []
        for name, register in self.references.items():
            value = data.get(name)
            for one in value if isinstance(value, list) else (value,):
                if one not in (None, ""):
                    found.append((name, register, str(one)))
        return found

    def broken(self, data: Mapping[str, Any], changed: frozenset[str], environment: Environment) -> Rule | None:
        """The first rule that a record breaks, of those that name a changed field; None when all hold.

        A rule that came with a newer schema does not keep an older record from changing in its other fields.
        """
        asked = (rule for rule in self.rules if rule.fields & changed)
        return next((rule for rule in asked if not rule.holds(data, environment)), None)

    def search_text(self, number: str, data: Mapping[str, Any]) -> str:
        """The lower-case text in which a search looks: the number, and each searched field as stored and as shown."""
        words = [number]
        for key in self.searched:
            words += [str(data.get(key) or ""), *self.shown(key, data.get(key))]
        return " ".join(dict.fromkeys(word.lower() for word in words if word))

    def shown(self, key: str, value: Any) -> Text:
        """A value as people read it."""
        return _shown(self._column(key), value)

    def changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
        """The fields that differ between two versions, as shown in Chinese."""
        return tuple(
            Change(column.label, self.shown(key, before.get(key))[0], self.shown(key, after.get(key))[0])
            for key, column in self.columns.items()
            if before.get(key) != after.get(key)
        )


def _shown(column: Column | None, value: Any) -> Text:
    """A value as people read it; of a row its members one after the other, those with nothing in them left out."""
    if value is None or value == "":
        return ("", "")
    if isinstance(value, list):
        return both(listed(_shown(column, item) for item in value))
    if isinstance(value, Mapping) and column is not None:
        said = [_shown(member, value.get(name)) for name, member in column.members.items()]
        return " ".join(zh for zh, _ in said if zh), " ".join(en for _, en in said if en)
    text = amount_text(value) if column and column.kind == "money" else plain_text(value)
    choice = column.choices.get(text) if column else None
    return choice or (text, text)
