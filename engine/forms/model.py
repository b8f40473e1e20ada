"""What a form is once it has been read: fields, options, sources, limits. Knows no JSON schema and checks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.feel import Expression
from engine.words import Text

Path = tuple[str | int, ...]  # where a value stands in the data: ("posts", 0, "grade")

# form-js schema versions whose meaning we know: 16 to 19, as @bpmn-io/form-js 1.x and 2.0 write them.
OLDEST_SCHEMA, NEWEST_SCHEMA = 16, 19

TEXTS = frozenset({"textfield", "textarea"})
ONE_OF = frozenset({"radio", "select"})
SOME_OF = frozenset({"checklist", "taglist"})
CHOICES = ONE_OF | SOME_OF
INPUTS = TEXTS | CHOICES | {"number", "checkbox", "datetime", "filepicker", "expression"}
TICKED = frozenset({"checkbox", "checklist"})
CONTAINERS = frozenset({"group", "dynamiclist"})
DISPLAYS = frozenset({"text", "separator", "spacer", "image", "table", "button"})
REFUSED = frozenset({"html", "iframe", "documentPreview"})  # they can carry markup or pages from elsewhere

MAX_SCHEMA_BYTES = 1_000_000
MAX_COMPONENTS = 500
MAX_NESTING = 8  # containers within containers
MAX_ROWS = 500  # of one dynamic list
MAX_CONDITIONS_ROUNDS = 12  # how often fields may hide each other in turn before we call it a contradiction
MAX_DIGITS = 34  # of a number: what FEEL counts with
BROWSER_DIGITS = 15  # that a browser's number keeps for certain; what is longer it hands in as text

# Where clean data keeps the labels of choices that came from a source: what was chosen, in the words of that day.
CHOSEN = "_chosen"
# What the engine itself writes beside or around the fields of a submission, and the names of FEEL scopes in form-js.
RESERVED_NAMES = frozenset(
    {CHOSEN, "case", "this", "parent", "i", "_this_", "_parent_", "_i_", "outcome", "opinion", "return_to", "by", "at"}
)
# SpiffWorkflow cannot load a state that has a data key of this name.
RESERVED_KEYS = frozenset({"typename"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A FEEL condition as form-js reads it: a unary test whose input is null, so that null counts as met.

    ``negated``: the text was ``not(…)`` around the whole, which form-js takes as "none of the tests is met".
    """

    expression: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a radio, select, checklist or taglist."""

    value: Any
    label: Text


@dataclass(frozen=True, slots=True)
class Source:
    """A read-only operation whose answer the form needs; parameters are FEEL texts by name."""

    operation: str
    parameters: Mapping[str, str]


Bound = int | float | str | Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a value must satisfy; ``None`` and false ask nothing."""

    required: bool = False
    minimum: Bound = None
    maximum: Bound = None
    min_length: Bound = None
    max_length: Bound = None
    pattern: str = ""
    pattern_message: Text | None = None
    kind: str = ""  # email or phone
    digits: int | None = None  # decimal digits
    step: float | int | None = None
    not_before: Bound = None  # ISO text or FEEL
    not_after: Bound = None
    no_past: bool = False
    min_rows: int = 0
    max_rows: int = MAX_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One component. ``path`` is relative to its container: empty for displays and groups without a path."""

    id: str
    type: str
    path: tuple[str, ...] = ()
    label: Text = ("", "")
    children: tuple[Field, ...] = ()
    hide: Condition | None = None
    readonly: bool | Condition = False  # disabled counts as read-only
    rules: Rules = field(default_factory=Rules)
    options: tuple[Option, ...] | None = None
    options_key: str = ""
    options_expression: Expression | None = None
    default: Any = None
    expression: Expression | None = None  # of a computed field
    subtype: str = ""  # date, time, datetime
    as_text: bool = False  # a number kept as text
    multiple: bool = False  # several files
    repeating: bool = False
    add_remove: bool = False
    repetitions: int = 1
    text: Text = ("", "")  # of a text component
    unit: Text = ("", "")  # shown behind a number or text
    rows_from: Expression | None = None  # of a table that only shows
    columns: tuple[tuple[Text, Text], ...] = ()
    warning: bool | Condition = False  # must catch the eye when read
    personal: bool | None = None  # about a person; None: nobody has said
    identifies: bool = False  # in a list: a row is known again by it
    explained: bool = False  # what is left unticked is to be explained in the opinion
    required_for: tuple[str, ...] = ()  # the outcomes of a task that ask for it
    telephone: bool = False  # a text that is a telephone number, stored in its one shape
    sheet: bool = False  # a list that is filled in cell by cell

    @property
    def is_input(self) -> bool:
        """Whether it holds a value of its own."""
        return self.type in INPUTS

    @property
    def computed(self) -> bool:
        """Whether its value is always worked out on the server."""
        return self.type == "expression"

    @property
    def fixed(self) -> bool:
        """Whether no client may ever set it."""
        return self.readonly is True or self.computed

    @property
    def empty(self) -> Any:
        """The value of an untouched field, as form-js has it."""
        if self.type in TEXTS:
            return ""
        if self.type in SOME_OF:
            return []
        return False if self.type == "checkbox" else None


def spell(path: Path) -> str:
    """``("posts", 0, "grade")`` as ``posts[0].grade``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
