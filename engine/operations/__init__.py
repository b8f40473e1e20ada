"""The operations of the registry, by subject. Importing this package enters them all."""

from engine.operations import people, registers, steps, tree, working_days

__all__ = ["people", "registers", "steps", "tree", "working_days"]
