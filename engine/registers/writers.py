"""Which processes may write a register, and records of whose organisations. Knows no case and no record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.errors import DefinitionInvalid, Problem
from engine.words import say

OWN: Final = "own"
SUBTREE: Final = "subtree"
ANY: Final = "any"
REACHES: Final = (OWN, SUBTREE, ANY)
"""Records of whose organisations a process may write: of the case's, of those below it, too, of any."""


def read_writers(file: str, said: Mapping[str, str]) -> dict[str, str]:
    """By the key of a process how far it writes. Raises DefinitionInvalid."""
    for key, reach in said.items():
        if reach not in REACHES:
            what = say("writers里“{key}”的“{reach}”无效。", key=key, reach=reach)
            hint = say("可用的有：{known}。", known=", ".join(REACHES))
            raise DefinitionInvalid((Problem(file, "writers", what, hint),))
    return dict(said)
