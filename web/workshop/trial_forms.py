"""The forms of a trial: somebody starts a case or completes a task, on the real form. Knows no rule.

The form is drawn and checked as on the page of a task; what is asked is asked of the process of the trial.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import InvalidForm
from engine.trials import told
from engine.trials.requests import Beginner
from engine.trials.session import TrialSession
from engine.trials.shapes import Step
from engine.views import Checked, StartView, TaskView
from engine.views.verbs import TaskVerbs
from web.cases.form_page import checked_json, form_page
from web.cases.handed_in import HandedIn, handed_in
from web.common.errors import field_errors, wants_json
from web.common.once import new_key
from web.workshop.trials import TRIAL
from web.workshop.trying import session_of

pages = Blueprint("trial_form_pages", __name__, url_prefix="/workshop")
DOES: Final = {"": "complete", "sealed": "hand_in", "share": "share", "unseal": "unseal"}
"""What a step of a walk does at a task, by what the task seals or opens."""
OPENERS: Final = [4, 5]
"""Of a key: of what was made last, the first two."""
LONGEST: Final = 200


@pages.get(f"{TRIAL}/start")
def start_form(token: str) -> str:
    """The form with which a case begins."""
    return _start_page(token)


def _start_page(token: str, values: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None) -> str:
    who = _starter()
    session = session_of(token)
    view = told.read(StartView, session.ask({"act": "start_form", **who}))
    values = _example(session, "", values)
    return render_template(
        "workshop/trial_form.html",
        token=token, name=view.name, description=view.description,
        who=session.ask({"act": "called", "actor": who["actor"]}),
        outcomes=(), errors=errors or {},
        task=None, opinion="", return_to="", act_url=url_for("trial_form_pages.start", token=token, **who),
        form_page=form_page(
            view.form, check_url=url_for("trial_form_pages.check_start", token=token, **who), draft_url=None,
            values=values, errors=errors,
        ),
    )  # fmt: skip


@pages.post(f"{TRIAL}/start")
def start(token: str) -> ResponseReturnValue:
    """Start it. Wrong fields: the same page with the errors, 422."""
    who, handed = _starter(), handed_in()
    step: Step = {
        "do": "start", "actor": who["actor"], "organisation": who["organisation"], "process": who["process"],
        "data": _plain(handed.data), "whole": True,
    }  # fmt: skip
    try:
        session_of(token).ask({"act": "step", "step": step})
    except InvalidForm as refused:
        if wants_json():
            raise
        return _start_page(token, handed.data, field_errors(refused)), 422
    return _done(token)


@pages.post(f"{TRIAL}/start/check")
def check_start(token: str) -> Response:
    """What follows from the form as it stands."""
    asked = session_of(token).ask({"act": "check_start", **_starter(), "data": handed_in().data})
    return checked_json(told.read(Checked, asked))


@pages.get(f"{TRIAL}/tasks/<step_id>")
def task(token: str, step_id: str) -> str:
    """A task as somebody would have it before him."""
    return _task_page(token, step_id)


def _task_page(
    token: str, step_id: str, values: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None
) -> str:
    who, session = _who(), session_of(token)
    view = told.read(TaskView, session.ask({"act": "task", "task": step_id, "actor": who}))
    values = _example(session, view.element_id, values)
    at: dict[str, Any] = {"token": token, "step_id": step_id, "actor": who}
    words = values or {}
    return render_template(
        "workshop/trial_form.html",
        token=token, name=view.name, description=view.description, who=session.ask({"act": "called", "actor": who}),
        outcomes=view.outcomes,
        task=replace(view, id=new_key()), verbs=TaskVerbs(step_id, frozenset()),
        errors=errors or {}, opinion=words.get("opinion", ""), return_to=words.get("return_to", ""),
        act_url=url_for("trial_form_pages.complete", **at),
        form_page=form_page(
            view.form, check_url=url_for("trial_form_pages.check", **at), draft_url=None,
            files_url=url_for("trial_form_pages.attach", **at), values=values, errors=errors,
        ),
    )  # fmt: skip


@pages.post(f"{TRIAL}/tasks/<step_id>")
def complete(token: str, step_id: str) -> ResponseReturnValue:
    """Complete it. Wrong fields: the same page with the errors, 422."""
    session, who, handed = session_of(token), _who(), handed_in()
    view = told.read(TaskView, session.ask({"act": "task", "task": step_id, "actor": who}))
    try:
        session.ask({"act": "step", "step": _step(view, who, handed)})
    except InvalidForm as refused:
        if wants_json():
            raise
        return _task_page(token, step_id, handed.data, field_errors(refused)), 422
    return _done(token)


def _step(view: TaskView, who: str, handed: HandedIn) -> Step:
    does = DOES[view.sealing.kind if view.sealing else ""]
    step: Step = {"do": does, "actor": who, "element": view.element_id}
    if handed.outcome:
        step["outcome"] = handed.outcome
    if does in ("complete", "hand_in"):
        step["data"], step["whole"] = _plain(handed.data), True
    if does == "unseal":
        step["holders"] = OPENERS
    return step


@pages.post(f"{TRIAL}/tasks/<step_id>/check")
def check(token: str, step_id: str) -> Response:
    """What follows from the form as it stands."""
    asked = session_of(token).ask({"act": "check", "task": step_id, "actor": _who(), "data": handed_in().data})
    return checked_json(told.read(Checked, asked))


@pages.post(f"{TRIAL}/tasks/<step_id>/files")
def attach(token: str, step_id: str) -> Response:
    """Files of these names; what is in them is thrown away."""
    names = [file.filename for file in request.files.getlist("file") if file.filename]
    session = session_of(token)
    who = _who()
    return jsonify(digests=[session.ask({"act": "attach", "actor": who, "name": one[:LONGEST]}) for one in names])


def _example(session: TrialSession, element: str, values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What was typed; else, where the address asks for it, made-up values."""
    asked = values is None and "example" in request.args
    found: Mapping[str, Any] | None = session.ask({"act": "example", "element": element}) if asked else values
    return found


def _plain(value: Any) -> Any:
    """Without what is empty: a scenario, which is TOML, has no word for it."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if one is not None}
    return [_plain(one) for one in value if one is not None] if isinstance(value, list) else value


def _who() -> str:
    return request.args.get("actor", "")[:LONGEST]


def _starter() -> Beginner:
    """Who starts what, and for which organisation; chosen are the role and the organisation."""
    organisation, role = request.args.get("organisation", "")[:LONGEST], request.args.get("role", "")[:LONGEST]
    who = _who() or f"{role}@{organisation}"
    return {"actor": who, "organisation": organisation, "process": request.args.get("process", "")[:LONGEST]}


def _done(token: str) -> ResponseReturnValue:
    location = url_for("trial_pages.trial", token=token)
    return jsonify(location=location) if wants_json() else redirect(location, code=303)
