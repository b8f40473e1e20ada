"""Many tasks in one go (批量办理): what was chosen, what would happen, how it goes. Knows no rule and no list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from engine.errors import BadInput
from engine.forms.guard import parse
from engine.views import CaseFilters, InboxFilters
from engine.views.bulks import BulkChoice, BulkGroup, Picked, Wanted
from engine.views.deadlines import RunningFilters
from web.cases.filters import read_query
from web.cases.running import read_query as read_running
from web.cases.visible_query import read_query as read_cases
from web.common.context import actor, application
from web.common.i18n import own_path, pick
from web.common.returning import asked_by, list_at
from web.common.words import say

pages = Blueprint("bulk_pages", __name__)
LARGEST: Final = 2**31 - 1
MOST_GROUPS: Final = 100
NO_OUTCOME: Final = "-"
"""Stands for handing in, where a step has no outcomes."""
URGE: Final = "urge"
VERBS: Final = {
    "complete": lazy_gettext("批量办理"),
    "claim": lazy_gettext("批量签收"),
    "release": lazy_gettext("批量取消签收"),
    "forward": lazy_gettext("批量转办"),
    URGE: lazy_gettext("批量催办"),
}
STANDINGS: Final = {
    "waiting": ("", lazy_gettext("等待办理")),
    "done": ("green", lazy_gettext("已办")),
    "refused": ("amber", lazy_gettext("没有办理")),
    "failed": ("red", lazy_gettext("出错")),
    "stopped": ("", lazy_gettext("已停止，没有办理")),
}
"""How one of the tasks stands."""
SECONDS: Final = 3.0
"""That a request tries tasks: with more of them the page asks again."""
CHOICELESS: Final = frozenset({"claim", "release", URGE})
"""Verbs at which there is nothing to choose: what would happen is shown at once."""


@dataclass(frozen=True, slots=True)
class AlikeTasks:
    """The tasks of one group of which the same is said: what would happen, or why not."""

    said: str
    tasks: tuple[tuple[str, str, str], ...]  # (what is handed in for it, the number and the title of its case)


Sides = tuple[list[AlikeTasks], list[AlikeTasks]]
"""Of a group: what would go through, and what not."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would happen so far. ``left``: how many were not tried yet; ``known``: all of it, to be handed in again."""

    groups: list[Sides]
    left: int
    known: str

    def count(self, side: int) -> int:
        """How many tasks stand on a side."""
        return sum(len(one.tasks) for sides in self.groups for one in sides[side])


@pages.post("/bulk/choose")
def choose() -> ResponseReturnValue:
    """What was chosen in a list, by what is to be answered. Nothing is done yet."""
    form, verb = request.form, _verb()
    desk, back = application().bulks, own_path(form.get("list", ""))
    if form.get("all") and verb == URGE:
        choice = desk.choose_to_urge(actor(), _asked_in(back))
    elif form.get("all"):
        choice = desk.choose_all(actor(), read_query(asked_by(back)).filters)
    else:
        choice = desk.choose(actor(), [one for of_row in form.getlist("task") for one in of_row.split()], verb)
    told = _rehearsed(choice, verb, [Wanted()] * len(choice.groups)) if verb in CHOICELESS else None
    return _page(choice, verb, back, told)


def _asked_in(list_shown: str) -> CaseFilters | InboxFilters | RunningFilters:
    """What the list was asked for in which all are urged."""
    asked, where = asked_by(list_shown), list_at(list_shown)
    if where == "running_pages.deadlines":
        return read_running(asked)
    return read_query(asked).filters if where == "inbox_pages.inbox" else read_cases(asked)


@pages.post("/bulk/rehearse")
def rehearse() -> ResponseReturnValue:
    """What would happen with what is chosen so far, task by task, and why not. Nothing is done yet."""
    verb, parts = _verb(), _parts()
    tasks = [request.form.get(f"tasks:{part}", "").split() for part in range(len(parts))]
    ids = [one.rpartition(":")[0] for listed in tasks for one in listed]
    choice = application().bulks.choose(actor(), ids, verb)
    return _page(choice, verb, own_path(request.form.get("list", "")), _rehearsed(choice, verb, parts, tasks), parts)


@pages.post("/bulk")
def begin() -> ResponseReturnValue:
    """Have it done with those that were rehearsed and left ticked; the page tells how it goes."""
    picked = [_picked(part, rest) for part, _, rest in (one.partition(":") for one in request.form.getlist("go"))]
    number = application().bulks.begin(actor(), _verb(), _parts(), picked)
    return redirect(_address(number), code=303)


@pages.get("/bulk")
def all_of_them() -> str:
    """What this person has handled in one go, the newest first."""
    return render_template("bulk/all.html", found=application().bulks.latest(actor()), verbs=VERBS)


@pages.get(f"/bulk/<int(max={LARGEST}):number>")
def one(number: int) -> str:
    """How it goes, task by task; only that part when the page asks for it again."""
    view = application().bulks.page(actor(), number)
    template = "bulk/_state.html" if request.headers.get("HX-Request") == "true" else "bulk/one.html"
    back = own_path(request.args.get("list", "")) or url_for("inbox_pages.inbox")
    return render_template(template, view=view, verbs=VERBS, standings=STANDINGS, list=back)


@pages.post(f"/bulk/<int(max={LARGEST}):number>/stop")
def stop(number: int) -> ResponseReturnValue:
    """Leave the rest alone."""
    application().bulks.stop(actor(), number)
    flash(gettext("已停止，其余的没有办理。"), "info")
    return redirect(_address(number), code=303)


def _address(number: int) -> str:
    return url_for("bulk_pages.one", number=number, list=own_path(request.form.get("list", "")) or None)


def _page(choice: BulkChoice, verb: str, back: str, told: Rehearsal | None, parts: Sequence[Wanted] = ()) -> str:
    """The choice with what would happen; by itself where it goes into a page that stands open."""
    part = request.headers.get("X-Part", "")
    template = {"choice": "bulk/_choice.html", "told": "bulk/_told.html"}.get(part, "bulk/choose.html")
    people = _people(choice) if verb == "forward" else {}
    return render_template(
        template, choice=choice, verb=verb, verbs=VERBS, list=back, told=told, parts=parts, people=people,
        no_outcome=NO_OUTCOME, words=request.form.get("words", ""),
    )  # fmt: skip


def _people(choice: BulkChoice) -> dict[int, Any]:
    """Of each group those whom one may give its tasks, as its first task says."""
    reading = application().cases.verb_reading
    return {
        number: reading.people(actor(), group.tasks[0].task_id, "forward")
        for number, group in enumerate(choice.groups)
        if group.tasks
    }


def _rehearsed(
    choice: BulkChoice, verb: str, parts: Sequence[Wanted], tasks: Sequence[Sequence[str]] | None = None
) -> Rehearsal | None:
    """Of each group what would go through and what not, by what is said of it; None while nothing is chosen.

    No request takes long: what was not tried in its seconds is tried in the next one, which brings along what is known.
    """
    seen = [_picked(str(part), one) for part, listed in enumerate(tasks or ()) for one in listed]
    if tasks is None:
        seen = [
            Picked(task.task_id, task.revision, part)
            for part, group in enumerate(choice.groups)
            for task in group.tasks
        ]
    picked = [one for one in seen if one.part < len(parts) and _chosen(verb, parts[one.part], one.part)]
    if not picked:
        return None
    known = _known() if "more" in request.form else {}
    left = [one for one in picked if _key(one) not in known]
    for one in application().bulks.rehearse(actor(), verb, parts, left, SECONDS) if left else ():
        known[_key(one.picked)] = (one.passes, pick(one.said))
    tried = [one for one in picked if _key(one) in known]
    groups = [_told(group, [one for one in tried if one.part == n], known) for n, group in enumerate(choice.groups)]
    return Rehearsal(groups, len(picked) - len(tried), json.dumps(known, ensure_ascii=False))


def _chosen(verb: str, wanted: Wanted, part: int) -> bool:
    if verb == "complete":
        return bool(request.form.get(f"outcome:{part}"))
    return verb != "forward" or bool(wanted.people)


def _key(one: Picked) -> str:
    return f"{one.part}:{one.task_id}:{one.revision}"


def _known() -> dict[str, tuple[bool, str]]:
    """What the page knows already of what would happen; nothing where it makes no sense."""
    try:
        found = parse(request.form.get("known", "").encode())
        return {str(key): (bool(passes), str(said)) for key, (passes, said) in dict(found).items()}
    except (BadInput, ValueError, TypeError):
        return {}


def _told(group: BulkGroup, tried: Sequence[Picked], known: Mapping[str, tuple[bool, str]]) -> Sides:
    named = {task.task_id: (task.number, task.title) for task in group.tasks}
    sides: tuple[dict[str, list[tuple[str, str, str]]], dict[str, list[tuple[str, str, str]]]] = ({}, {})
    for one in tried:
        passes, said = known[_key(one)]
        sides[0 if passes else 1].setdefault(said, []).append((_key(one), *named.get(one.task_id, ("", ""))))
    passing, not_passing = ([AlikeTasks(said, tuple(tasks)) for said, tasks in side.items()] for side in sides)
    return passing, not_passing


def _verb() -> str:
    """Raises BadInput."""
    verb = request.form.get("verb", "complete")
    if verb not in VERBS:
        raise BadInput(field=say("操作"), reason=say("请重新选择"))
    return verb


def _parts() -> list[Wanted]:
    """What is asked for each group. Raises BadInput."""
    form, count = request.form, _whole(request.form.get("groups", "1"))
    if count > MOST_GROUPS:
        raise BadInput(field=say("所选任务"), reason=say("种类太多，请分几次选择"))
    return [_wanted(str(part), form.get("words", "")) for part in range(count)]


def _wanted(part: str, words: str) -> Wanted:
    form, start = request.form, f"field:{part}:"
    outcome = form.get(f"outcome:{part}", "")
    return Wanted(
        outcome="" if outcome == NO_OUTCOME else outcome,
        words=form.get(f"words:{part}", "").strip() or words,
        return_to=form.get(f"return_to:{part}", ""),
        data={name.removeprefix(start): value for name, value in form.items() if name.startswith(start)},
        people=tuple(_whole(one) for one in form.getlist(f"people:{part}")[:1]),
    )


def _picked(part: str, text: str) -> Picked:
    task_id, _, revision = text.rpartition(":")
    return Picked(task_id, _whole(revision), _whole(part))


def _whole(text: str) -> int:
    """Raises BadInput for what is no number."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadInput(field=say("所选任务"), reason=say("请重新选择"))
    return int(text)


def init_bulk(app: Flask) -> None:
    """What lists need to lead to what is being done."""
    app.jinja_env.globals.update(bulk_running=lambda: application().bulks.running(actor()))
