"""The page of a trial (试运行): where it stands, its clock, the way back, its scenarios. Knows no rule."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any, Final, Literal

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.desks.playback_views import Position
from engine.trials import told
from engine.trials.running import missed, state_of, together
from engine.trials.session import TrialEnded, TrialSession
from engine.trials.shapes import Step
from engine.trials.trials import TrialPlace
from engine.trials.views import Reached, TrialOffer, TrialState
from web.cases.words import sentence
from web.common.context import actor
from web.common.errors import wants_json
from web.common.i18n import pick
from web.workshop.designs import ONE
from web.workshop.trying import scenarios, session_of, trials

pages = Blueprint("trial_pages", __name__, url_prefix="/workshop")
TRIAL: Final = "/trials/<token>"
SHOWN: Final = 200
"""Things that nothing reaches, in the list."""
TYPED: Final[tuple[Literal["actor", "element", "reason"], ...]] = ("actor", "element", "reason")
"""Of a step that needs no form."""


@pages.post(f"{ONE}/trial")
def of_design(number: int) -> ResponseReturnValue:
    """Begin one with a design as it stands."""
    return _to(trials().of_design(actor(), number))


@pages.post("/trials/of/<key>")
def of_published(key: str) -> ResponseReturnValue:
    """Begin one with the process in force."""
    return _to(trials().of_published(actor(), key))


@pages.get(TRIAL)
def trial(token: str) -> str:
    """How it stands; or how many are before it; or why it has ended."""
    place, before = trials().place(actor(), token)
    if place.over or place.playing is None:
        return _over(place, before)
    try:
        return _page(place, place.playing)
    except TrialEnded:
        return _over(place, before)


def _over(place: TrialPlace, before: int) -> str:
    return render_template("workshop/trial_over.html", place=place, before=before, said=pick)


def _page(place: TrialPlace, session: TrialSession) -> str:
    state, offer = state_of(session), told.read(TrialOffer, session.ask({"act": "offer"}))
    position = _position(session, state)
    covered = together(
        [told.read(Reached, session.ask({"act": "covered"})), *(one.covered for one in place.ran.values())]
    )
    marks = position.marks if position else {}
    return render_template(
        "workshop/trial.html",
        place=place, state=state, said=pick, shown_value=_shown, offer=offer, position=position, sentence=sentence,
        scenarios=scenarios().of(actor(), place.token), covered=covered,
        missed=missed(offer.coverable, covered)[:SHOWN],
        drawn={
            "marks": {name: asdict(one) for name, one in marks.items()},
            "covered": [*covered.elements, *covered.flows],
        },
    )  # fmt: skip


def _shown(value: Any) -> str:
    """A thing to expect, as the page shows it."""
    if isinstance(value, dict):
        return "，".join(f"{name} = {one}" for name, one in value.items())
    return "，".join(map(str, value)) if isinstance(value, list) else str(value)


def _position(session: TrialSession, state: TrialState) -> Position | None:
    """The current case right after the event that the address asks for, or after the newest."""
    if not state.lines:
        return None
    text = request.args.get("event", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    numbers = [line.sequence for line in state.lines]
    seq = asked if asked in numbers else numbers[-1]
    return told.read(Position, session.ask({"act": "position", "case": state.current, "seq": seq}))


@pages.get(f"{TRIAL}/diagram.bpmn")
def diagram(token: str) -> Response:
    """The diagram that is played."""
    answer = make_response(told.read(TrialOffer, session_of(token).ask({"act": "offer"})).xml)
    answer.mimetype = "application/xml"
    return answer


@pages.post(f"{TRIAL}/clock")
def clock(token: str) -> ResponseReturnValue:
    """Let time pass: to the next working day, or to what is due next."""
    session_of(token).ask({"act": "clock", "how": _word("how")})
    return _to(token)


@pages.post(f"{TRIAL}/back")
def back(token: str) -> ResponseReturnValue:
    """Back to how it stood after a step; what came after is forgotten."""
    session_of(token).ask({"act": "back", "to": _number("to")})
    flash(gettext("已回到第 %(number)d 步之后。", number=_number("to")), "success")
    return _to(token)


@pages.post(f"{TRIAL}/choose")
def choose(token: str) -> ResponseReturnValue:
    """Look at another case of the trial."""
    session_of(token).ask({"act": "choose", "place": _number("place")})
    return _to(token)


@pages.post(f"{TRIAL}/act")
def act(token: str) -> ResponseReturnValue:
    """What needs no form: a message comes, or whoever started the case takes it back."""
    step: Step = {"do": _word("do")}
    if case := _number("case"):
        step["case"] = case
    for name in TYPED:
        if word := _word(name):
            step[name] = word
    session_of(token).ask({"act": "step", "step": step})
    return _to(token)


@pages.post(f"{TRIAL}/close")
def close(token: str) -> ResponseReturnValue:
    """End it."""
    trials().close(actor(), token)
    return _to(token)


@pages.post(f"{TRIAL}/scenario")
def save(token: str) -> ResponseReturnValue:
    """Keep the walk as a scenario of the design."""
    chosen: dict[int, set[str]] = defaultdict(set)
    for value in request.form.getlist("expect"):
        number, _, kind = value.partition(":")
        if number.isascii() and number.isdigit() and len(number) < 5:
            chosen[int(number)].add(kind)
    file = scenarios().save(actor(), token, _word("name"), _word("title"), chosen)
    flash(gettext("已存为 %(file)s。", file=file), "success")
    return _to(token)


@pages.post(f"{TRIAL}/run/<name>")
def run(token: str, name: str) -> ResponseReturnValue:
    """Play a scenario of the design, up to the first difference."""
    found = scenarios().run(actor(), token, name)
    if wants_json():
        return jsonify(name=name, ok=found.difference is None, why=pick(found.difference) if found.difference else "")
    return _to(token)


def _to(token: str) -> ResponseReturnValue:
    return redirect(url_for("trial_pages.trial", token=token), code=303)


def _word(name: str) -> str:
    return request.form.get(name, "").strip()


def _number(name: str) -> int:
    text = _word(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
