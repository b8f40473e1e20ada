"""What the shape of a condition says by itself: whether it may be null, what a filter may drop. Knows no kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from engine.feel import nodes as n

_PLAIN_PATTERN: Final = re.compile(r"[\w\s^$|()\[\]{},*+?:;@#%&=!~<>\"'-]*")


def joined(words: list[str], at: int) -> bool:
    """Whether what stands behind ``in`` goes on with ``and`` or ``or``, which a browser takes for a part of it."""
    depth = 0
    for end in range(at + 1, len(words) - 1):
        depth += (words[end] in ("[", "(")) - (words[end] in ("]", ")"))
        if depth == 0:
            return words[end + 1] in ("and", "or")
    return False


def never_null(node: n.Node, sure: frozenset[n.Node] = frozenset()) -> bool:
    """Whether a condition is true or false, whatever is null; ``sure``: what was asked not to be null before."""
    if isinstance(node, n.Literal):
        return isinstance(node.value, bool)
    if isinstance(node, n.Comparison):
        return node.sign in ("=", "!=") or all(
            isinstance(one, n.Literal) or one in sure for one in (node.left, node.right)
        )
    if isinstance(node, n.In):
        return len(node.tests) == 1 and isinstance(node.tests[0], n.ListNode)
    if isinstance(node, n.Junction):
        return all(_operands(node, sure))
    if isinstance(node, n.Call) and isinstance(node.function, n.Name):
        return node.function.name == "not" and all(never_null(one, sure) for one in node.arguments)
    return False


def _operands(node: n.Junction, sure: frozenset[n.Node]) -> Iterator[bool]:
    for operand in node.operands:
        yield never_null(operand, sure)
        filled = isinstance(operand, n.Comparison) and operand.sign == ("!=" if node.sign == "and" else "=")
        if filled and operand.right == n.Literal(None):  # type: ignore[attr-defined]
            sure |= {operand.left}  # type: ignore[attr-defined]


def number(node: n.Node) -> Decimal | None:
    """The number that is written out, or None."""
    if isinstance(node, n.Negation):
        inner = number(node.operand)
        return None if inner is None else -inner
    return node.value if isinstance(node, n.Literal) and isinstance(node.value, Decimal) else None


def bare_items(node: Any) -> Iterator[n.Node]:
    """The smallest conditions that name the item of a filter itself, not its members."""
    if isinstance(node, n.Junction):
        for operand in node.operands:
            yield from bare_items(operand)
    elif _names_item(node):
        yield node


def _names_item(node: Any) -> bool:
    if isinstance(node, n.Name):
        return node.name == "item"
    if isinstance(node, n.Path):
        return not isinstance(node.base, n.Name) and _names_item(node.base)
    if isinstance(node, tuple):
        return any(map(_names_item, node))
    return isinstance(node, n.Node) and any(_names_item(getattr(node, name)) for name in node.__dataclass_fields__)


def keeps(node: n.Node) -> bool:
    """Whether a condition on the item itself keeps no null and no false: a browser drops those."""
    if not isinstance(node, n.Comparison) or not isinstance(node.right, n.Literal) or not isinstance(node.left, n.Name):
        return False
    value = node.right.value
    return node.sign == "!=" if value is None else node.sign != "!=" and not isinstance(value, bool)


def plain_pattern(arguments: tuple[n.Node, ...]) -> bool:
    """Whether a pattern is written out, in signs that both dialects share."""
    pattern = arguments[1].value if len(arguments) == 2 and isinstance(arguments[1], n.Literal) else None
    return isinstance(pattern, str) and _PLAIN_PATTERN.fullmatch(pattern) is not None
