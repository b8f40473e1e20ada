"""The one schema of our extension elements, read from ``vocabulary.toml``: words, attributes, texts. Judges nothing.

The check (``engine.diagram.vocabulary``), the contract's table (workflows/README.md) and the panel in which a designer
writes them are made from it, so that a new word appears everywhere at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, TypedDict

from engine.diagram.notes import FLOW_NODES
from engine.words import Text

FILE: Final = Path(__file__).with_name("vocabulary.toml")
GROUPS: Final = {
    "nodes": FLOW_NODES,
    "messages": frozenset(
        {
            *("startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"),
            *("receiveTask", "sendTask"),
        }
    ),
}
"""What a name in ``on`` stands for that is no element of BPMN."""
PATTERNS: Final = {"flag": "true|false", "number": r"\d{1,3}"}
"""What a value of a type must match as a whole, where the attribute itself says nothing."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute. ``type``: what the panel offers; ``pattern``: what the whole value must match, "" for any."""

    name: str
    type: str
    label: Text
    required: bool = False
    pattern: str = ""
    choices: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """One extension element. ``hosts``: the elements, of BPMN or our own, that it stands on; ``meaning``: its help."""

    tag: str
    on: tuple[str, ...]
    label: Text
    meaning: Text
    attributes: tuple[Attribute, ...]
    many: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(host for name in self.on for host in GROUPS.get(name, (name,)))

    @property
    def names(self) -> frozenset[str]:
        """Of all its attributes."""
        return frozenset(one.name for one in self.attributes)


class _Attribute(TypedDict, total=False):
    name: str
    type: str
    label: list[str]
    required: bool
    pattern: str
    choices: dict[str, list[str]]


class _Word(TypedDict, total=False):
    tag: str
    on: str
    label: list[str]
    meaning: list[str]
    many: bool
    attributes: list[_Attribute]


@cache
def words() -> Mapping[str, Word]:
    """Every word by its tag, in the order of the contract."""
    said: list[_Word] = tomllib.loads(FILE.read_text(encoding="utf-8"))["word"]
    return {word.tag: word for word in map(_word, said)}


def _word(said: _Word) -> Word:
    attributes = tuple(map(_attribute, said["attributes"]))
    on = tuple(said["on"].split())
    return Word(said["tag"], on, _pair(said["label"]), _pair(said["meaning"]), attributes, said.get("many", False))


def _attribute(said: _Attribute) -> Attribute:
    choices = {name: _pair(text) for name, text in said.get("choices", {}).items()}
    pattern = "|".join(choices) or said.get("pattern", PATTERNS.get(said["type"], ""))
    return Attribute(said["name"], said["type"], _pair(said["label"]), said.get("required", False), pattern, choices)


def _pair(said: list[str]) -> Text:
    zh, en = said
    return zh, en
