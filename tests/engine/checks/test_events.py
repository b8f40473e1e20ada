"""Events, constant times and repeated activities."""

import pytest

from tests.engine.checks.tiny import at, check, end, errors, gateway, only, start, user

MANY = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"


def boundary(inner="<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>", host="review"):
    return f'<boundaryEvent id="late" attachedToRef="{host}">{inner}</boundaryEvent>'


def timed(kind, text):
    inner = f"<timerEventDefinition><time{kind}>{text}</time{kind}></timerEventDefinition>"
    return check(start(), user(), boundary(inner), end(), flows="begin>review>end; late>end")


def told(problems, part):
    return [problem for problem in problems if part in problem.en]


def test_a_plain_throw_event_is_a_milestone_and_fine():
    milestone = '<intermediateThrowEvent id="passed" name="已通过"/>'
    assert errors(check(start(), user(), milestone, end(), flows="begin>review>passed>end")) == []


def test_a_case_is_started_by_a_person_only():
    begin = '<startEvent id="begin" name="x"><timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition></startEvent>'
    assert "定时" in at(check(begin, user(), end(), flows="begin>review>end"), "begin", "may not be a timer").zh


def test_an_event_with_two_triggers_is_refused():
    two = end(inner="<terminateEventDefinition/><terminateEventDefinition/>")
    assert only(check(start(), user(), two, flows="begin>review>end")).place == "end"


@pytest.mark.parametrize("text", ["P10D", "PT2H", "P1DT12H", "P2W", "PT0.5S", '="P3D"', '=duration("P3D")', "=days"])
def test_a_good_duration_is_not_complained_about(text):
    assert not told(timed("Duration", text), "the time “")


@pytest.mark.parametrize("text", ["-P1D", "P-1D", '"-PT1H"', '=duration("-PT1H")'])
def test_a_negative_duration_is_refused_because_the_engine_would_read_it_as_positive(text):
    assert told(timed("Duration", text), "negative")


@pytest.mark.parametrize("text", ["P", "PT", "P1H", '"tomorrow"', "PTT1H"])
def test_what_is_no_duration_is_refused(text):
    assert told(timed("Duration", text), "not an ISO 8601 duration")


def test_a_date_must_be_a_date_with_a_zone():
    assert not told(timed("Date", "2026-11-22T09:00:00+08:00"), "the time “")
    assert told(timed("Date", "2026-11-22T09:00:00"), "zone")
    assert told(timed("Date", "2026-13-40"), "not an ISO 8601 date")


def test_a_cycle_must_say_how_often():
    assert not told(timed("Cycle", "R3/P1D"), "the time “")
    assert told(timed("Cycle", "R/P1D"), "how often")
    assert told(timed("Cycle", "R3/-P1D"), "negative")


def test_a_timer_without_time_is_refused():
    assert told(timed("Duration", ""), "says no time")


def test_a_boundary_event_on_nothing_is_refused():
    problems = check(start(), user(), boundary(host="nobody"), end(), flows="begin>review>end; late>end")
    assert at(problems, "late", "not attached")


def test_a_boundary_event_on_a_gateway_is_refused():
    problems = check(start(), user(), gateway("g"), boundary(host="g"), end(), flows="begin>review>g>end; late>end")
    assert at(problems, "late", "not attached")


def test_a_boundary_event_that_leads_nowhere_is_refused():
    assert at(check(start(), user(), boundary(), end(), flows="begin>review>end"), "late", "exactly one flow")


def test_a_boundary_event_without_trigger_is_refused():
    problems = check(start(), user(), boundary(""), end(), flows="begin>review>end; late>end")
    assert at(problems, "late", "what triggers it")


def test_a_multi_instance_right_after_a_boundary_event_is_refused_with_the_way_out():
    problems = check(
        start(), user(), boundary(), user("all", inner=MANY), end(), flows="begin>review>end; late>all>end"
    )
    problem = at(problems, "all", "directly follows boundary event")
    assert "Put a gateway between" in problem.hint_en and "放一个网关" in problem.hint_zh


def test_a_gateway_between_them_helps():
    problems = check(
        start(), user(), boundary(), gateway("g"), user("all", inner=MANY), end(),
        flows="begin>review>end; late>g>all>end",
    )  # fmt: skip
    assert not told(problems, "directly follows")
