"""What the workshop shows: designs, their files and their history. Pictures without rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DesignLine:
    """A design in the list. ``editor``: who edits it now, empty for nobody."""

    number: int
    key: str
    title: str
    saved_at: datetime
    saved_by: str
    editor: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a design. ``shared``: what all processes share, which is only read here."""

    name: str
    size: int
    shared: bool


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision of the history; ``snapshot``: its name, empty for none."""

    number: int
    saved_at: datetime
    saved_by: str
    snapshot: str
    current: bool


@dataclass(frozen=True, slots=True)
class DesignView:
    """A design. ``history``: for its editors alone, the newest first; ``based_on``: (key, version) that was copied."""

    line: DesignLine
    revision: int
    files: tuple[FileLine, ...]
    history: tuple[RevisionLine, ...]
    is_editor: bool
    based_on: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class OpenDesign:
    """What a page has opened: its files as texts. ``papers``: those that are none, which are handed up and down.

    ``diagrams``: each with a drawing. ``texts``: its other files. ``tables``: the decision tables that all processes
    share. ``names``: all of its files and all that it shares.
    """

    revision: int
    diagrams: dict[str, str]
    texts: dict[str, str]
    papers: tuple[str, ...]
    tables: dict[str, str]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditState:
    """How a design stands for a page that has it open: its revision, whether that page edits it, who does."""

    revision: int
    mine: bool
    editor: str
    saved_at: datetime
    saved_by: str
