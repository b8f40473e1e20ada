"""The versions of what the engine means: how a published definition runs. Knows no construct.

Every event names the version under which it ran, and a rebuild runs it under that one again (``engine.evidence``). So
what a fix changes in a running case stays behind the version that brought it: one name for each change, and the code
asks ``semantics >= NAME``. A version is closed when a release has carried it; the next change opens the next one.
Checks of what may be published need no version, nor does what could not run before.
"""

from __future__ import annotations

from typing import Final

FIRST: Final = 0
"""What the first program ran: it numbered the tasks of a case otherwise."""
UNNAMED: Final = 1
"""What ran before events named a version."""
CURRENT: Final = 3
"""What runs now. Read it through the module (``semantics.CURRENT``): a test runs cases as they once ran."""

CONDITIONS_AT_ONCE: Final = 2
"""A condition is asked between two steps, too: before, only when nothing was left to run (BPMN 2.0, 10.5.5)."""
TIMES_WITHOUT_SECONDS: Final = 2
"""FEEL's ``time`` and ``date and time`` read ``08:30``, as forms write it; before, they answered null."""
DEFAULT_BESIDE_PLAIN: Final = 2
"""The default flow of an activity is taken beside its plain flows, when no condition holds (BPMN 2.0, 13.3.2)."""
STEADY_CYCLES: Final = 2
"""Round n of a timer's cycle is its start + n intervals; before, each round counted from the one before."""
HOLDER_PER_INSTANCE: Final = 2
"""Who gets a task, and when it is due, is asked for each instance, what is the same once; before, once an element."""
TYPED_VARIABLES: Final = 2
"""Dates, times, durations and ranges in variables stay what they are, in messages and tables, too; before, text."""
EXACT_NUMBERS: Final = 2
"""Numbers in variables keep 34 digits; before, they were rounded to those of a float."""
KEYS_SAY_SOMETHING: Final = 2
"""A correlation key that gives no text and no number is refused; before, null took every message (BPMN 2.0, 8.4.2)."""
FEEL_LETTER: Final = 2
"""FEEL and decisions follow DMN 1.5 where they did not: 24:00:00 is a time; a years and months duration times a
fraction is cut, not rounded; months between moments are those between their days; ``instance of`` asks for the type,
not for the allowed values; what a named call leaves out is null; the position of a list's replacement is cut to a
whole number; a boxed condition that is no boolean is null; a decision service takes no argument of a wrong type and is
a function of its types; functions of the same parameters, body and scope are equal."""
INSTANCES_APART: Final = 3
"""A task knows the instances of multi-instance sub-processes around it: who acted in another one need not stand aside
there; before, all instances counted as one."""
