"""The deadlines of a case as its tab shows them, and what other pages show of deadlines. Knows no rule of counting."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, g, render_template, request, url_for
from flask_babel import lazy_gettext

from engine.cases import event_types as events
from engine.files.uploads import KINDS
from engine.views import CaseView, HistoryAsked
from engine.views.deadlines import TaskDeadline
from web.calendar.parts import today
from web.cases.ledgers import ENDED, LOOKS, MARKS, days_of, end_of, facts_of, lines_of, standing
from web.common.context import actor, application

ACTS = {
    "suspend": lazy_gettext("中止期限"),
    "resume": lazy_gettext("恢复计算"),
    "extend": lazy_gettext("延长期限"),
}


SHOWN = 20
"""Deadlines that have ended, on a page."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an act on a deadline. ``field`` is empty when it is no field's fault."""

    task_id: str
    act: str
    field: str
    words: str


def case_page(case_id: str, wrong: Wrong | None = None) -> str:
    """The tab of a case that shows its deadlines: those that run first, then the latest of the others."""
    cases = application().cases
    asked = HistoryAsked(names=events.DEADLINES | {events.TASK_COMPLETED})
    view: CaseView = cases.reading.case(actor(), case_id, asked)
    found: tuple[TaskDeadline, ...] = cases.ledgers.of_case(actor(), case_id, SHOWN)
    ended = [one for one in reversed(found) if one.status in ENDED]
    return render_template(
        "deadlines/case.html",
        case=view,
        tab="deadlines",
        deadlines=[one for one in found if one.status not in ENDED] + ended,
        wrong=wrong,
        typed=request.form if wrong else {},
        counted_times=cases.ledgers.times(actor(), case_id),
        kinds=",".join(KINDS),
        today=today(),
        acts=ACTS,
        marks=MARKS,
        days_of=days_of,
        lines_of=lines_of,
        end_of=end_of,
    )


def late_deadlines() -> int:
    """How many are late in the reader's part of the tree; asked once a request."""
    if "late_deadlines" not in g:
        g.late_deadlines = application().cases.ledgers.late(actor())
    return int(g.late_deadlines)


def ledger_address(case_id: str, task_id: str, back: str | None = None) -> str:
    """Where the ledger of a task's deadline is shown; ``back``: the list from which it is opened."""
    anchor = f"deadline-{task_id}"
    return url_for("case_pages.case", case_id=case_id, tab="deadlines", back=back, _anchor=anchor)


def init_deadlines(app: Flask) -> None:
    """What templates of other pages show of deadlines."""
    app.jinja_env.globals.update(
        deadline_facts=facts_of,
        deadline_looks=LOOKS,
        late_deadlines=late_deadlines,
        ledger_address=ledger_address,
        standing=standing,
    )
