"""FEEL, the expression language of OMG DMN 1.5 (chapter 10): the only language of expressions in a definition.

Our own, because an expression comes from outside: it reaches no Python object, takes no more steps, depth, text, digits
and items than its budget, and reads no clock. Knows nothing of diagrams, tables, cases or storage.

Where we part from the specification, on purpose: full-width punctuation is no part of a name; data of the same name
does not hide a function in front of brackets; external functions do not exist; a pattern has no back-references;
lengths that reach beyond a text are cut; `list replace` and `substring` cut a position to a whole number; a dash in a
table also passes null; a time may leave its seconds out.
"""

from engine.feel.ahead import WorkedOut
from engine.feel.budget import UNHURRIED, Allowance, Budget, Owner, TakesLong, again_if_long, allowance, present, step
from engine.feel.environment import Environment
from engine.feel.errors import BudgetExceeded, FeelError, FeelSyntaxError
from engine.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.functions import FeelFunction
from engine.feel.jsonform import from_json, from_stored, parse_json, to_json, to_kept, to_stored
from engine.feel.values import Date, DateTime, DaysDuration, MonthsDuration, Range, Time

__all__ = [
    "UNHURRIED",
    "Allowance",
    "Budget",
    "BudgetExceeded",
    "Date",
    "DateTime",
    "DaysDuration",
    "Environment",
    "Expression",
    "FeelError",
    "FeelFunction",
    "FeelSyntaxError",
    "MonthsDuration",
    "Owner",
    "Range",
    "TakesLong",
    "Time",
    "UnaryTests",
    "WorkedOut",
    "again_if_long",
    "allowance",
    "compile_expression",
    "compile_unary_tests",
    "from_json",
    "from_stored",
    "parse_json",
    "present",
    "step",
    "to_json",
    "to_kept",
    "to_stored",
]
