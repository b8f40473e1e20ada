"""What exists around a definition, as the checks are told it: roles, kinds, operations, registers, effective tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ParameterFacts:
    """What the checks need to know of an operation's parameter."""

    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What the checks need to know of an operation of the registry."""

    read_only: bool
    parameters: tuple[ParameterFacts, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What exists around a definition: ids of roles and of kinds of organisation, and the registry of operations.

    ``registers``: the fields of every register by its name, with what each names; empty where they are not known.
    ``tables``: the inputs of every effective table by its name, those of all versions in force or to come together.
    """

    roles: tuple[str, ...]
    kinds: tuple[str, ...]
    operations: Mapping[str, OperationFacts]
    registers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
