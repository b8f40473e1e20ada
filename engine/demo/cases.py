"""Plays the demo's cases: through the same door as everybody, on past days. Knows no process; they are data.

Only into a database that has no case yet, so a second start changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.application import Application, Settings, open_application
from engine.demo.walks import Act, Proposes, Walk, Walks, acts, laid_over, read, told
from engine.directory import actors
from engine.directory.actors import Actor
from engine.sealing.codes import new_code
from engine.shipped import DATA
from storage import accounts as account_rows
from storage import cases as rows
from storage import records

CASES = DATA / "demo_cases.toml"
PRINTED = "printed"
_MAIN, _PAGE = "process.bpmn", "demo"
_PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""An empty page: the scan of a paper that nobody signed."""


@dataclass
class _Past:
    """A clock that stands where it is put."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def load_cases(settings: Settings, now: datetime, path: Path = CASES) -> int:
    """Play every walk of the file; how many there are, each a case. None where there are cases already.

    Raises what the acts themselves raise: a demo that does not fit the definitions is a mistake to be seen.
    """
    past = _Past(now)
    application = open_application(settings, past)
    with application.database.read() as connection:
        if rows.case_ids(connection):
            return 0
    walks = read(path)
    playing = _Playing(application, walks, now)
    for act in acts(walks, now):
        past.at = act.at
        try:
            playing.play(act)
        except Exception as error:
            error.add_note(f"walk {act.walk} ({walks['walk'][act.walk]['key']}), {act.by}: {act.outcome or 'start'}")
            raise
        while application.worker.run_due():
            pass
    application.database.close()
    return len(playing.cases)


@dataclass
class _Playing:
    """The walks while they are played. ``cases``: the case of each walk."""

    application: Application
    walks: Walks
    now: datetime
    cases: dict[int, str] = field(default_factory=dict)

    def play(self, act: Act) -> None:
        """One act."""
        actor = self._actor(act.by)
        walk, said = self.walks["walk"][act.walk], told(act.data, act, self.now, self._newest)
        if act.outcome is None:
            if "proposes" in walk:
                self._propose(actor, walk["proposes"])
            acting = self.application.cases.acting
            self.cases[act.walk] = acting.start(actor, walk["key"], walk["organisation"], said).case_id
            return
        case_id = self.cases.setdefault(act.walk, "") or self._opened(walk)
        self.cases[act.walk] = case_id
        task = next(task.id for task in self.application.cases.reading.case(actor, case_id).tasks if task.mine)
        self._complete(actor, task, act, said)

    def _propose(self, actor: Actor, said: Proposes) -> None:
        workshop = self.application.workshop
        number = workshop.beginning.copy(actor, said["process"], 1)
        opened = workshop.editing.edit(actor, number, _PAGE)
        changed = opened.diagrams[_MAIN].replace(said["before"], said["after"]).encode()
        workshop.editing.save(actor, number, (opened.revision, _PAGE), {_MAIN: changed})
        workshop.editing.leave(actor, number, _PAGE)
        workshop.proposing.propose(actor, number)

    def _complete(self, actor: Actor, task: str, act: Act, said: dict[str, Any]) -> None:
        cases, outcome = self.application.cases, act.outcome or ""
        if act.sealed:
            cases.sealed_handing.hand_in(actor, task, said, [], outcome)
        elif act.secret:
            secret = new_code() if act.secret == PRINTED else act.secret
            cases.unsealing.share(actor, task, secret, secret, {}, outcome)
        elif act.secrets:
            cases.unsealing.unseal(actor, task, dict(enumerate(act.secrets)), {}, outcome)
        else:
            form = cases.reading.task(actor, task).form
            values = dict(form.values) if form else {}
            for name, file in act.papers.items():
                values[name] = cases.acting.attach(actor, self.cases[act.walk], file, _PAPER).digest
            cases.acting.complete(actor, task, laid_over(values, said), outcome)

    def _actor(self, login: str) -> Actor:
        with self.application.database.read() as connection:
            row = account_rows.user_by_login(connection, login)
            if row is None:
                raise LookupError(login)
            return actors.of_row(connection, row, self.now)  # the demo's people got their roles today

    def _opened(self, walk: Walk) -> str:
        """The case that another one has opened for this walk: the newest of its kind there."""
        with self.application.database.read() as connection:
            found = [row for case_id in rows.case_ids(connection) if (row := rows.get(connection, case_id))]
        wanted = walk["key"], walk["organisation"]
        return str(max(row["id"] for row in found if (row["key"], row["organisation_code"]) == wanted))

    def _newest(self, register: str, organisation: str) -> str:
        with self.application.database.read() as connection:
            found = [
                row for row in records.in_force(connection, register) if row["data"]["organisation"] == organisation
            ]
        return max(found, key=lambda row: (row["case_id"], row["number"]))["number"]
