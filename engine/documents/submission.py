"""What was handed in, as a form to print, stamp and file: what stands on the paper; ``word`` beside makes the file.

Pure: the same paper always gives the same bytes. Knows no process, step, field or database: titles, labels and values
come from the definition, the form and the events.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from engine.calendar.days import LEGAL_ZONE
from engine.documents.word import WIDTH, Cell, Grid, Line, Properties, Sheet
from engine.documents.words import STATUS, WORDS
from engine.views import FieldView
from engine.words import dated

COLUMNS = (3.0, WIDTH / 2 - 3.0, 3.0, WIDTH / 2 - 3.0)  # label, value, label, value
WIDEST_GRID, WIDEST_SHEET = 6, 14
"""A list with more columns than these is printed row by row; a sheet is printed small."""
SHORT = 22  # half-width characters of a value that shares its row with another
TORN = 300  # half-width characters from which a row may run over the end of a page
MARK = "※"

_OFFICE, _PERSON = ("submitter", "handler", "signature", "seal"), ("person", "own_signature")
"""Who hands in, and what stands in his box above the day."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one step said; all but the step is empty while it is still asked."""

    step: str
    outcome: str = ""
    text: str = ""
    by: str = ""
    organisation: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventMark:
    """An event of the case as evidence: its number and its hash."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One submission and the opinions on it, in the words of one language."""

    language: str
    process: str
    step: str
    matter: str
    number: str
    status: str
    applicant: str
    organisation: str  # of who handed it in
    by: str
    at: datetime
    parts: tuple[FieldView, ...]
    outcome: str
    judges: bool  # it is itself an opinion on something
    opinions: tuple[Opinion, ...]
    made_from: EventMark
    opinions_to: EventMark
    for_himself: bool = False  # handed in by a natural person, who has no seal
    replaced_by: int | None = None  # the number of the record that corrected it

    @property
    def title(self) -> str:
        """The form's own title, else process and step."""
        first = self.parts[0] if self.parts else None
        if first is not None and first.kind == "heading":
            return first.label
        return self.words("title", process=self.process, step=self.step)

    def words(self, name: str, /, **facts: object) -> str:
        """A fixed text of the paper."""
        return WORDS[name].about(**facts).text(self.language)


def render(paper: Paper) -> bytes:
    """The Word file."""
    sheet = Sheet(_properties(paper))
    sheet.line(Line(paper.title, "title"))
    if paper.replaced_by is not None:
        sheet.line(Line(f"{MARK} {paper.words('superseded', number=paper.replaced_by)}", "warning"))
    form = sheet.grid(COLUMNS)
    form.row(_row([FieldView("field", paper.words("matter"), paper.matter)]))
    for cells in _rows(_head(paper)):
        form.row(cells)
    body = paper.parts[1:] if paper.parts and paper.parts[0].label == paper.title else paper.parts
    for part in _joined(body):
        form = _part(sheet, form, paper, part)
    _opinions(form, paper)
    if any(part.warning or part.marked for part in paper.parts):
        sheet.line(Line(paper.words("legend"), "small"))
    sheet.line(Line(paper.words("made_from", number=paper.made_from.sequence, hash=paper.made_from.hash), "small"))
    evidence = paper.words("evidence", hash=paper.made_from.hash[:12])
    sheet.footer(paper.number, evidence, paper.words("page", page="{}", pages="{}"))
    return sheet.content()


def _properties(paper: Paper) -> Properties:
    evidence = [paper.words("made_from", number=paper.made_from.sequence, hash=paper.made_from.hash)]
    if paper.opinions_to != paper.made_from:
        evidence.append(paper.words("all_opinions", number=paper.opinions_to.sequence, hash=paper.opinions_to.hash))
    language = "zh-CN" if paper.language == "zh" else "en-US"
    identifier = f"sha256:{paper.made_from.hash}"
    return Properties(paper.title, paper.by, paper.number, identifier, "\n".join(evidence), paper.at, language)


def _head(paper: Paper) -> list[FieldView]:
    facts = {
        "number": paper.number,
        "status": _status(paper),
        "own_place" if paper.for_himself else "organisation": paper.applicant,
        "by": paper.by,
        "at": f"{_day(paper.at, paper.language)} {paper.at.astimezone(LEGAL_ZONE):%H:%M}",
        "step": paper.step,
        "outcome": "" if paper.judges else paper.outcome,
    }
    return [FieldView("field", paper.words(name), value) for name, value in facts.items() if value]


def _status(paper: Paper) -> str:
    known = STATUS.get(paper.status)
    return known.text(paper.language) if known else paper.status


# -- the form ------------------------------------------------------------------------------------------------------


def _joined(parts: Sequence[FieldView]) -> Iterator[FieldView | list[FieldView]]:
    """The parts, neighbouring fields as one list."""
    for is_field, group in groupby(parts, key=lambda one: one.kind == "field"):
        if is_field:
            yield list(group)
        else:
            yield from group


def _part(sheet: Sheet, form: Grid, paper: Paper, part: FieldView | list[FieldView]) -> Grid:
    """Write one part; the table in which the next one goes on."""
    if isinstance(part, list):
        for cells in _rows(part):
            _write(form, cells)
    elif part.kind == "table" and len(part.columns) > (WIDEST_SHEET if part.sheet else WIDEST_GRID):
        _blocks(form, part, paper.words("list"))
    elif part.kind == "table":
        return _list(sheet, part)
    elif part.kind == "heading":
        form.row([_band(part.label, part.warning)], with_next=True)
    else:
        _write(form, [_value(part.value, part.warning, span=4)])
    return form


def _rows(fields: Sequence[FieldView]) -> Iterator[list[Cell]]:
    """Label and value: two short ones to a row, a long one in a row of its own."""
    waiting: list[FieldView] = []
    for one in fields:
        short = "\n" not in one.value and _width(one.value) <= SHORT
        if waiting and not (short and len(waiting) == 1):
            yield _row(waiting)
            waiting = []
        waiting.append(one)
        if not short:
            yield _row(waiting)
            waiting = []
    if waiting:
        yield _row(waiting)


def _row(fields: Sequence[FieldView]) -> list[Cell]:
    span = 1 if len(fields) > 1 else 3
    return [cell for one in fields for cell in (_label(one.label), _value(one.value, one.warning, span))]


def _blocks(form: Grid, table: FieldView, name: str) -> None:
    """A list whose rows hold much: each row with its number and its fields below it, on one page where they fit."""
    for number, row in enumerate(table.rows):
        warns = number in table.marked
        *fields, last = (FieldView("field", *cell) for cell in zip(table.columns, row, strict=True))
        filled = [one for one in (*fields, replace(last, warning=warns)) if one.value]
        rows = [[_band(f"{table.label or name} {number + 1}", warns)], *_rows(filled)]
        for cells in rows[:-1]:
            _write(form, cells, with_next=True)
        _write(form, rows[-1])


def _write(form: Grid, cells: Sequence[Cell], height: float = 0.75, with_next: bool = False) -> None:
    longest = max(_width(line.text) for cell in cells for line in cell.lines)
    form.row(cells, whole=longest < TORN, height=height, with_next=with_next)


def _list(sheet: Sheet, table: FieldView) -> Grid:
    """A list that is read across, in a table of its own with its head on top of every page."""
    grid = sheet.grid(_widths(table))
    if table.label:
        grid.row([_band(table.label, table.warning, len(table.columns))], repeated=True)
    small = len(table.columns) > WIDEST_GRID
    grid.row([_label(head, "smalllabel" if small else "label") for head in table.columns], repeated=True)
    looks = ("smallcell", "smallwarning") if small else ("cell", "warning")
    for number, row in enumerate(table.rows):
        _write(grid, [_value(text, number in table.marked, look=looks[0], loud=looks[1]) for text in row])
    return sheet.grid(COLUMNS)


def _widths(table: FieldView) -> list[float]:
    """Columns as wide as what stands in them asks for, none of them starved."""
    asked = [
        min(40, max(6, *(_width(line) for text in column for line in text.split("\n"))))
        for column in zip(table.columns, *table.rows, strict=True)
    ]
    return [WIDTH * one / sum(asked) for one in asked]


def _band(text: str, warning: bool, span: int = 4) -> Cell:
    return Cell((Line(f"{MARK} {text}" if warning else text, "band"),), span, "warning" if warning else "band")


def _label(text: str, look: str = "label") -> Cell:
    return Cell((Line(text, look),), 1, "label")


def _value(text: str, warning: bool, span: int = 1, look: str = "value", loud: str = "warning") -> Cell:
    if warning:
        return Cell((Line(f"{MARK} {text}", loud),), span, "warning")
    return Cell((Line(text or "—", look),), span)


def _width(text: str) -> int:
    """In half-width characters."""
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in text)


# -- opinions ------------------------------------------------------------------------------------------------------


def _opinions(form: Grid, paper: Paper) -> None:
    if not paper.judges:
        label, *signs = _PERSON if paper.for_himself else _OFFICE
        said = {"handler": paper.by, "seal": paper.organisation}
        lines = [*(paper.words(name, name=said.get(name, "")) for name in signs), _day(paper.at, paper.language)]
        box = Cell(tuple(Line(text, "sign") for text in lines), 3)
        _write(form, [_label(paper.words(label)), box], height=2.9)
    for one in paper.opinions:
        _write(form, [_label(paper.words("opinion", step=one.step)), Cell(tuple(_opinion(paper, one)), 3)], height=3.7)


def _opinion(paper: Paper, one: Opinion) -> Iterator[Line]:
    if one.outcome:
        yield Line(one.outcome, "strong")
    yield Line(one.text)
    yield Line("")
    yield Line(paper.words("handler", name=one.by or "　" * 6), "sign")
    yield Line(paper.words("seal", name=one.organisation), "sign")
    yield Line(_day(one.at, paper.language) if one.at else paper.words("undated"), "sign")


def _day(at: datetime, language: str) -> str:
    return dated(at.astimezone(LEGAL_ZONE)).text(language)
