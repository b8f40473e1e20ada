"""Checks of a definition before it is published: they read, never run; each knows no database and no case.

`check_definition` is the door. The rules live beside it: `folder` (files); `forms`, `defaults` and `personal` (names,
rules and declarations of forms), `browser` with `alike` (what of a form a browser judges otherwise); `supported` and
`attributes` (the list of BPMN that runs), `foreign`, `drawn` and `drawing` (what does not run); `soundness`,
`gateways`, `events`, `timers`, `attached`, `twins`, `compensation`, `loops`, `openings` (each element where it
stands); `bare`, `people`, `work`, `starts`, `papers`, `registers`, `cited`; `expressions` with `reading`, `translate`,
`texts` and `variables` (FEEL); `effective` (tables in several versions); `columns` and `public` with `personal_paths`
(what many or all may read); `branches` with `conditions` and `answers` (what FEEL proves of decisions); `throws`,
`parallel`, and `tokens` with `game` and `net` (what can happen).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Protocol

from engine.checks.ad_hoc import check_ad_hoc
from engine.checks.answers import Answers
from engine.checks.assigned import check_assigned
from engine.checks.attached import check_attached
from engine.checks.bare import check_bare
from engine.checks.branches import check_branches
from engine.checks.called_off import check_called_off
from engine.checks.children import check_children
from engine.checks.cited import check_cited
from engine.checks.columns import check_columns
from engine.checks.compensation import check_compensation
from engine.checks.confidential import check_confidential
from engine.checks.events import check_events
from engine.checks.expressions import check_expressions
from engine.checks.folder import read_files
from engine.checks.forms import check_forms
from engine.checks.gateways import DECIDES, check_gateways
from engine.checks.loops import check_loops
from engine.checks.openings import check_openings
from engine.checks.papers import check_papers
from engine.checks.parallel import check_parallel
from engine.checks.passing import check_passing
from engine.checks.people import check_people
from engine.checks.personal import check_personal
from engine.checks.public import check_public
from engine.checks.registers import Registers, check_registers
from engine.checks.report import Folder, Page, Report
from engine.checks.sealing import check_sealing
from engine.checks.seeing import check_seen
from engine.checks.soundness import ACTIVITIES, check_soundness, small_enough
from engine.checks.starts import check_starts
from engine.checks.supported import check_supported
from engine.checks.throws import check_throws
from engine.checks.tokens import check_tokens
from engine.checks.twins import check_twins
from engine.checks.variables import Variables, left_by
from engine.checks.verbs import check_verbs
from engine.checks.work import check_calls, check_depth, check_unique, check_work
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
    registers: Registers = MappingProxyType({}),
    tables: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> tuple[Problem, ...]:
    """Everything wrong with the folder ``files`` (path in the folder to content); nothing found: empty.

    ``roles`` and ``kinds`` are the ids of the roles and of the kinds of organisation that exist, ``operations`` the
    registry, ``registers`` the fields of every register (none: they are not known), ``tables`` the inputs of every
    effective table. Problems with severity "error"
    refuse the folder, warnings are for the designer. Never raises for what a file holds.
    """
    report = Report()
    folder = Folder(files, roles, kinds, operations, report, tables)
    read_files(folder)
    for diagram in folder.diagrams:
        check_supported(diagram, report)
    pages = list(folder.pages())
    check_unique(pages)
    check_calls(pages, folder)
    check_passing(pages)
    shallow = check_depth(pages)
    variables, answers = Variables(pages), Answers(pages)
    check_personal(folder, pages, variables)
    check_cited(folder, pages)
    small = [page for page in pages if small_enough(page)]
    sound = [page for page in small if _check_page(page, folder, pages, variables)]
    excluded = {page.process.id: _check_decisions(page, answers) for page in small}
    check_forms(folder, pages, variables)
    check_confidential(folder, pages, variables)
    check_registers(pages, folder, registers)
    check_assigned(pages, registers)
    # what follows plays the shape, and a broken one would be told twice
    for page in sound if shallow else ():
        check_throws(page)
        check_parallel(page, left_by, excluded[page.process.id])
    if shallow:
        check_tokens(sound, excluded)
    return report.problems


def _check_page(page: Page, folder: Folder, pages: list[Page], variables: Variables) -> bool:
    """Whether the shape is sound enough to be played."""
    before = page.report.errors
    check_soundness(page)
    check_attached(page)
    sound = page.report.errors == before
    check_gateways(page)
    check_events(page)
    check_called_off(page)
    check_children(page)
    check_compensation(page)
    check_twins(page)
    check_loops(page)
    check_openings(page)
    check_ad_hoc(page)
    check_bare(page)
    check_people(page, folder)
    check_columns(page, folder)
    check_public(page, folder)
    check_verbs(page, folder)
    check_sealing(page)
    check_seen(page, folder)
    check_work(page, folder)
    check_starts(page)
    check_papers(page, folder)
    check_expressions(page, folder, pages, variables)
    return sound


def _check_decisions(page: Page, answers: Answers) -> frozenset[frozenset[str]]:
    """Judge the conditions of a process; the pairs of flows that are never taken together."""
    found: set[frozenset[str]] = set()
    for element in page.process.elements.values():
        if element.tag in ACTIVITIES or (len(element.outgoing) > 1 and element.tag in DECIDES):
            found |= check_branches(page, element, answers)
    return frozenset(found)
