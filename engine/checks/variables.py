"""Variables of a process: which element writes which, and where each can be read. Compiles scripts, nothing else.

Variables belong to the case, but for three: what an instance of a multi-instance writes stays in it, a data object of a
sub-process is its own, and loops supply names of their own (BPMN 2.0, 10.4.1 and table 10.30).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from engine.checks.feel_trees import entries_of
from engine.checks.report import Page
from engine.diagram import Element
from engine.feel import FeelError

NAME: Final = re.compile(r"[^\W\d]\w*")
"""What a variable may be called, so that FEEL can read it."""

COUNTER: Final = "loopCounter"
NUMBERS: Final = frozenset({
    "numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances",
})  # fmt: skip
"""What a completion condition sees besides."""


def written_by(element: Element) -> frozenset[str]:
    """The variables that an element itself writes, one instance of it if it is repeated."""
    names: set[str] = set()
    if element.tag == "userTask" or (element.tag == "startEvent" and element.form):
        names.add(element.into)
    for call in (element.operation, element.decision, element.correlation):
        if call is not None and call.result:
            names.add(call.result)
    if element.passes is not None:
        names.update(name for name, _ in element.passes.outputs)
    if element.for_each is not None:
        names.update({element.for_each.result, element.for_each.round} - {""})
    if element.script is not None:
        with suppress(FeelError):  # told by check_expressions
            names.update(entries_of(element.script.text) or ())
    return frozenset(names)


def left_by(element: Element) -> frozenset[str]:
    """The variables that an element writes as those around it see it."""
    loop = element.loop
    if loop is None or loop.standard:
        return written_by(element)
    return frozenset({loop.output} if loop.output else ())


class Variables:
    """Every variable of the processes of a folder."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._wide: dict[str, set[str | None]] = {}  # name -> instances and sub-processes that it can be read in
        self._made: dict[str, set[str]] = {}  # element -> names that are there inside it
        found = list(pages)
        steps = [element for page in found for element in page.process.elements.values()]
        self.sealed = frozenset(one.into for one in steps if one.sealing.sealed is not None)
        self._handed = _handed(found)
        for page in found:
            for element in page.process.elements.values():
                self._add(page, element)

    def _add(self, page: Page, element: Element) -> None:
        loop = element.loop
        if loop is not None:
            self._made[element.id] = {COUNTER} | ({loop.item} if loop.item else set())
        if element.data:
            self._made.setdefault(element.id, set()).update(element.data)
        for name in written_by(element):
            self._wide.setdefault(name, set()).add(self._home(page, element, name))
        if loop is not None and loop.output:
            outer = page.process.elements.get(element.parent or "")
            own = page.process.id if page.process.id in self._handed else None
            home = self._home(page, outer, loop.output) if outer is not None else own
            self._wide.setdefault(loop.output, set()).add(home)

    def _home(self, page: Page, element: Element, name: str) -> str | None:
        """The innermost instance or sub-process that keeps what is written at ``element``; None: the case."""
        for around in _around(page, element):
            if name in around.data or (around.loop is not None and not around.loop.standard):
                return around.id
        return page.process.id if page.process.id in self._handed else None

    def seen_by(self, page: Page, element: Element | None, inside: bool = True) -> frozenset[str]:
        """The names that can be read at ``element``; ``inside`` its instance, or where it stands."""
        around = [own.id for own in _around(page, element)] if element is not None else []
        if not inside:
            around = around[1:]
        handed = self._handed.get(page.process.id)
        if handed is not None:
            here = {page.process.id, *around}
            inner = set[str]().union(*(self._made.get(own, ()) for own in around))
            return frozenset({name for name, homes in self._wide.items() if homes & here} | handed | inner | {"case"})
        places = {None, *around}
        names = {name for name, homes in self._wide.items() if homes & places or not page.main}
        made = self._made.values() if not page.main else [self._made.get(own, set()) for own in around]
        return frozenset(names.union({"case"}, *made))  # a called process sees what those see that call it

    def is_called(self, home: str) -> bool:
        """Whether that is a called process, out of which goes only what a call takes from it."""
        return home in self._handed

    def kept_in(self, name: str) -> str | None:
        """The id of a multi-instance or sub-process that alone sees ``name``, if there is one."""
        return next((home for home in self._wide.get(name, ()) if home is not None), None)


def _handed(pages: Iterable[Page]) -> dict[str, frozenset[str]]:
    """What every call of a process hands over, of the processes to which nothing else goes."""
    found: dict[str, frozenset[str]] = {}
    for page in pages:
        for element in page.of("callActivity"):
            called = element.called or ""
            if element.passes is not None and called in page.others:
                names = frozenset(name for name, _ in element.passes.inputs)
                found[called] = names & found.get(called, names)
    return found


def _around(page: Page, element: Element) -> Iterator[Element]:
    """An element and the sub-processes that it lies in, from inside out."""
    at: Element | None = element
    while at is not None:
        yield at
        at = page.process.elements.get(at.parent or "")
