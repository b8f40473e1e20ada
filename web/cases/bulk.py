"""Many tasks in one go (批量办理): what was chosen, what would happen, how it goes. Knows no rule and no list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from engine.errors import BadInput
from engine.views.bulks import BulkChoice, BulkGroup, Picked, Rehearsed, Wanted
from web.cases.filters import read_query
from web.common.context import actor, application
from web.common.i18n import own_path, pick
from web.common.words import say

pages = Blueprint("bulk_pages", __name__)
LARGEST: Final = 2**31 - 1
MOST_GROUPS: Final = 100
NO_OUTCOME: Final = "-"
"""Stands for handing in, where a step has no outcomes."""
VERBS: Final = {
    "complete": lazy_gettext("批量办理"),
    "claim": lazy_gettext("批量签收"),
    "release": lazy_gettext("批量取消签收"),
    "forward": lazy_gettext("批量转办"),
}
STANDINGS: Final = {
    "waiting": ("", lazy_gettext("等待办理")),
    "done": ("green", lazy_gettext("已办")),
    "refused": ("amber", lazy_gettext("没有办理")),
    "failed": ("red", lazy_gettext("出错")),
    "stopped": ("", lazy_gettext("已停止，没有办理")),
}
"""How one of the tasks stands."""
CHOICELESS: Final = frozenset({"claim", "release"})
"""Verbs at which there is nothing to choose: what would happen is shown at once."""


@dataclass(frozen=True, slots=True)
class AlikeTasks:
    """The tasks of one group of which the same is said: what would happen, or why not."""

    said: str
    tasks: tuple[tuple[str, str, str], ...]  # (what is handed in for it, the number and the title of its case)


@pages.post("/bulk/choose")
def choose() -> ResponseReturnValue:
    """What was chosen in a list, by what is to be answered. Nothing is done yet."""
    form, verb = request.form, _verb()
    desk, back = application().bulks, own_path(form.get("list", ""))
    if form.get("all"):
        asked = read_query(dict(parse_qsl(urlsplit(back).query)))
        choice = desk.choose_all(actor(), asked.filters)
    else:
        choice = desk.choose(actor(), form.getlist("task"))
    told = _rehearsed(choice, verb, [Wanted()] * len(choice.groups)) if verb in CHOICELESS else None
    return _page(choice, verb, back, told)


@pages.post("/bulk/rehearse")
def rehearse() -> ResponseReturnValue:
    """What would happen with what is chosen so far, task by task, and why not. Nothing is done yet."""
    verb, parts = _verb(), _parts()
    tasks = [request.form.get(f"tasks:{part}", "").split() for part in range(len(parts))]
    choice = application().bulks.choose(actor(), [one.rpartition(":")[0] for listed in tasks for one in listed])
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


def _page(
    choice: BulkChoice, verb: str, back: str, told: list[tuple[list[AlikeTasks], list[AlikeTasks]]] | None,
    parts: Sequence[Wanted] = (),
) -> str:  # fmt: skip
    """The choice with what would happen; by itself where it goes into a page that stands open."""
    part = request.headers.get("X-Part", "")
    template = {"choice": "bulk/_choice.html", "told": "bulk/_told.html"}.get(part, "bulk/choose.html")
    people = _people(choice) if verb == "forward" else {}
    ready, refused = (sum(len(one.tasks) for sides in told or () for one in sides[side]) for side in (0, 1))
    return render_template(
        template, choice=choice, verb=verb, verbs=VERBS, list=back, told=told, ready=ready, refused=refused,
        parts=parts, people=people, no_outcome=NO_OUTCOME, words=request.form.get("words", ""),
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
) -> list[tuple[list[AlikeTasks], list[AlikeTasks]]] | None:
    """Of each group what would go through and what not, by what is said of it; None while nothing is chosen."""
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
    found = application().bulks.rehearse(actor(), verb, parts, picked)
    return [_told(group, [one for one in found if one.picked.part == n]) for n, group in enumerate(choice.groups)]


def _chosen(verb: str, wanted: Wanted, part: int) -> bool:
    if verb == "complete":
        return bool(request.form.get(f"outcome:{part}"))
    return verb != "forward" or bool(wanted.people)


def _told(group: BulkGroup, found: Sequence[Rehearsed]) -> tuple[list[AlikeTasks], list[AlikeTasks]]:
    named = {task.task_id: (task.number, task.title) for task in group.tasks}
    sides: tuple[dict[str, list[tuple[str, str, str]]], dict[str, list[tuple[str, str, str]]]] = ({}, {})
    for one in found:
        key = f"{one.picked.part}:{one.picked.task_id}:{one.picked.revision}"
        line = (key, *named.get(one.picked.task_id, ("", "")))
        sides[0 if one.passes else 1].setdefault(pick(one.said), []).append(line)
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
