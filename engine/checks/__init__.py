"""Checks of a definition before it is published: pure, they read and never run anything.

`check_definition` is the door. The rules live beside it: `folder` (files), `supported` (the list of BPMN that runs),
`soundness` and `tokens` (shape), `gateways`, `events`, `people`, `work`, `expressions`, `parallel`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from engine.checks.events import check_events
from engine.checks.expressions import check_expressions, written_by
from engine.checks.folder import read_files
from engine.checks.gateways import check_gateways
from engine.checks.parallel import check_parallel
from engine.checks.people import check_people
from engine.checks.report import Folder, Page, Report
from engine.checks.soundness import check_soundness, small_enough
from engine.checks.supported import check_supported
from engine.checks.tokens import check_tokens
from engine.checks.work import check_calls, check_unique, check_work
from engine.errors import Problem

__all__ = ["OperationLike", "ParameterLike", "check_definition"]


class ParameterLike(Protocol):
    """What the checks need to know of a parameter."""

    @property
    def name(self) -> str: ...
    @property
    def required(self) -> bool: ...


class OperationLike(Protocol):
    """What the checks need to know of an operation of the registry."""

    @property
    def parameters(self) -> tuple[ParameterLike, ...]: ...
    @property
    def read_only(self) -> bool: ...


def check_definition(
    files: Mapping[str, bytes],
    *,
    roles: Collection[str],
    operations: Mapping[str, OperationLike],
    kinds: Collection[str],
) -> tuple[Problem, ...]:
    """Everything wrong with the folder ``files`` (path in the folder to content); nothing found: empty.

    ``roles`` and ``kinds`` are the ids of the roles and of the kinds of organisation that exist, ``operations`` the
    registry of services. Problems with severity "error" refuse the folder, warnings are for the designer. Never raises
    for what a file holds.
    """
    report = Report()
    folder = Folder(files, roles, kinds, operations, report)
    read_files(folder)
    for diagram in folder.diagrams:
        check_supported(diagram, report)
    pages = list(folder.pages())
    check_unique(pages)
    check_calls(pages)
    for page in pages:
        _check_page(page, folder, pages)
    return report.problems


def _check_page(page: Page, folder: Folder, pages: list[Page]) -> None:
    if not small_enough(page):
        return
    before = len(page.report.problems)
    check_soundness(page)
    sound = len(page.report.problems) == before
    check_gateways(page)
    check_events(page)
    check_people(page, folder)
    check_work(page, folder)
    check_expressions(page, folder, pages)
    if sound:  # these two play on the shape, and a broken one would be told twice
        check_tokens(page)
        check_parallel(page, written_by)
