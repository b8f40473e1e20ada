"""The functions of clause 10.3.4. Importing the modules fills the table."""

from engine.feel.builtins import contexts, conversion, lists, moments, numbers, ranges, statistics, strings
from engine.feel.builtins.registry import BUILTINS

__all__ = ["BUILTINS", "contexts", "conversion", "lists", "moments", "numbers", "ranges", "statistics", "strings"]
