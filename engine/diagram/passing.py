"""What a call activity hands to the process that it calls, and takes from it: once anything is declared, nothing else.

BPMN 2.0, 10.4.2 (inputs and outputs of an activity) and 10.3.6, in FEEL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.diagram.attributes import get
from engine.files.xml import Node


@dataclass(frozen=True, slots=True)
class Passing:
    """(name of a variable, FEEL text) in the designer's order."""

    inputs: tuple[tuple[str, str], ...]  # variables of the called process, from what the call activity sees
    outputs: tuple[tuple[str, str], ...]  # variables where the call activity stands, from what the called process sees


def read_passing(inputs: Iterable[Node], outputs: Iterable[Node]) -> Passing | None:
    """What a call activity declares; None when it declares nothing, and all data are shared."""
    given, taken = (tuple((get(node, "name"), get(node, "value")) for node in nodes) for nodes in (inputs, outputs))
    return Passing(given, taken) if given or taken else None
