"""A sheet of a form going out as a workbook and coming in filled in: what it says is told, nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.cases.access import must_act
from engine.cases.base import Parts, seen_at, task_and_case
from engine.cases.filling import Filling, fields_of, standing, start_filling, task_filling
from engine.directory.actors import Actor
from engine.errors import NotFound
from engine.files.sheets import read_sheet
from engine.files.table import Sheet
from engine.forms.display import Display
from engine.forms.expressions import Evaluator
from engine.forms.filled import Filled, TableReader, filled_cells
from engine.forms.guard import check_shape
from engine.forms.model import CHOICES, Field, spell
from engine.forms.options import OptionSet
from engine.forms.sheet import columns
from engine.views import SheetColumn, SheetRead, SheetRow, SheetTable
from engine.words import say


@dataclass(frozen=True, slots=True)
class Opened:
    """Where a form is filled in: a task, or the start of a kind of case (``key``) for an organisation (``code``)."""

    task_id: str = ""
    key: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class SheetReading:
    """Sheets of tasks and of start forms."""

    parts: Parts

    def table(self, actor: Actor, place: Opened, name: str, data: Mapping[str, Any]) -> SheetTable:
        """The sheet as somebody has it before him. Raises NotAllowed, NotFound, BadInput."""
        filling, sheet, _, kept = self._opened(actor, place, name, data)
        offered = filling.form.offered(sheet, kept, filling.context, filling.environment)
        display = Display("zh", filling.context, Evaluator(filling.environment), {})
        shown = columns(sheet)
        rows = tuple(
            tuple(_cell(one, row.get(one.path[0]), offered.get(one.id), display) for one in shown)
            for row in _rows(kept, name)
        )
        return SheetTable(sheet.label, tuple(_column(one, offered.get(one.id)) for one in shown), rows)

    def read(self, actor: Actor, place: Opened, name: str, data: Mapping[str, Any], content: bytes) -> SheetRead:
        """What a workbook (or CSV) says of the sheet: all of it can be taken over, or all that is wrong is told.

        Raises SheetUnreadable beside what ``table`` raises.
        """
        filling, sheet, before, kept = self._opened(actor, place, name, data)
        table = read_sheet(content)
        offered = filling.form.offered(sheet, kept, filling.context, filling.environment)
        rows = _rows(kept, name)
        found = TableReader(sheet, rows, offered).read(table)
        if not found.wrong:
            _judge(filling, before, kept, name, found, table)
        taken = () if found.wrong else tuple(SheetRow(row.index, row.data) for row in found.rows)
        wrong = tuple((one.where, one.value, one.what) for one in found.wrong)
        return SheetRead(taken, wrong, tuple(found.notes))

    def _opened(
        self, actor: Actor, place: Opened, name: str, data: Mapping[str, Any]
    ) -> tuple[Filling, Field, Mapping[str, Any], Mapping[str, Any]]:
        """The form, its sheet, what stood before anybody typed, and the data with all that is derived."""
        with self.parts.database.read() as connection:
            before: Mapping[str, Any] = {}
            if place.task_id:
                task, case = task_and_case(connection, place.task_id)
                must_act(self.parts, connection, actor, task, case)
                variables = seen_at(connection, case, task)
                before = standing(variables, self.parts.definition(connection, case).elements[task["element"]])
                filling = task_filling(self.parts, connection, task, case, variables)
            else:
                filling = start_filling(self.parts, connection, actor, place.key, place.code)
            sheet = filling.form.sheets.get(name) if filling is not None else None
            if filling is None or sheet is None:
                raise NotFound(what=say("这张表"))
            given = fields_of(check_shape(data))
            checked = filling.form.check(
                given, initial=before, context=filling.context, environment=filling.environment
            )
            return filling, sheet, before, checked.data


def _rows(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = data.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _judge(
    filling: Filling, before: Mapping[str, Any], data: Mapping[str, Any], name: str, found: Filled, table: Sheet
) -> None:
    """What the form itself says of the cells that the file fills in; what is still missing there is no fault of it."""
    rows = [dict(row) for row in _rows(data, name)]
    places: dict[int, int] = {}  # by line of the file the row of the sheet
    for row in found.rows:
        at = row.index if row.index is not None else len(rows)
        rows[at : at + 1] = [{**(rows[at] if at < len(rows) else {}), **row.data}]
        places[row.line] = at
    merged = {**data, name: rows}
    errors = filling.form.check(merged, initial=before, context=filling.context, environment=filling.environment).errors
    sheet = filling.form.sheets[name]
    if len(rows) > sheet.rules.max_rows:
        found.refuse(sheet.label, "", say("不得超过{count}行", count=sheet.rules.max_rows))
    headings = {one.path[0]: one.label for one in columns(sheet)}
    for row, key in filled_cells(found.rows):
        what = errors.get(spell((name, places[row.line], key)))
        if what is not None:
            found.refuse(table.place(row.line, found.at.get(key), headings[key]), str(row.data[key]), what)


def _column(column: Field, offered: OptionSet | None) -> SheetColumn:
    kinds = {"number": "text" if column.as_text else "number", "checkbox": "tick"}
    kind = kinds.get(column.type, "text")
    if column.type == "datetime":
        kind = {"date": "date", "time": "text"}.get(column.subtype, "moment")
    choices: tuple[str, ...] = ()
    if column.type in CHOICES:
        kind, choices = "choice", tuple(one.label[0] for one in (offered.options if offered else ()))
    return SheetColumn(column.label, kind, column.fixed, column.rules.digits, choices)


def _cell(column: Field, value: Any, offered: OptionSet | None, display: Display) -> Any:
    """A value for a workbook: a number or a truth as it is, all else in words."""
    if value is None or value == "" or isinstance(value, bool | int | float | Decimal):
        return value
    if column.type in CHOICES:
        option = offered.find(value) if offered else None
        return option.label[0] if option else display.plain(value)
    return value if isinstance(value, str) else display.plain(value)
