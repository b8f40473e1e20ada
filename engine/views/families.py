"""Views of a family of cases: who was opened by whom."""

from __future__ import annotations

from dataclasses import dataclass

from engine.words import Text


@dataclass(frozen=True, slots=True)
class Relative:
    """A case of a family as its reader sees it. ``waits``: the step, and whom or what it waits for there.

    ``children``: how many cases it has opened itself.
    """

    id: str
    number: str
    title: str
    process: Text
    status: str
    ending: Text | None
    organisation: str
    waits: tuple[tuple[Text, Text], ...]
    children: int


@dataclass(frozen=True, slots=True)
class FamilyView:
    """The cases above one, and a page of those that it has opened. None in ``above`` is one that is not shown.

    ``hidden``: cases of this page that the reader may not see; ``next``: the ``after`` of the following page.
    """

    case: Relative
    above: tuple[Relative | None, ...]  # the nearest last
    children: tuple[Relative, ...]
    hidden: int
    total: int
    next: str = ""
