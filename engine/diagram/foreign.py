"""What other software keeps in a file: found and left out, so that nobody here reads it as BPMN. Knows no vendor.

BPMN 2.0, 8.2.3 and table 8.4: whatever stands in ``extensionElements`` belongs to whoever owns its namespace. So do its
ids and all that is inside it, in whatever namespace: the default one of a file is BPMN's own. The same holds for mixed
content of texts (8.2.1 documentation, 10.2 text annotations): HTML in them is text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from engine.diagram.notes import BPMN, GW
from engine.files.xml import Node, split

DRAWING: Final = frozenset({
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
})  # fmt: skip
"""Namespaces of the drawing."""

_UNDERSTOOD: Final = DRAWING | {BPMN, GW}
_HARMLESS: Final = frozenset({
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://www.w3.org/XML/1998/namespace",
    # colours that bpmn-js writes, and its placeholders for data associations
    "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
})  # fmt: skip
_OPAQUE: Final = frozenset({"documentation", "text"})
"""Elements of BPMN whose content is text, whatever mark-up is in it."""


def leave_out_foreign(root: Node) -> dict[str, tuple[Node, int]]:
    """Take everything foreign out of the tree; by namespace, the first element that spoke it here, and how often.

    The file itself is kept as it came, for whoever understands more of it.
    """
    first: dict[str, Node] = {}
    often: Counter[str] = Counter()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for space in _spoken(node):
            first.setdefault(space, node)
            often[space] += 1
        waiting.extend(reversed(list(_own(node))))
    return {space: (node, often[space]) for space, node in first.items()}


def _spoken(node: Node) -> Iterator[str]:
    """The foreign namespaces of its attributes, and of the children that are left out with all that is in them."""
    for name in node.attrib:
        space = split(str(name))[0]
        if space and space not in _UNDERSTOOD | _HARMLESS:
            yield space
    for child in node if not _is_text(node) else ():
        space = split(child)[0]
        if not _belongs(node, child) and space not in _HARMLESS:
            yield space


def _own(node: Node) -> Iterator[Node]:
    """The children that are ours to read; the others go."""
    for child in list(node):
        if _belongs(node, child):
            yield child
        else:
            node.remove(child)


def _belongs(node: Node, child: Node) -> bool:
    """Whether a child is read here: extension elements only when they are our own."""
    namespace, tag = split(node)
    if namespace == BPMN and tag == "extensionElements":
        return split(child)[0] == GW
    return not _is_text(node) and split(child)[0] in _UNDERSTOOD


def _is_text(node: Node) -> bool:
    namespace, tag = split(node)
    return namespace == BPMN and tag in _OPAQUE
