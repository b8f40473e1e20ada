"""The shapes of an expression after parsing. Knows neither text nor values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression. A ``weight`` is how many tokens it has: what one round of it is charged."""


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextNode(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Path(Node):
    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    base: Node
    condition: Node
    weight: int


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None  # None: by position


@dataclass(frozen=True, slots=True)
class Negation(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A chain of one rank, from left to right: ``first op1 x1 op2 x2``."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class SignTest(Node):
    """A test such as ``< 10``: what is tested stands to the left, unwritten."""

    sign: str
    operand: Node


@dataclass(frozen=True, slots=True)
class AskingTest(Node):
    """A test that names the value tested as ``?`` and is true or false by itself."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """``and`` or ``or`` of two or more."""

    sign: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """``name in source``, or ``name in source..end``."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    iterators: tuple[Iterator, ...]
    body: Node
    weight: int
    uses_partial: bool


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    every: bool
    iterators: tuple[Iterator, ...]
    body: Node
    weight: int


@dataclass(frozen=True, slots=True)
class TypeNode(Node):
    """A type as written: its name, the types in angle brackets, and for contexts the names of the members."""

    name: str
    arguments: tuple[TypeNode, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionNode(Node):
    parameters: tuple[tuple[str, TypeNode | None], ...]
    body: Node
    external: bool
    weight: int


@dataclass(frozen=True, slots=True)
class RangeNode(Node):
    low: Node | None  # None: without end
    low_closed: bool
    high: Node | None
    high_closed: bool
    apart: bool = False  # all but its ends, which are the same


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    kind: TypeNode


@dataclass(frozen=True, slots=True)
class UnaryTestsNode(Node):
    """The cell of a decision table. No tests: a dash, which everything passes."""

    tests: tuple[Node, ...]
    negated: bool
