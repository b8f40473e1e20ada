"""What a DMN file says, for people to read: the cells of its tables as they were written. Compiles and runs nothing."""

from __future__ import annotations

from dataclasses import dataclass

from engine.dmn.reader import GW
from engine.dmn.reading import attribute, child, children, text_of
from engine.files.xml import Node, parse
from engine.words import Text


@dataclass(frozen=True, slots=True)
class Column:
    """An input with its expression, or an output with its default; ``allowed``: the values that it admits."""

    label: str
    text: str
    allowed: str


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """One row of a table. ``note``: the designer's words on it."""

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """One decision: a table (``policy`` and columns), or else an expression (``text``; empty when it is boxed)."""

    id: str
    name: Text
    file: str
    description: str
    policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[RuleFacts, ...]
    text: str


def read_facts(file: str, data: bytes) -> tuple[DecisionFacts, ...]:
    """The decisions of a file in its order. Raises XmlRefused."""
    return tuple(_decision(file, node) for node in children(parse(data, what=file), "decision"))


def _decision(file: str, node: Node) -> DecisionFacts:
    name = attribute(node, "name")
    table = child(node, "decisionTable")
    about = (file, _plain(child(node, "description")))
    names = (attribute(node, "id") or name, (name, str(node.get(f"{{{GW}}}nameEn") or name)))
    if table is None:
        return DecisionFacts(*names, *about, "", (), (), (), text_of(child(node, "literalExpression")))
    policy = " ".join(filter(None, (attribute(table, "hitPolicy") or "UNIQUE", attribute(table, "aggregation"))))
    inputs = tuple(_input(one) for one in children(table, "input"))
    outputs = tuple(_output(one) for one in children(table, "output"))
    return DecisionFacts(*names, *about, policy, inputs, outputs, tuple(map(_rule, children(table, "rule"))), "")


def _input(node: Node) -> Column:
    text = text_of(child(node, "inputExpression"))
    return Column(attribute(node, "label") or text, text, text_of(child(node, "inputValues")))


def _output(node: Node) -> Column:
    label = attribute(node, "label") or attribute(node, "name")
    return Column(label, text_of(child(node, "defaultOutputEntry")), text_of(child(node, "outputValues")))


def _rule(node: Node) -> RuleFacts:
    cells = [tuple(text_of(one) for one in children(node, name)) for name in ("inputEntry", "outputEntry")]
    notes = (text_of(one) for one in children(node, "annotationEntry"))
    note = "；".join(filter(None, (_plain(child(node, "description")), *notes)))
    return RuleFacts(attribute(node, "id"), cells[0], cells[1], note)


def _plain(node: Node | None) -> str:
    return "" if node is None else (node.text or "").strip()
