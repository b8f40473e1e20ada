"""The operations of the registry, by subject; importing this package enters them all. Knows no diagram and no page."""

from engine.operations import (
    changes,
    holders,
    papers,
    people,
    registers,
    samples,
    sealed,
    starting,
    steps,
    tables,
    totals,
    tree,
    working_days,
    writing,
)

__all__ = [
    "changes",
    "holders",
    "papers",
    "people",
    "registers",
    "samples",
    "sealed",
    "starting",
    "steps",
    "tables",
    "totals",
    "tree",
    "working_days",
    "writing",
]
