"""Item definitions: the types that a file declares (clause 7.3.2). Knows types; knows no decisions."""

from __future__ import annotations

from typing import Any

from engine.dmn.reading import Reading, attribute, child, children, text_of
from engine.feel import Environment, UnaryTests
from engine.feel.types import ANY, FeelType
from engine.xmldoor import Node

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
        reading.wrong(name, ("数据类型引用了自身", "the type refers to itself"))
        return ANY
    made = _definition(nodes[name], nodes, reading, (*above, name))
    reading.types[name] = made
    return made


def _definition(node: Node, nodes: dict[str, Node], reading: Reading, above: tuple[str, ...]) -> FeelType:
    if len(above) > DEEPEST:
        reading.wrong(above[0], ("数据类型嵌套过深", "the type is nested too deeply"))
        return ANY
    made = _kind(node, nodes, reading, above)
    allowed = _allowed(node, reading)
    if allowed is not None:
        made = FeelType(made.name, made.element, made.members, made.parameters, allowed)
    if attribute(node, "isCollection") in ("true", "1"):
        made = FeelType("list", element=made)
    constraint = child(node, "typeConstraint")
    tests = reading.tests(text_of(constraint), above[-1]) if constraint is not None else None
    return FeelType(made.name, made.element, made.members, made.parameters, _check(tests)) if tests else made


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
        return FeelType("function", element=_ref(attribute(function, "outputTypeRef"), nodes, reading, above))
    found = child(node, "typeRef")
    return _ref((found.text or "").strip() if found is not None else "", nodes, reading, above)


def _ref(ref: str, nodes: dict[str, Node], reading: Reading, above: tuple[str, ...]) -> FeelType:
    return _named(ref, nodes, reading, above) if ref in nodes else reading.type(ref, above[-1])


def _allowed(node: Node, reading: Reading) -> Any:
    values = child(node, "allowedValues")
    tests = reading.tests(text_of(values), attribute(node, "id")) if values is not None else None
    return _check(tests) if tests else None


def _check(tests: UnaryTests | None) -> Any:
    def check(value: Any, env: Environment) -> bool:
        return tests is None or tests.matches(value, {}, env)

    return check
