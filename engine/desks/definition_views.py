"""What the designer's desk shows: versions, steps, forms. Pictures without rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.diagram import Assignment, Element
from engine.dmn.facts import DecisionFacts
from engine.errors import Problem
from engine.words import Text


@dataclass(frozen=True, slots=True)
class Published:
    """One version. ``by``: name of the publisher, empty for the console; ``running``: its cases that have not ended.

    They are counted up to 999; one more stands for more than that.
    """

    digest: str
    key: str
    version: int
    name: Text
    at: datetime
    by: str
    current: bool
    running: int


@dataclass(frozen=True, slots=True)
class TableVersionView:
    """One version of an effective table. ``state``: over, now, coming; ``until``: its last day, if it has one."""

    file: str
    since: date
    until: date | None
    state: str
    decisions: tuple[DecisionFacts, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """An effective table as it was published last, its versions with the newest first."""

    id: str
    published: Published
    versions: tuple[TableVersionView, ...]

    @property
    def now(self) -> TableVersionView | None:
        """The version in force today."""
        return next((one for one in self.versions if one.state == "now"), None)

    @property
    def coming(self) -> TableVersionView | None:
        """The next one to come."""
        return next((one for one in reversed(self.versions) if one.state == "coming"), None)


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A component of a form that says something; ``depth``: in how many containers it stands."""

    depth: int
    label: Text
    key: str
    type: str
    required: bool
    fixed: bool
    choices: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class FormFacts:
    """A form and the names of the steps that show it."""

    name: str
    steps: tuple[Text, ...]
    fields: tuple[FieldLine, ...]


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """Everything that a version says. ``versions``: a page of those of its key, the newest first.

    ``total``: of them; one more than 1,000 for more. ``next``: the ``after`` of the following page.
    """

    published: Published
    versions: tuple[Published, ...]
    total: int
    next: str
    description: Text
    starters: tuple[Assignment, ...]
    steps: tuple[Element, ...]
    decisions: tuple[DecisionFacts, ...]
    forms: tuple[FormFacts, ...]
    problems: tuple[Problem, ...]
    tables: tuple[str, ...] = ()  # effective tables that it may ask
    in_force: bool = True  # a version of its key is; false: it was withdrawn
