"""The functions of clause 10.3.4. Importing the modules fills the table. Knows nothing but the values of FEEL."""

from engine.feel.builtins import contexts, conversion, lists, moments, numbers, ranges, statistics, strings
from engine.feel.builtins.registry import BUILTINS

__all__ = ["BUILTINS", "contexts", "conversion", "lists", "moments", "numbers", "ranges", "statistics", "strings"]
