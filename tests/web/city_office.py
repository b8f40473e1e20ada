"""A city's people at their desks: each finds what waits for him in 待办 and hands it in, over HTTP alone.

Knows pages and no process: what is filled in comes from the story that is played.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from openpyxl import load_workbook

from engine.desks.accounts import AccountDesk
from engine.trials.player import merged
from tests.house import CHEAP, build_house
from tests.web.office import Office
from tests.web.pages import JSON, told

_ROW = re.compile(r'<tr role="row">(.*?)</tr>', re.DOTALL)
_TASK = re.compile(r'href="/tasks/(\d+-\d+)')
_STEP = re.compile(r'<td role="cell" class="row-at"[^>]*>.*?</span>([^<]*)</td>', re.DOTALL)
_PLACE = re.compile(r'<td role="cell" class="row-place">([^<]*)</td>')
_FORM = re.compile(r'<script type="application/json" id="form-page">(.*?)</script>', re.DOTALL)
_PAPER = b"%PDF-1.4 a scan"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of 待办: the task, its step, and whose case it is."""

    task: str
    step: str
    place: str


class CityOffice:
    """The house with further people, and what they do at their desks."""

    def __init__(self, folder: Path, people: dict[str, list[tuple[str, str]]]) -> None:
        self.house = build_house(folder)
        self.office = Office(self.house)
        self._desks: dict[str, FlaskClient] = {}
        database = self.house.application.database
        desk = AccountDesk(database, self.house.clock, CHEAP)
        for login, roles in people.items():
            hashed = desk.hashed("correct horse battery", login)
            with database.write() as connection:
                number = desk.add(connection, None, login, login, hashed, must_change=False)
                for role, code in roles:
                    desk.give(connection, None, number, role, code)

    def page(self, login: str, address: str) -> str:
        answer = self._desk(login).get(address)
        assert answer.status_code == 200, (login, address, answer.text[-1500:])
        return str(answer.text)

    def waiting(self, login: str, step: str) -> list[Waiting]:
        """What waits for somebody at a step, by its name, when the background jobs have had their turn."""
        while self.house.application.worker.run_due():
            pass
        rows = (self._row(row) for row in _ROW.findall(self.page(login, "/tasks?sort=arrived")))
        return [row for row in rows if row is not None and row.step == step]

    @staticmethod
    def _row(row: str) -> Waiting | None:
        task, step, place = _TASK.search(row), _STEP.search(row), _PLACE.search(row)
        return Waiting(task[1], step[1].strip(), place[1]) if task and step and place else None

    def start(self, login: str, kind: str, organisation: str, **data: Any) -> str:
        """A case is begun; its id."""
        return str(self._post(login, f"/start/{kind}?organisation={organisation}", data=data)["case_id"])

    def complete(self, login: str, task: str, outcome: str, **data: Any) -> None:
        """Hand a task in as it is filled in."""
        self._post(login, f"/tasks/{task}", data=data, outcome=outcome)

    def fill_in(self, login: str, task: str, outcome: str, **data: Any) -> None:
        """Open the task's page, fill in what it does not hold yet, and hand it in."""
        self.complete(login, task, outcome, **merged(self.form(login, task), data))

    def form(self, login: str, task: str) -> dict[str, Any]:
        """What stands in a task's form when its page is opened."""
        found = _FORM.search(self.page(login, f"/tasks/{task}"))
        assert found
        values: dict[str, Any] = json.loads(unescape(found[1]))["values"]
        return values

    def attach(self, login: str, task: str) -> str:
        """A paper for the case of a task; its digest."""
        file = {"file": (io.BytesIO(_PAPER + task.encode()), "扫描件.pdf")}
        answer = self._desk(login).post(f"/cases/{task.partition('-')[0]}/files", data=file, headers=JSON)
        assert answer.status_code == 200, answer.text
        return str(told(answer)["digests"][0])

    def secret(self, login: str, task: str, door: str, **fields: str) -> None:
        """Make a share of a key, or open with two of them."""
        answer = self._desk(login).post(f"/tasks/{task}/{door}", data=fields, headers=JSON)
        assert answer.status_code == 200, answer.text

    def printed(self, login: str, task: str) -> str:
        """The recovery code that a page offers."""
        found = re.search(r'name="secret" value="([^"]+)"', self.page(login, f"/tasks/{task}"))
        assert found
        return unescape(found[1])

    def records(self, login: str, register: str) -> list[dict[str, str]]:
        """A register as it is saved as an Excel file, by the titles of its columns."""
        answer = self._desk(login).get(f"/registers/{register}/export.xlsx")
        assert answer.status_code == 200
        sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
        heads = next(row for row in rows if all(row))
        after = rows[rows.index(heads) + 1 :]
        return [dict(zip(map(str, heads), map(str, row), strict=True)) for row in after]

    def _post(self, login: str, address: str, **words: Any) -> dict[str, Any]:
        answer = self._desk(login).post(address, json=words, headers=JSON)
        assert answer.status_code == 200, (address, answer.text)
        found: dict[str, Any] = told(answer)
        return found

    def _desk(self, login: str) -> FlaskClient:
        self.office.someone = login
        if login not in self._desks:
            self._desks[login] = self.office.app.test_client()
        return self._desks[login]
