"""A Merkle tree as in RFC 9162, section 2.1 (that of RFC 6962): one hash over any number of leaves, in their order.

A leaf and a node are hashed with different first bytes, so none can be taken for the other. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root over no leaf."""


def leaf(content: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree to which leaves are added; of what is complete it keeps one hash for each power of two."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, one: bytes) -> None:
        """Add the hash of a leaf at the end."""
        size = self.size
        while size & 1:
            one = node(self._peaks.pop(), one)
            size >>= 1
        self._peaks.append(one)
        self.size += 1

    def root(self) -> bytes:
        """The hash over all leaves so far."""
        if not self._peaks:
            return EMPTY
        *above, found = self._peaks
        for peak in reversed(above):
            found = node(peak, found)
        return found


def root(leaves: Iterable[bytes]) -> bytes:
    """The hash over these leaves."""
    tree = Growing()
    for one in leaves:
        tree.add(one)
    return tree.root()


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What proves that one of the leaves is under the root, from the leaf up. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = leaves[:half], leaves[half:]
    if index < half:
        return [*path(left, index), root(right)]
    return [*path(right, index - half), root(left)]


def is_under(one: bytes, index: int, size: int, way: Sequence[bytes], top: bytes) -> bool:
    """Whether the hash of a leaf at ``index`` of ``size`` is under a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last = index, size - 1
    for beside in way:
        if last == 0:
            return False
        if place & 1 or place == last:
            one = node(beside, one)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            one = node(one, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and one == top
