"""The proof over the house: what is evidence, a Merkle tree over it, anchors outside. Knows no page and no act."""
