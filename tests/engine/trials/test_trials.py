"""Trials through their doors: walked, timed, gone back in, written down, ended when they ask for too much."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.errors import BadInput, InvalidForm, NotFound
from engine.trials import scenario, told
from engine.trials.session import TrialEnded, TrialRefused, TrialSession
from engine.trials.shapes import Step
from engine.trials.trials import AT_ONCE, Trials
from engine.trials.views import Reached, TrialState, WrittenWalk
from engine.views import TaskView
from engine.words import say
from storage import definitions
from storage.copying import facts
from storage.furnishing import image, standing
from tests.house import ROOT, build_house

GRANT = ROOT / "tests" / "data" / "effective"
IDLE = timedelta(minutes=20)
OFFICER = "county_officer@130102"
OVER = say("您结束了它。")
FRIDAY = "2026-02-13T15:00:00+08:00"  # before the Saturday that is worked for the Spring Festival of 2026


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = build_house(tmp_path_factory.mktemp("trials"), GRANT)
    yield house
    house.application.database.close()


@pytest.fixture(scope="module")
def opening(house):
    """What a trial of the process in force begins with."""
    with house.application.database.read() as connection:
        content = image(standing(connection))
        stored = definitions.get(connection, definitions.current_digests(connection)["grant"])
    assert stored is not None
    files = stored.files

    def described(**replaced):
        changed = {**files, **{name.replace("_", "."): text.encode() for name, text in replaced.items()}}
        packed = {name: b64encode(data).decode() for name, data in changed.items()}
        return {"image": b64encode(content).decode(), "key": "grant", "files": packed, "now": FRIDAY}

    return described


@pytest.fixture
def session(opening):
    one = TrialSession(opening())
    yield one
    one.end(OVER)


def state(said):
    return told.read(TrialState, said)


def begun(session):
    step = {"do": "start", "actor": OFFICER, "organisation": "130102", "data": {"step": 1}, "whole": True}
    return state(session.ask({"act": "step", "step": step}))


def at(moment):
    return moment.astimezone(LEGAL_ZONE).isoformat(timespec="minutes")


def test_a_walk_goes_through_the_real_form_and_says_what_could_be_expected(session):
    found = begun(session)
    (task,) = found.tasks
    assert (task.element, task.candidate) == ("again", OFFICER)
    assert [hand.names for hand in task.hands] == [OFFICER, f"{OFFICER}#2"]
    assert "长安区" in task.hands[0].name
    view = told.read(TaskView, session.ask({"act": "task", "task": task.id, "actor": OFFICER}))
    assert (
        view.name == ("复核", "Again") and "complete" in view.may and view.form and view.form.schema("zh")["components"]
    )
    assert found.steps[0].sees["tasks"] == {"again": OFFICER}
    assert "begin.step = 1" in found.steps[0].sees["holds"]
    with pytest.raises(TrialRefused):
        session.ask({"act": "step", "step": {"do": "complete", "actor": OFFICER, "element": "nowhere"}})
    assert len(state(session.ask({"act": "state"})).steps) == 1


def test_the_clock_stops_at_nine_of_the_next_working_day_and_that_may_be_a_saturday(session):
    begun(session)
    found = state(session.ask({"act": "clock", "how": "working_day"}))
    assert at(found.now) == "2026-02-14T09:00+08:00"
    found = state(session.ask({"act": "clock", "how": "working_day"}))
    assert at(found.now) == "2026-02-24T09:00+08:00"


def test_an_earlier_moment_is_as_it_was_and_what_came_after_is_gone(session):
    first = begun(session)
    session.ask({"act": "clock", "how": "working_day"})
    done = state(session.ask({"act": "step", "step": _done()}))
    assert done.steps[-1].sees["status"] == "completed" and not done.tasks
    back = state(session.ask({"act": "back", "to": 1}))
    assert (back.now, back.tasks, back.lines) == (first.now, first.tasks, first.lines)
    assert state(session.ask({"act": "step", "step": _done()})).cases[0].status == "completed"
    with pytest.raises(TrialRefused):
        session.ask({"act": "back", "to": 9})


def _done():
    return {"do": "complete", "actor": OFFICER, "element": "again", "outcome": "done", "data": {"day": "2026-01-05"}}


def test_a_walk_that_was_written_down_plays_again_and_tells_the_first_difference(session, opening):
    begun(session)
    session.ask({"act": "clock", "how": "working_day"})
    session.ask({"act": "step", "step": _done()})
    walk = told.read(WrittenWalk, session.ask({"act": "walked"}))
    expected: list[Step] = [{**step, "expect": sees} for step, sees in zip(walk.steps, walk.seen, strict=True)]
    text = scenario.written("走一遍\n再走", "130102", FRIDAY, (), expected)
    assert scenario.read(text)["step"][0]["data"] == {"step": 1}
    again = TrialSession(opening())
    count = again.ask({"act": "scenario", "text": text})
    assert [again.ask({"act": "play", "number": one}) for one in range(1, count + 1)] == [None] * 3
    reached = told.read(Reached, again.ask({"act": "covered"}))
    assert {"begin", "again", "over"} <= set(reached.elements) and "again/done" in reached.outcomes
    assert reached == told.read(Reached, session.ask({"act": "covered"}))
    again.end(OVER)
    other = TrialSession(opening())
    other.ask({"act": "scenario", "text": text.replace('"running"', '"completed"', 1)})
    with pytest.raises(TrialRefused) as refused:
        other.ask({"act": "play", "number": 1})
    assert "completed" in refused.value.message() and "running" in refused.value.message()
    other.end(OVER)


def test_what_is_no_scenario_is_refused_with_a_reason():
    for wrong in ("step = 1", "[[step]]\ndo = 'fly'", "colour = 1", "now = 'x'", "a" * 600_000, "["):
        with pytest.raises(BadInput, match=r"\w"):
            scenario.read(wrong)


SCRIPT = "{past_rate: allowance(step: begin.step, on: date(again.day)), now_rate: allowance(step: begin.step), more: now_rate - past_rate}"


@pytest.mark.parametrize(
    "hostile",
    [
        "{more: count(for a in 1..99999, b in 1..99999 return a * b)}",
        "{more: string join(for a in 1..99999 return string join(for b in 1..9999 return &quot;xxxxxxxx&quot;))}",
    ],
    ids=["endless", "huge"],
)
def test_what_asks_for_too_much_ends_or_is_refused_in_words_and_no_other_trial_notices(session, opening, hostile):
    diagram = (GRANT / "grant" / "process.bpmn").read_text(encoding="utf-8")
    assert SCRIPT in diagram
    one = TrialSession(opening(process_bpmn=diagram.replace(SCRIPT, hostile)))
    begun(one)
    begun(session)
    with pytest.raises((TrialEnded, TrialRefused)) as told_so:
        one.ask({"act": "step", "step": _done()})
    assert told_so.value.message()
    assert state(session.ask({"act": "step", "step": _done()})).cases[0].status == "completed"
    one.end(OVER)


def test_a_wrong_field_is_told_at_its_place(session):
    step = {"do": "start", "actor": OFFICER, "organisation": "130102", "data": {"step": "zzz"}, "whole": True}
    with pytest.raises(InvalidForm) as refused:
        session.ask({"act": "step", "step": step})
    assert "step" in refused.value.errors


def test_a_fifth_trial_waits_its_turn_an_idle_one_ends_and_nothing_reaches_the_installation(house):
    with house.application.database.read() as connection:
        before = facts(connection)
    trials, people = (
        Trials(house.application, IDLE),
        [replace(house.actor("designer"), user_id=one) for one in range(1, AT_ONCE + 2)],
    )
    tokens = [trials.of_published(one, "grant") for one in people]
    first = [trials.place(one, token) for one, token in zip(people, tokens, strict=True)]
    assert [before for _, before in first] == [0] * AT_ONCE + [1]
    assert first[-1][0].playing is None
    with pytest.raises(TrialEnded, match="1"):
        trials.playing(people[-1], tokens[-1])
    begun(trials.playing(people[0], tokens[0]))
    with pytest.raises(NotFound):
        trials.place(people[1], tokens[0])
    trials.close(people[1], tokens[1])
    assert begun(trials.playing(people[-1], tokens[-1])).tasks
    house.clock.move(seconds=IDLE.total_seconds() + 1)
    place, _ = trials.place(people[-1], tokens[-1])
    assert place.playing is not None and not place.over  # looked at just now
    with pytest.raises(TrialEnded):
        trials.playing(people[0], tokens[0])
    trials.end()
    house.clock.move(seconds=-(IDLE + timedelta(seconds=1)).total_seconds())
    with house.application.database.read() as connection:
        assert facts(connection) == before
