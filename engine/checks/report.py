"""What the rules look at and where they write: the folder as facts, and the report. Knows no rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from engine.diagram import Diagram, Element, Flow, Lane, Outcome, Process
from engine.dmn.decisions import Decision
from engine.errors import Fix, Problem
from engine.forms import Form
from engine.words import Said, Text, Words, say

MAIN: Final = "process.bpmn"
"""The file whose executable process a case runs; the other diagrams of a folder are called by it."""

SHARED: Final = "_shared/"
"""Where files that every definition gets are; it need not use them."""

ARTICLES: Final = "_shared/articles.toml"
"""The articles of the regulation, each with a summary in our own words."""


LAW: Final = "law:"
READING: Final = "reading:"
"""Before what ``gw:article`` names beside the articles of the measures: a law, or how a silent text is read."""

MAX_PROBLEMS: Final = 500
"""Errors that are shown, and warnings: more of either nobody reads. All of them count."""


MAX_PROCESSES: Final = 30
"""Executable processes of one folder, those that it calls included."""


class Report:
    """Collects the problems of a folder; the same one is noted once. All count, the first of each severity are shown.

    What is decided (whether a folder is published, whether a shape is sound, where something is wrong) is decided by
    all of them, never by those that are shown.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()  # their hashes: of very many problems the words would take too much room
        self._shown: dict[str, list[Problem]] = {"error": [], "warning": []}
        self._counted: Counter[str] = Counter()
        self._faulty: set[Said] = set()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Errors, then warnings, each in the order found; a last one of a severity says how many are left out."""
        return tuple(problem for severity in self._shown for problem in (*self._shown[severity], *self._rest(severity)))

    @property
    def errors(self) -> int:
        """How many refuse the folder."""
        return self._counted["error"]

    def is_faulty(self, place: str) -> bool:
        """Whether there is an error at an element."""
        return place in self._faulty

    def error(self, file: str, place: str, what: Words, hint: Said = "") -> None:
        """Something that refuses the folder."""
        self.add(Problem(file, place, what, hint))

    def warn(self, file: str, place: str, what: Words, hint: Said = "") -> None:
        """Something a designer should look at."""
        self.add(Problem(file, place, what, hint, severity="warning"))

    def add(self, problem: Problem) -> None:
        """Note a problem that somebody else has put into words."""
        own = _hash(problem)
        if own in self._seen:
            return
        self._seen.add(own)
        self._counted[problem.severity] += 1
        if problem.severity == "error":
            self._faulty.add(problem.place)
        if len(self._shown[problem.severity]) < MAX_PROBLEMS:
            self._shown[problem.severity].append(problem)

    def _rest(self, severity: str) -> Iterator[Problem]:
        left = self._counted[severity] - len(self._shown[severity])
        if left:
            what = say("还有{left}处错误没有列出。") if severity == "error" else say("还有{left}处提醒没有列出。")
            hint = say("请先处理上面列出的，再检查一次。")
            yield Problem(".", "files", what.about(left=left), hint, severity, stands_for=left)


def _hash(problem: Problem) -> int:
    """What tells a problem from another. Its words may be about whatever stands in a file, hashable or not."""
    try:
        return hash(problem)
    except TypeError:
        return hash((problem.file, problem.text("zh"), problem.severity))


@dataclass(frozen=True, slots=True)
class Page:
    """One executable process with the report for it: what almost every rule works on."""

    file: str
    process: Process
    main: bool
    report: Report
    others: Mapping[str, Page] = field(default_factory=dict)  # every executable process of the folder by id

    def error(
        self,
        at: Element | Flow | Process,
        what: Words,
        hint: Said = "",
        walk: Iterable[Element] = (),
        fix: Fix | None = None,
    ) -> None:
        """An error at an element, with its line; ``walk``: how a case comes to it; ``fix``: what surely mends it."""
        self.report.add(replace(self._problem(at, what, hint, "error", walk), fix=fix))

    def warn(self, at: Element | Flow | Process, what: Words, hint: Said = "", walk: Iterable[Element] = ()) -> None:
        """A warning at an element, with its line; ``walk``: how a case comes to it."""
        self.report.add(self._problem(at, what, hint, "warning", walk))

    def _problem(
        self, at: Element | Flow | Process, what: Words, hint: Said, severity: str, walk: Iterable[Element]
    ) -> Problem:
        said = say("第{line}行：{what}", line=at.line, what=what)
        return Problem(self.file, at.id, said, hint, severity, walk=tuple(own.id for own in walk))

    def inside(self, element: Element) -> tuple[Page, list[Element]]:
        """What a sub-process or a called process is made of, and the page that it is drawn on; of others nothing."""
        called = self.others.get(element.called or "") if element.tag == "callActivity" else None
        if called is not None:
            return called, [inner for inner in called.process.elements.values() if inner.parent is None]
        return self, [inner for inner in self.process.elements.values() if inner.parent == element.id]

    def of(self, *tags: str) -> Iterator[Element]:
        """The elements with one of these tags."""
        return (element for element in self.process.elements.values() if element.tag in tags)

    def out(self, element: Element) -> tuple[Flow, ...]:
        """The flows that leave an element."""
        return tuple(self.process.flows[own] for own in element.outgoing)

    def into(self, element: Element) -> tuple[Flow, ...]:
        """The flows that reach an element."""
        return tuple(self.process.flows[own] for own in element.incoming)


@dataclass(slots=True)
class Folder:
    """A definition's folder as facts, as far as it could be read, and what exists around it."""

    files: Mapping[str, bytes]
    roles: Collection[str]
    kinds: Collection[str]
    operations: Mapping[str, Any]
    report: Report
    effective: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # inputs of effective tables by name
    diagrams: list[Diagram] = field(default_factory=list)
    decisions: dict[str, Decision] = field(default_factory=dict)
    forms: dict[str, Form | None] = field(default_factory=dict)  # None: unreadable
    tables: dict[str, Any] = field(default_factory=dict)  # TOML files by path
    unread: set[str] = field(
        default_factory=set
    )  # endings of files that could not be read: what is in them is not known

    def inputs(self) -> dict[str, tuple[str, ...]]:
        """The inputs of every decision of the folder by its id."""
        return {name: tuple(own.parameters) for name, own in self.decisions.items()}

    def pages(self) -> Iterator[Page]:
        """Every executable process of the folder."""
        runs = [(diagram, process) for diagram in self.diagrams for process in diagram.to_run]
        if len(runs) > MAX_PROCESSES:
            self.report.error(
                MAIN,
                "process",
                say("可执行的流程超过{most}个。", most=MAX_PROCESSES),
                say("请拆成几个文件夹。"),
            )
            return
        others: dict[str, Page] = {}
        alone = len(self.diagrams) == 1  # whatever it is called, it is meant to be the main one
        pages = [Page(own.file, process, alone or own.file == MAIN, self.report, others) for own, process in runs]
        others.update((page.process.id, page) for page in pages)
        yield from pages


def named(part: Element | Flow | Process | Lane | Outcome) -> Text:
    """How messages call a part of a diagram: its Chinese name, else its id; in English its id."""
    return part.name[0] or part.id, part.id
