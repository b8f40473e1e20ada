"""Item definitions: the types that a file declares (clause 7.3.2). Knows types; knows no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.dmn.reading import Reading, attribute, child, children, text_of
from engine.feel import Environment
from engine.feel.types import ANY, FeelType
from engine.files.xml import Node
from engine.words import say

DEEPEST = 20


def read_types(root: Node, reading: Reading) -> None:
    """Fill ``reading.types``; types may refer to each other in any order, but not in a circle."""
    nodes = {attribute(node, "name"): node for node in children(root, "itemDefinition")}
    for name in nodes:
        if name not in reading.types:
            _named(name, nodes, reading, ())


def _named(name: str, nodes: dict[str, Node], reading: Reading, above: tuple[str, ...]) -> FeelType:
    if name in reading.types:
        return reading.types[name]
    if name in above or len(above) > DEEPEST:
        reading.wrong(name, say("数据类型引用了自身"))
        return ANY
    made = _definition(nodes[name], nodes, reading, (*above, name))
    reading.types[name] = made
    return made


def _definition(node: Node, nodes: dict[str, Node], reading: Reading, above: tuple[str, ...]) -> FeelType:
    if len(above) > DEEPEST:
        reading.wrong(above[0], say("数据类型嵌套过深"))
        return ANY
    made = _restricted(_kind(node, nodes, reading, above), child(node, "allowedValues"), reading, above)
    if attribute(node, "isCollection") in ("true", "1"):
        made = FeelType("list", element=made)
    return _restricted(made, child(node, "typeConstraint"), reading, above)


def _kind(node: Node, nodes: dict[str, Node], reading: Reading, above: tuple[str, ...]) -> FeelType:
    components = children(node, "itemComponent")
    if components:
        inner = {}
        for part in components:
            name = attribute(part, "name")
            inner[name] = _definition(part, nodes, reading, (*above, name))
        return FeelType("context", members=inner)
    function = child(node, "functionItem")
    if function is not None:
        taken = [attribute(one, "typeRef") for one in children(function, "parameters")]
        parameters = tuple(_ref(ref, nodes, reading, above) for ref in taken)
        result = _ref(attribute(function, "outputTypeRef"), nodes, reading, above)
        return FeelType("function", element=result, parameters=parameters)
    found = child(node, "typeRef")
    return _ref((found.text or "").strip() if found is not None else "", nodes, reading, above)


def _ref(ref: str, nodes: dict[str, Node], reading: Reading, above: tuple[str, ...]) -> FeelType:
    return _named(ref, nodes, reading, above) if ref in nodes else reading.type(ref, above[-1])


def _restricted(kind: FeelType, values: Node | None, reading: Reading, above: tuple[str, ...]) -> FeelType:
    """The type with these values only, besides what already restricts it."""
    text = text_of(values)
    tests = reading.tests(text, attribute(values, "id") or above[-1]) if text else None
    if tests is None:
        return kind
    listed = reading.constant(f"[{text}]")
    before = kind.allowed

    def allowed(value: Any, env: Environment, siblings: Mapping[str, Any]) -> bool:
        return (before is None or before(value, env, siblings)) and tests.matches(value, siblings, env)

    return replace(kind, allowed=allowed, values=tuple(listed or ()))
