"""What other software has told its own engine, item by item: what says the same here is proposed, the rest is listed.

Every attribute and every text in a foreign namespace is one item, so nothing of it is lost; it stays in the file
whatever a designer takes over. What is equal to what stands in ``equals.toml``. Changes nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final, NotRequired, TypedDict

from engine.checks.foreign import maker_of
from engine.diagram.notes import BPMN, GW, place_of
from engine.diagram.schema import words
from engine.errors import Refusal
from engine.feel import FeelError, compile_expression
from engine.files.xml import Node, parse, split

FILE: Final = Path(__file__).with_name("equals.toml")
MOST: Final = 2000
"""Items of a file."""
LONGEST: Final = 200
"""Characters of what was said that are shown."""
CONDITION: Final = "conditionExpression"
_JUEL: Final = re.compile(r"[$#]\{(.*)\}", re.DOTALL)
_TOKEN: Final = re.compile(r"""\s+|'[^']*'|"[^"]*"|==|!=|<=|>=|&&|\|\||[<>()+\-*/.,!]|\d+(?:\.\d+)?|[A-Za-z_]\w*""")
_FEEL: Final = {
    "==": "=",
    "&&": " and ",
    "||": " or ",
    "eq": "=",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
}
_DAYS: Final = re.compile(r"=?\"?P(\d+)D\"?")
_OF_OMG: Final = ("/DI", "/DC", "DD/20100524", "w3.org")
_AROUND: Final = ((BPMN, "extensionElements"), (BPMN, CONDITION))


class Given(TypedDict):
    """What says the same here: one of our words with its values, or BPMN's ``conditionExpression`` or ``script``."""

    element: str
    tag: str
    values: dict[str, str]


class ForeignItem(TypedDict):
    """One thing that was said. ``gives``: None when nothing here is equal; ``there``: it is said here already."""

    element: str
    maker: str
    said: str
    gives: Given | None
    there: bool


def equivalents(data: bytes, file: str, roles: Collection[str]) -> list[ForeignItem]:
    """The items of a diagram in the order of the file; none when it cannot be read."""
    try:
        root = parse(data, what=file)
    except Refusal:
        return []
    return list(islice(_Reading(root, frozenset(roles)).items(), MOST))


class _Reading:
    """A diagram that is looked through, and the lane of each thing by its id."""

    def __init__(self, root: Node, roles: frozenset[str]) -> None:
        self._root = root
        self._roles = roles
        references = root.iter(f"{{{BPMN}}}flowNodeRef")
        self._lanes = {(one.text or "").strip(): one.getparent() for one in references}

    def items(self) -> Iterator[ForeignItem]:
        """Every one, in the order of the file."""
        for node in self._root.iter():
            space, name = split(node)
            foreign = _is_foreign(space)
            if foreign:
                yield from self._element(node, space, name)
            for attribute, value in node.attrib.items():
                own, plain = split(attribute)
                if _is_foreign(own) and not foreign:
                    gives = self._given(node, own, plain, str(value))
                    yield self._item(node, own, gives, f'{plain}="{value!s}"')
            text = (node.text or "").strip()
            if (space, name) == (BPMN, CONDITION) and _JUEL.fullmatch(text):
                yield self._condition(node, text)

    def _element(self, node: Node, space: str, name: str) -> Iterator[ForeignItem]:
        """What an element of others says: a property is one thing, else each attribute is one, and the text."""
        host, text = _host(node), (node.text or "").strip()
        told = {str(attribute): str(value) for attribute, value in node.attrib.items()}
        if name == "property" and {"name", "value"} <= told.keys():
            key, value = f"property[{told.pop('name')}]", told.pop("value")
            yield self._item(host, space, self._given(host, space, key, value), f"{key}: {value}")
        whole = _equals(space)["whole"].get(name)
        if whole and (gives := self._whole(host, whole, told)):
            yield self._item(host, space, gives, f"{name} {' '.join(map(told.pop, _asked(whole)))}")
        for attribute, value in told.items():
            key = f"{name}@{split(attribute)[1]}"
            yield self._item(host, space, self._given(host, space, key, value), f'{key}="{value}"')
        if text:
            yield self._item(host, space, self._given(host, space, name, text), f"{name}: {text}")
        elif not node.attrib and not len(node):
            yield self._item(host, space, None, name)

    def _item(self, host: Node, space: str, gives: Given | None, said: str) -> ForeignItem:
        there = gives is not None and self._stands(host, gives)
        maker = maker_of(space) or space
        return ForeignItem(element=place_of(host), maker=maker, said=said[:LONGEST], gives=gives, there=there)

    def _given(self, host: Node, space: str, key: str, value: str) -> Given | None:
        equal = _equals(space)["said"].get(key, "")
        if not equal:
            return None
        target, _, how = equal.partition(" ")
        tag, _, attribute = target.partition(".")
        turned = _turned(how, value, self._roles)
        return None if turned is None else self._here(host, tag, {attribute: turned})

    def _whole(self, host: Node, whole: dict[str, str], told: Mapping[str, str]) -> Given | None:
        """A word with all its values; None unless every one of them is said and can be turned."""
        values = {}
        for attribute, how in whole.items():
            if attribute != "word":
                source, _, by = how.partition(" ")
                values[attribute] = _turned(by, told[source], self._roles) if source in told else None
        known = {name: value for name, value in values.items() if value is not None}
        return self._here(host, whole["word"], known) if len(known) == len(values) else None

    def _here(self, host: Node, tag: str, values: dict[str, str]) -> Given | None:
        at = self._place(host, tag)
        if at is None or not _fits(tag, split(at)[1]):
            return None
        return Given(element=place_of(at), tag=tag, values=values)

    def _place(self, host: Node, tag: str) -> Node | None:
        """Where our word would stand: who acts is said by the lane."""
        return self._lanes.get(host.get("id") or "") if tag == "assignment" else host

    def _condition(self, node: Node, text: str) -> ForeignItem:
        flow, turned = place_of(_host(node)), _feel(text)
        gives = None if turned is None else Given(element=flow, tag=CONDITION, values={"body": turned})
        said = f"{CONDITION}: {text}"[:LONGEST]
        return ForeignItem(element=flow, maker="JUEL", said=said, gives=gives, there=False)

    def _stands(self, host: Node, gives: Given) -> bool:
        """Whether our own word says something there already, one of several the very same."""
        at = self._place(host, gives["tag"])
        held = [] if at is None else [part for part in at if split(part) == (BPMN, "extensionElements")]
        own = [node for part in held for node in part if split(node) == (GW, gives["tag"])]
        many = gives["tag"] in words() and words()[gives["tag"]].many
        said = [{name: one.get(name) for name in gives["values"]} for one in own]
        return gives["values"] in said if many else any(all(one.values()) for one in said)


def _is_foreign(space: str) -> bool:
    return bool(space) and space not in (BPMN, GW) and not any(part in space for part in _OF_OMG)


def _host(node: Node) -> Node:
    """The element of BPMN that something stands on."""
    at = node
    while _is_foreign(split(at)[0]) or split(at) in _AROUND:
        above = at.getparent()
        if above is None:
            break
        at = above
    return at


def _turned(how: str, value: str, roles: frozenset[str]) -> str | None:
    if how == "stem":
        return re.split(r"[/:\\]", value)[-1].partition(".")[0] or None
    if how == "role":
        found = [one.strip() for one in value.split(",") if one.strip() in roles]
        return found[0] if len(found) == 1 else None
    if how == "days":
        days = _DAYS.fullmatch(value.strip())
        return f"={days[1]}" if days else None
    if how == "feel":
        return _feel(value)
    return value


def _fits(tag: str, host: str) -> bool:
    if tag == "script":
        return host == "scriptTask"
    return tag in words() and host in words()[tag].hosts


def _feel(text: str) -> str | None:
    """An expression of another language as FEEL, when it says the same; None when that is not certain."""
    inside = _JUEL.fullmatch(text.strip())
    turned = _of_juel(inside[1]) if inside else text.strip().removeprefix("=")
    if turned is None:
        return None
    try:
        compile_expression(turned)
    except FeelError:
        return None
    return f"={turned}"


def _of_juel(text: str) -> str | None:
    """JUEL's comparisons and connectives as those of FEEL; None for a call, or for what FEEL calls otherwise."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found[0] in ("!", "empty", "execution", "task", "mod", "div"):
            return None
        at = found.end()
        if found[0] == "(" and parts and parts[-1].strip()[-1:].isalnum():
            return None
        parts.append(f'"{found[0][1:-1]}"' if found[0].startswith("'") else _FEEL.get(found[0], found[0]))
    return re.sub(r" {2,}", " ", "".join(parts)).strip() or None


class _Equals(TypedDict):
    """What a maker's words are here: ``said`` one by one, ``whole`` elements at once."""

    said: dict[str, str]
    whole: dict[str, dict[str, str]]


class _Told(TypedDict):
    """An entry of the file."""

    makers: list[str]
    said: dict[str, str]
    whole: NotRequired[dict[str, dict[str, str]]]


@cache
def _table() -> dict[str, _Equals]:
    told: list[_Told] = tomllib.loads(FILE.read_text(encoding="utf-8"))["equal"]
    return {maker: _Equals(said=one["said"], whole=one.get("whole", {})) for one in told for maker in one["makers"]}


def _equals(space: str) -> _Equals:
    """By the longest part of the namespace that is known."""
    known = [maker for maker in _table() if maker in space.lower()]
    return _table()[max(known, key=len)] if known else _Equals(said={}, whole={})


def _asked(whole: Mapping[str, str]) -> list[str]:
    return [how.partition(" ")[0] for attribute, how in whole.items() if attribute != "word"]
