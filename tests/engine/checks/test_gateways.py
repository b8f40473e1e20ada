"""Gateways: every way out is decided, and no condition stands where it is ignored."""

from tests.engine.checks.tiny import at, check, end, errors, gateway, only, start, user


def choice(flows, default="", kind="exclusive", *more):
    return check(
        start(), user(), gateway("g", kind, default), user("a"), end(), *more, flows=f"begin>review>g; a>end; {flows}"
    )


def test_a_gateway_with_conditions_and_a_default_is_fine():
    assert errors(choice("g>a?review.n > 1; g>end", default="g_end")) == []


def test_a_way_out_without_condition_that_is_not_the_default_is_refused():
    problem = only(choice("g>a?true; g>end"))
    assert problem.place == "g_end" and "not the default" in problem.text("en") and "默认连线" in problem.text("zh")


def test_an_empty_condition_is_refused_like_a_missing_one():
    empty = '<sequenceFlow id="g_end" name="否" sourceRef="g" targetRef="end"><conditionExpression/></sequenceFlow>'
    assert only(choice("g>a?true", "", "exclusive", empty)).place == "g_end"


def test_a_default_with_a_condition_is_refused():
    problem = only(choice("g>a?true; g>end?true", default="g_end"))
    assert problem.place == "g_end" and "no condition" in problem.text("en")


def test_a_default_that_leaves_another_element_is_refused():
    problem = only(choice("g>a?review.n = 1; g>end?review.n != 1", default="begin_review"))
    assert problem.place == "g" and "does not leave" in problem.text("en")


def test_an_inclusive_gateway_is_held_to_the_same_rules():
    assert only(choice("g>a?true; g>end", kind="inclusive")).place == "g_end"


def test_a_condition_on_the_only_way_out_is_refused():
    problem = only(check(start(), user(), gateway("g"), end(), flows="begin>review>g; g>end?true"))
    assert problem.place == "g_end" and "stops when it is false" in problem.text("en")


def test_a_condition_after_a_parallel_gateway_is_refused_because_it_is_ignored():
    problem = at(choice("g>a?true; g>end", kind="parallel"), "g_a", "never looked at")
    assert "排他网关" in problem.text("zh")


def test_a_condition_after_an_event_is_refused_because_it_is_ignored():
    event = '<intermediateThrowEvent id="done"/>'
    problem = only(check(start(), user(), event, end(), flows="begin>review>done; done>end?review.n = 1"))
    assert problem.place == "done_end" and "never looked at" in problem.text("en")


def test_conditions_after_a_task_want_a_default_like_those_of_a_gateway():
    flows = "begin>review; review>a?review.n = 1; review>end; a>end"
    defaulted = user().replace("<userTask ", '<userTask default="review_end" ', 1)
    assert errors(check(start(), defaulted, user("a"), end(), flows=flows)) == []
    without = check(start(), user(), end(), flows="begin>review; review>end?review.n = 1")
    assert "no default flow" in only(without).text("en")


def test_a_default_flow_beside_plain_ones_is_taken_when_no_condition_holds():
    task = user().replace("<userTask ", '<userTask default="review_end" ', 1)
    flows = "begin>review; review>a?review.n {} 1; review>c?review.n > 1; review>b; review>end; a>end; b>end; c>end"
    tasks = [user("a"), user("b"), user("c")]
    problems = check(start(), task, *tasks, end(), flows=flows.format("="))
    assert errors(problems) == [] and not [problem for problem in problems if "never" in problem.text("en")]
    problems = check(start(), task, *tasks, end(), flows=flows.format("<="))
    assert errors(problems) == [] and at(problems, "review_end", "never taken")


def test_a_default_flow_that_stands_alone_is_refused():
    task = user().replace("<userTask ", '<userTask default="review_end" ', 1)
    problem = only(check(start(), task, end(), flows="begin>review>end"))
    assert problem.place == "review" and "no effect" in problem.text("en")


def test_a_default_flow_of_an_event_is_refused_because_it_is_ignored():
    event = '<intermediateThrowEvent id="done" default="done_end"/>'
    assert "no effect" in only(check(start(), user(), event, end(), flows="begin>review>done>end")).text("en")


def test_a_nameless_way_out_of_a_gateway_is_warned_about():
    nameless = '<sequenceFlow id="g_end" sourceRef="g" targetRef="end"/>'
    problems = choice("g>a?true", "g_end", "exclusive", nameless)
    assert errors(problems) == [] and at(problems, "g_end", "no name")


def test_a_gateway_that_does_nothing_is_warned_about():
    problems = check(start(), user(), gateway("g"), end(), flows="begin>review>g>end")
    assert errors(problems) == [] and at(problems, "g", "neither splits nor joins")


TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
LATER = TIMER.replace("PT1H", "PT2H")
MESSAGE = '<messageEventDefinition messageRef="paid"/>'
PAID = '<message id="paid" name="已付款"/>'


def event(id, definition):
    return f'<intermediateCatchEvent id="{id}">{definition}</intermediateCatchEvent>'


def raced(*parts, flows="begin>g>a>end; g>b>end"):
    return check(start(), gateway("g", "eventBased"), *parts, end(), flows=flows, head=PAID)


def test_several_events_may_follow_an_event_based_gateway():
    assert errors(raced(event("a", TIMER), event("b", LATER))) == []
    assert errors(raced(event("a", TIMER), event("b", MESSAGE))) == []
    assert errors(raced(event("a", TIMER), '<receiveTask id="b" messageRef="paid"/>')) == []


def test_a_task_after_an_event_based_gateway_is_refused():
    assert at(raced(user("a"), event("b", TIMER)), "g", "only catching events")


def test_an_event_based_gateway_wants_two_ways_out():
    assert at(raced(event("a", TIMER), flows="begin>g>a>end"), "g", "at least two flows")


def test_an_event_after_an_event_based_gateway_is_reached_from_nowhere_else():
    problems = raced(event("a", TIMER), event("b", TIMER), user("c"), flows="begin>g>a>c>b>end; g>b")
    assert at(problems, "b", "no other incoming flow")


def test_a_receive_task_after_an_event_based_gateway_has_no_boundary_event_and_no_loop():
    late = f'<boundaryEvent id="late" attachedToRef="b">{TIMER}</boundaryEvent>'
    receive = '<receiveTask id="b" messageRef="paid"/>'
    problems = raced(event("a", TIMER), receive, late, flows="begin>g>a>end; g>b>end; late>end")
    assert at(problems, "b", "boundary events")


def test_messages_are_awaited_by_events_or_by_tasks_but_not_by_both():
    problems = raced(event("a", MESSAGE), '<receiveTask id="b" messageRef="paid"/>')
    assert at(problems, "g", "may not be mixed") and at(problems, "b", "never triggered")
