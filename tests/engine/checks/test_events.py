"""Events: what each may be where it stands, and the constant times of timers."""

import pytest

from tests.engine.checks.tiny import at, check, end, errors, only, start, sub, user


def boundary(inner="<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>", host="review"):
    return f'<boundaryEvent id="late" attachedToRef="{host}">{inner}</boundaryEvent>'


def timed(kind, text):
    inner = f"<timerEventDefinition><time{kind}>{text}</time{kind}></timerEventDefinition>"
    return check(start(), user(), boundary(inner), end(), flows="begin>review>end; late>end")


def told(problems, part):
    return [problem for problem in problems if part in problem.text("en")]


def test_a_plain_throw_event_is_a_milestone_and_fine():
    milestone = '<intermediateThrowEvent id="passed" name="已通过"/>'
    assert errors(check(start(), user(), milestone, end(), flows="begin>review>passed>end")) == []


def test_a_time_starts_cases_only_in_the_name_of_somebody_and_for_something():
    begin = '<startEvent id="begin" name="x"><timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition></startEvent>'
    problems = errors(check(begin, user(), end(), flows="begin>review>end"))
    assert "以谁的名义" in at(problems, "begin", "(gw:opening)").text("zh")
    assert "定时" in at(problems, "begin", "(gw:forEach)").text("zh")
    within = sub("part", begin, user(), end(), flows="begin>review>end")
    nested = check(start("first"), within, end("last"), flows="first>part>last")
    assert "定时" in at(nested, "begin", "may not be a timer").text("zh")


@pytest.mark.parametrize("text", ["P10D", "PT2H", "P1DT12H", "P2W", "PT0.5S", '="P3D"', '=duration("P3D")', "=days"])
def test_a_good_duration_is_not_complained_about(text):
    assert not told(timed("Duration", text), "of the timer is wrong")


@pytest.mark.parametrize("text", ["-P1D", '="-PT1H"', '=duration("-PT1H")'])
def test_a_negative_duration_is_refused(text):
    assert told(timed("Duration", text), "negative")


@pytest.mark.parametrize("text", ["P", "PT", "P1H", '"P1D"', "PTT1H", "tomorrow", "=5", "P200Y"])
def test_what_is_no_duration_is_refused(text):
    assert told(timed("Duration", text), "of the timer is wrong")


def test_a_date_must_be_a_date():
    for good in ("2026-11-22T09:00:00+08:00", "2026-11-22", '=date("2026-11-22")', "=today()"):
        assert not told(timed("Date", good), "of the timer is wrong")
    assert told(timed("Date", "2026-13-40"), "no ISO 8601 date")


def test_a_cycle_says_how_often_or_goes_on_without_end():
    assert errors(timed("Cycle", "R3/P1D")) == [] and errors(timed("Cycle", "R/PT1M")) == []
    assert told(timed("Cycle", "R0/P1D"), "no cycle")
    assert told(timed("Cycle", "P1D"), "no cycle")
    assert told(timed("Cycle", "R3/PT59S"), "a minute or more")


def test_a_timer_with_two_times_is_refused():
    two = "<timerEventDefinition><timeDuration>P1D</timeDuration><timeCycle>R/P1D</timeCycle></timerEventDefinition>"
    problems = check(start(), user(), boundary(two), end(), flows="begin>review>end; late>end")
    assert at(problems, "late", "a timer has one time")


def test_a_timer_without_time_is_refused():
    assert told(timed("Duration", ""), "says no time")


EVENT = {
    "timer": "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>",
    "message": '<messageEventDefinition messageRef="paid"/>',
    "signal": '<signalEventDefinition signalRef="stop"/>',
    "error": '<errorEventDefinition errorRef="bad"/>',
    "escalation": '<escalationEventDefinition escalationRef="over"/>',
    "conditional": "<conditionalEventDefinition><condition>review.n = 1</condition></conditionalEventDefinition>",
    "link": '<linkEventDefinition name="far"/>',
    "compensate": "<compensateEventDefinition/>",
    "cancel": "<cancelEventDefinition/>",
    "terminate": "<terminateEventDefinition/>",
    "plain": "",
}
NAMES = (
    '<message id="paid" name="已付款"/><signal id="stop" name="停"/><error id="bad" errorCode="bad"/>'
    '<escalation id="over" escalationCode="over"/>'
)
WAITING = {"timer", "message", "signal", "conditional"}


def standing(place, kind, interrupting="true"):
    """One event of a kind in a place, in a process that is right but for it."""
    body = EVENT[kind]
    if place == "startEvent":
        parts, flows = [f'<startEvent id="event">{body}</startEvent>', user(), end()], "event>review>end"
    elif place == "endEvent":
        parts, flows = [start(), user(), end("event", body)], "begin>review>event"
    elif place == "boundaryEvent":
        held = (
            f'<boundaryEvent id="event" attachedToRef="review" cancelActivity="{interrupting}">{body}</boundaryEvent>'
        )
        parts, flows = [start(), user(), held, end()], "begin>review>end; event>end"
    elif place == "event sub-process":
        begin = f'<startEvent id="event" isInterrupting="{interrupting}">{body}</startEvent>'
        inner = sub("aside", begin, end("in_end"), flows="event>in_end", triggeredByEvent="true")
        group = sub("group", start("deep"), user(), inner, end("deep_end"), flows="deep>review>deep_end")
        parts, flows = [start(), group, end()], "begin>group>end"
    else:
        parts, flows = [start(), user(), f'<{place} id="event">{body}</{place}>', end()], "begin>review>event>end"
    return check(*parts, flows=flows, head=NAMES)


@pytest.mark.parametrize("kind", EVENT)
@pytest.mark.parametrize(
    ("place", "fits"),
    [
        ("startEvent", {"plain", "message", "signal", "timer"}),
        ("event sub-process", WAITING | {"error", "escalation", "compensate"}),
        ("intermediateCatchEvent", WAITING | {"link"}),
        ("intermediateThrowEvent", {"plain", "message", "signal", "escalation", "link", "compensate"}),
        ("boundaryEvent", WAITING | {"error", "escalation", "compensate", "cancel"}),
        ("endEvent", {"plain", "message", "signal", "error", "escalation", "compensate", "terminate", "cancel"}),
    ],
)
def test_an_event_stands_only_where_bpmn_lets_it(place, fits, kind):
    wrong = [p for p in errors(standing(place, kind)) if p.place == "event" and f"may not be a {kind}" in p.text("en")]
    assert bool(wrong) is (kind not in fits)


@pytest.mark.parametrize("kind", ["error", "compensate", "cancel"])
def test_what_always_interrupts_cannot_be_told_not_to(kind):
    assert "cancelActivity" in at(standing("boundaryEvent", kind, "false"), "event", "non-interrupting").text("zh")


@pytest.mark.parametrize("kind", ["timer", "message", "signal", "conditional", "escalation"])
@pytest.mark.parametrize("place", ["boundaryEvent", "event sub-process"])
def test_others_may_leave_the_work_alone(place, kind):
    assert errors(standing(place, kind, "false")) == []


def test_an_error_that_starts_an_event_sub_process_interrupts():
    assert at(standing("event sub-process", "error", "false"), "event", "isInterrupting")


def test_a_message_needs_a_name():
    nameless = '<message id="paid"/>'
    problems = check(
        start(), CATCH.format("message", 'messageRef="paid"'), end(), flows="begin>wait>end", head=nameless
    )
    assert at(problems, "wait", "without a name")


CATCH = '<intermediateCatchEvent id="wait"><{0}EventDefinition {1}/></intermediateCatchEvent>'


@pytest.mark.parametrize(
    ("kind", "reference"), [("message", "messageRef"), ("signal", "signalRef"), ("error", "errorRef")]
)
def test_what_an_event_names_must_exist(kind, reference):
    problems = check(start(), CATCH.format(kind, f'{reference}="nobody"'), end(), flows="begin>wait>end")
    assert at(problems, "wait", f"there is no {kind} “nobody”")


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_what_is_thrown_has_a_code(kind):
    bare = end(inner=f'<{kind}EventDefinition {kind}Ref="it"/>')
    problems = check(start(), user(), bare, flows="begin>review>end", head=f'<{kind} id="it"/>')
    assert at(problems, "end", "has no code")


@pytest.mark.parametrize("tag", ["sendTask", "receiveTask"])
def test_a_send_or_receive_task_names_its_message(tag):
    problem = only(check(start(), f'<{tag} id="post"/>', end(), flows="begin>post>end"))
    assert problem.place == "post" and "names no message" in problem.text("en")


def correlated(tag, attributes, definition="", inner=""):
    extension = f"<extensionElements><gw:correlation {attributes}/></extensionElements>"
    return check(
        start(), f'<{tag} id="post"{definition}>{extension}{inner}</{tag}>', end(), flows="begin>post>end", head=NAMES
    )


def test_what_a_message_carries_is_said_where_it_is_thrown_and_kept_where_it_is_caught():
    sends, receives = ' messageRef="paid"', ' messageRef="paid"'
    assert errors(correlated("sendTask", 'key="=1" payload="={ a: 1 }"', sends)) == []
    assert errors(correlated("receiveTask", 'key="=1" result="answer"', receives)) == []
    assert at(correlated("sendTask", 'result="answer"', sends), "post", "result of gw:correlation")
    assert at(correlated("receiveTask", 'payload="=1"', receives), "post", "payload of gw:correlation")


def test_a_signal_is_not_correlated():
    inner = '<signalEventDefinition signalRef="stop"/>'
    assert at(correlated("intermediateThrowEvent", 'key="=1"', "", inner), "post", "sends or receives no message")
