"""The Merkle tree: every leaf is proved by its path, and by no other."""

from __future__ import annotations

from engine.evidence.anchors import merkle


def test_the_tree_proves_each_leaf_and_no_other() -> None:
    leaves = [merkle.leaf(bytes([one])) for one in range(13)]
    for size in range(1, len(leaves) + 1):
        top = merkle.root(leaves[:size])
        for index in range(size):
            way = merkle.path(leaves[:size], index)
            assert merkle.is_under(leaves[index], index, size, way, top)
            assert not merkle.is_under(merkle.leaf(b"x"), index, size, way, top)
            assert size == 1 or not merkle.is_under(leaves[index], (index + 1) % size, size, way, top)
    # RFC 9162, 2.1.5 of seven leaves: the empty tree and one leaf as the RFC says.
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.leaf(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
