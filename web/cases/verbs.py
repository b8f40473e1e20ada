"""What people do with a task beside deciding: pass it on, delegate, sign together, ask, copy, urge. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from markupsafe import escape

from engine.errors import BadInput
from engine.views.verbs import TaskVerbs
from web.common.context import actor, application
from web.common.returning import came_from, next_like
from web.common.words import say

pages = Blueprint("verb_pages", __name__)
KINDS: Mapping[str, object] = {
    "forward": lazy_gettext("转办"),
    "delegate": lazy_gettext("委派"),
    "before": lazy_gettext("前加签"),
    "beside": lazy_gettext("并加签"),
    "after": lazy_gettext("后加签"),
    "ask": lazy_gettext("沟通"),
    "copy": lazy_gettext("抄送"),
    "come_back": lazy_gettext("已答复"),
}
"""How somebody is brought into a task, as pages call it."""
STANDINGS = {
    "waiting": lazy_gettext("未轮到"),
    "open": lazy_gettext("待答复"),
    "done": lazy_gettext("已答复"),
    "removed": lazy_gettext("已减签"),
    "lapsed": lazy_gettext("已失效"),
}
"""How it stands with one of them."""
SAID: Mapping[str, object] = {
    "forward": lazy_gettext("已转办。"),
    "delegate": lazy_gettext("已委派，对方给出意见后交回给您。"),
    "before": lazy_gettext("已请对方签署，签署后由您办理。"),
    "beside": lazy_gettext("已请对方签署。"),
    "after": lazy_gettext("已请对方在您办理后签署。"),
    "ask": lazy_gettext("问题已发出，您可以照常办理。"),
}
"""What follows, told to whoever has done it."""
LETS_GO = frozenset({"forward", "delegate", "before"})
"""After these somebody else has the task."""


@pages.get("/tasks/<task_id>/people")
def people(task_id: str) -> str:
    """Those whom one may choose for a verb, of many those that the words find: a part of the page of the task."""
    verb = request.args.get("verb", "")
    found = application().cases.verb_reading.people(actor(), task_id, verb, request.args.get("q", "")[:100])
    return render_template("cases/_people.html", people=found, one=verb in ("forward", "delegate"))


@pages.post("/tasks/<task_id>/people")
def involve(task_id: str) -> ResponseReturnValue:
    """Bring people into the task, in one of the ways."""
    kind = request.form.get("kind", "")
    application().cases.verbs.involve(actor(), task_id, kind, _chosen(), request.form.get("reason", ""))
    if kind in LETS_GO:
        return _to_the_list(task_id, str(SAID[kind]))
    flash(str(SAID[kind]), "success")
    return _to_task(task_id)


@pages.post("/tasks/<task_id>/copies")
def copy(task_id: str) -> ResponseReturnValue:
    """Let people read the case."""
    application().cases.verbs.copy(actor(), task_id, _chosen(), request.form.get("reason", ""))
    flash(gettext("已抄送。"), "success")
    return _to_task(task_id)


@pages.post("/tasks/<task_id>/urge")
def urge(task_id: str) -> ResponseReturnValue:
    """Urge those whose turn it is."""
    application().cases.verbs.urge(actor(), task_id, request.form.get("reason", ""))
    flash(gettext("已催办，对方会收到消息。"), "success")
    return redirect(url_for("case_pages.case", case_id=task_id.partition("-")[0]), code=303)


@pages.post("/tasks/<task_id>/people/<involvement>/answer")
def answer(task_id: str, involvement: str) -> ResponseReturnValue:
    """Answer where it is one's turn."""
    form = request.form
    application().cases.answering.answer(actor(), involvement, form.get("answer", ""), form.get("opinion", ""))
    return _to_the_list(task_id, gettext("已答复。"))


@pages.post("/tasks/<task_id>/people/<involvement>/remove")
def remove(task_id: str, involvement: str) -> ResponseReturnValue:
    """Take somebody out again who has not yet answered."""
    application().cases.answering.remove(actor(), involvement, request.form.get("reason", ""))
    flash(gettext("已减签。"), "success")
    return _to_task(task_id)


@pages.post("/cases/<case_id>/take-back")
def take_back(case_id: str) -> ResponseReturnValue:
    """Undo one's own last act while nothing followed."""
    application().taking_back.take_back(actor(), case_id, request.form.get("reason", ""))
    flash(gettext("已撤回，事项恢复到您操作之前。"), "success")
    return redirect(url_for("case_pages.case", case_id=case_id), code=303)


def _to_the_list(task_id: str, said: str) -> ResponseReturnValue:
    flash(escape(said) + next_like(task_id), "success")
    return redirect(came_from() or url_for("inbox_pages.inbox"), code=303)


def _to_task(task_id: str) -> ResponseReturnValue:
    return redirect(url_for("task_pages.task", task_id=task_id), code=303)


def _chosen() -> list[int]:
    """The people who were chosen. Raises BadInput."""
    found = request.form.getlist("people")
    if any(not one.isascii() or not one.isdigit() or len(one) > 9 for one in found) or len(found) > 200:
        raise BadInput(field=say("人员"), reason=say("请重新选择"))
    return [int(one) for one in found]


def _verbs_of(task_id: str) -> TaskVerbs:
    return application().cases.verb_reading.of_task(actor(), task_id)


def init_verbs(app: Flask) -> None:
    """What the templates of a task and of lists need beside their view."""
    app.jinja_env.globals.update(
        verb_kinds=KINDS, verb_standings=STANDINGS, verbs_of=_verbs_of,
        may_take_back=lambda case_id: application().taking_back.may(actor(), case_id),
    )  # fmt: skip
