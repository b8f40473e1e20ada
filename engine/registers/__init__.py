"""What a register is: a JSON Schema with words of our own, and what it asks of its records. Knows no case."""

from engine.registers.choices import impossible
from engine.registers.derived import Derived
from engine.registers.reading import EVERYWHERE, load_register
from engine.registers.register import Register
from engine.registers.rules import Lead, Rule, Unique
from engine.registers.together import dangling, underived
from engine.registers.writers import ANY, SUBTREE

__all__ = [
    "ANY", "EVERYWHERE", "SUBTREE", "Derived", "Lead", "Register", "Rule", "Unique", "dangling", "impossible",
    "load_register", "underived",
]  # fmt: skip
