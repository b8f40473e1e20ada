"""Of two that wait for the same at the same place one never acts: the second is refused by its name."""

import pytest

from tests.engine.checks.tiny import at, check, end, errors, only, service, start, sub, user

HEAD = (
    '<error id="bad" errorCode="bad"/><error id="worse" errorCode="worse"/><escalation id="up" escalationCode="up"/>'
    '<escalation id="far" escalationCode="far"/><message id="paid" name="paid"/><message id="moved" name="moved"/>'
    '<signal id="bell" name="bell"/><signal id="horn" name="horn"/>'
)
BAD, ANY_ERROR = '<errorEventDefinition errorRef="bad"/>', "<errorEventDefinition/>"
WORSE = '<errorEventDefinition errorRef="worse"/>'
UP, ANY_ESCALATION = '<escalationEventDefinition escalationRef="up"/>', "<escalationEventDefinition/>"
PAID, MOVED = '<messageEventDefinition messageRef="paid"/>', '<messageEventDefinition messageRef="moved"/>'
BELL, HORN = '<signalEventDefinition signalRef="bell"/>', '<signalEventDefinition signalRef="horn"/>'
DAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
WEEK = "<timerEventDefinition><timeDuration>P7D</timeDuration></timerEventDefinition>"
TOLD = "<timerEventDefinition><timeDate>=review.day</timeDate></timerEventDefinition>"
MANY = "<conditionalEventDefinition><condition>=review.n > 3</condition></conditionalEventDefinition>"
MANY_TOO = "<conditionalEventDefinition><condition>review.n  &gt; 3</condition></conditionalEventDefinition>"
FEW = "<conditionalEventDefinition><condition>=review.n &lt; 3</condition></conditionalEventDefinition>"
ONE_CATCHER = [(BAD, BAD), (ANY_ERROR, ANY_ERROR), (UP, UP), (ANY_ESCALATION, ANY_ESCALATION), (PAID, PAID)]
THE_FIRST_CANCELS = [(BELL, BELL), (DAY, DAY), (TOLD, TOLD), (MANY, MANY), (MANY, MANY_TOO)]
APART = [
    (BAD, WORSE),
    (BAD, ANY_ERROR),
    (ANY_ERROR, BAD),
    (PAID, MOVED),
    (BELL, HORN),
    (MANY, FEW),
    (PAID, BELL),
    (DAY, TOLD),
]


def boundary(id, inner, waits=True, key=""):
    more = f'<extensionElements><gw:correlation key="{key}"/></extensionElements>' if key else ""
    attribute = "" if waits else ' cancelActivity="false"'
    return f'<boundaryEvent id="{id}" attachedToRef="s"{attribute}>{more}{inner}</boundaryEvent>'


def group(*more):
    """A sub-process that throws an error or an escalation, or ends."""
    thrown = (
        end("boom", BAD),
        end("worst", WORSE),
        '<intermediateThrowEvent id="rise">' + UP + "</intermediateThrowEvent>",
    )
    flows = "sb>review>rise>sx;sx>boom?review.n = 1;sx>worst?review.n = 2;sx>se"
    return sub(
        "s", start("sb"), user(), '<exclusiveGateway id="sx" default="sx_se"/>', *thrown, end("se"), *more, flows=flows
    )


def on_edge(*events):
    flows = ";".join(f"{own}>work>end" if own == "b1" else f"{own}>work" for own in ("b1", "b2")[: len(events)])
    return check(start(), group(), *events, service(), end(), flows=f"begin>s>end;{flows}", head=HEAD)


def aside(id, inner, waits=True):
    attribute = "" if waits else ' isInterrupting="false"'
    return sub(
        id,
        f'<startEvent id="{id}_on"{attribute}>{inner}</startEvent>',
        end(f"{id}_end"),
        flows=f"{id}_on>{id}_end",
        triggeredByEvent="true",
    )


def in_group(first, second, waits=(True, True)):
    inside = (aside("a1", first, waits[0]), aside("a2", second, waits[1]))
    return check(start(), group(*inside), end(), flows="begin>s>end", head=HEAD)


def behind_gateway(first, second):
    events = "".join(
        f'<intermediateCatchEvent id="{own}">{inner}</intermediateCatchEvent>'
        for own, inner in (("c1", first), ("c2", second))
    )
    flows = "begin>review>g>c1>end;g>c2>end"
    return check(start(), user(), '<eventBasedGateway id="g"/>', events, end(), flows=flows, head=HEAD)


@pytest.mark.parametrize(("first", "second"), ONE_CATCHER + THE_FIRST_CANCELS)
def test_the_second_of_two_boundary_events_for_the_same_is_refused(first, second):
    problem = only(on_edge(boundary("b1", first), boundary("b2", second)))
    assert problem.place == "b2" and "“b1”" in problem.text("en") and "never triggered" in problem.text("en")


@pytest.mark.parametrize(("first", "second"), ONE_CATCHER + THE_FIRST_CANCELS)
def test_the_second_of_two_event_sub_processes_for_the_same_is_refused(first, second):
    problem = only(in_group(first, second))
    assert problem.place == "a2_on" and "“a1_on”" in problem.text("en")


@pytest.mark.parametrize(("first", "second"), [(PAID, PAID), *THE_FIRST_CANCELS])
def test_the_second_of_two_events_behind_a_gateway_for_the_same_is_refused(first, second):
    assert only(behind_gateway(first, second)).place == "c2"


@pytest.mark.parametrize(("first", "second"), APART)
def test_two_that_wait_for_different_things_are_published(first, second):
    assert errors(on_edge(boundary("b1", first), boundary("b2", second))) == []
    assert errors(in_group(first, second)) == []


@pytest.mark.parametrize(("first", "second"), THE_FIRST_CANCELS)
def test_what_cancels_nothing_lets_others_for_the_same_act(first, second):
    assert errors(on_edge(boundary("b1", first, waits=False), boundary("b2", second, waits=False))) == []
    assert errors(in_group(first, second, waits=(False, False))) == []


@pytest.mark.parametrize(("first", "second"), [(UP, UP), (PAID, PAID)])
def test_what_goes_to_one_catcher_is_refused_twice_even_where_nothing_is_cancelled(first, second):
    assert only(on_edge(boundary("b1", first, waits=False), boundary("b2", second))).place == "b2"


def test_messages_with_keys_of_their_own_are_told_apart():
    one, other = boundary("b1", PAID, key="=1"), boundary("b2", PAID, key="=2")
    assert errors(on_edge(one, other)) == []
    assert only(on_edge(one, boundary("b2", PAID, key="1"))).place == "b2"


def test_a_time_that_is_always_over_later_is_warned_about():
    found = on_edge(boundary("b1", WEEK), boundary("b2", DAY))
    assert errors(found) == [] and at(found, "b1", "is never triggered").severity == "warning"
    assert not [one for one in on_edge(boundary("b1", WEEK), boundary("b2", DAY, waits=False)) if one.place == "b1"]
    months = WEEK.replace("P7D", "P1M"), WEEK.replace("P7D", "P30D")
    assert not [
        one for one in on_edge(boundary("b1", months[0]), boundary("b2", months[1])) if "never" in one.text("en")
    ]


def test_a_catch_all_beside_codes_of_their_own_is_warned_about_when_nothing_is_left_for_it():
    found = check(
        start(), group(), boundary("b1", BAD), boundary("b2", WORSE), boundary("b3", ANY_ERROR), service(), end(),
        flows="begin>s>end;b1>work>end;b2>work;b3>work", head=HEAD,
    )  # fmt: skip
    assert at(found, "b3", "never triggered").severity == "warning"
    assert not [one for one in on_edge(boundary("b1", BAD), boundary("b2", ANY_ERROR)) if one.place == "b2"]


def compensated(*parts):
    inside = (start("sb"), user(), end("se"), *parts)
    throw = '<intermediateThrowEvent id="undo"><compensateEventDefinition/></intermediateThrowEvent>'
    handlers = "".join(
        f'<boundaryEvent id="h{n}" attachedToRef="s"><compensateEventDefinition/></boundaryEvent>'
        f'<scriptTask id="u{n}" scriptFormat="feel" isForCompensation="true"><script>{{ a{n}: 1 }}</script></scriptTask>'
        f'<association id="as{n}" sourceRef="h{n}" targetRef="u{n}"/>'
        for n in (1, 2)
    )
    return inside, throw, handlers


def test_an_activity_has_one_compensation_handler():
    inside, throw, handlers = compensated()
    found = check(start(), sub("s", *inside, flows="sb>review>se"), throw, handlers, end(), flows="begin>s>undo>end")
    assert only(found).place == "h2"


def test_an_activity_with_a_handler_is_not_compensated_from_inside():
    inside, throw, handlers = compensated(aside("a1", "<compensateEventDefinition/>"))
    one = handlers[: handlers.index('<boundaryEvent id="h2"')]
    found = check(start(), sub("s", *inside, flows="sb>review>se"), throw, one, end(), flows="begin>s>undo>end")
    assert only(found).place == "a1_on" and "“h1”" in only(found).text("en")


def test_a_scope_has_one_compensation_event_sub_process():
    found = in_group("<compensateEventDefinition/>", "<compensateEventDefinition/>")
    assert only(found).place == "a2_on"


def test_a_transaction_has_one_way_out_when_it_is_cancelled():
    cancel = "<cancelEventDefinition/>"
    deal = sub("s", start("sb"), user(), end("se", cancel), flows="sb>review>se").replace("subProcess", "transaction")
    found = check(
        start(), deal, boundary("b1", cancel), boundary("b2", cancel), service(), end(),
        flows="begin>s>end;b1>work>end;b2>work",
    )  # fmt: skip
    assert only(found).place == "b2"
