"""The operations of the registry, by subject. Importing this package enters them all."""

from engine.operations import papers, people, registers, steps, tree, working_days

__all__ = ["papers", "people", "registers", "steps", "tree", "working_days"]
