"""Gateways: every way out is decided, and no condition stands where it is ignored."""

from tests.engine.checks.tiny import at, check, end, errors, gateway, only, start, user


def choice(flows, default="", kind="exclusive", *more):
    return check(
        start(), user(), gateway("g", kind, default), user("a"), end(), *more, flows=f"begin>review>g; a>end; {flows}"
    )


def test_a_gateway_with_conditions_and_a_default_is_fine():
    assert errors(choice("g>a?true; g>end", default="g_end")) == []


def test_a_way_out_without_condition_that_is_not_the_default_is_refused():
    problem = only(choice("g>a?true; g>end"))
    assert problem.place == "g_end" and "not the default" in problem.en and "默认连线" in problem.zh


def test_an_empty_condition_is_refused_like_a_missing_one():
    empty = '<sequenceFlow id="g_end" name="否" sourceRef="g" targetRef="end"><conditionExpression/></sequenceFlow>'
    assert only(choice("g>a?true", "", "exclusive", empty)).place == "g_end"


def test_a_default_with_a_condition_is_refused():
    problem = only(choice("g>a?true; g>end?true", default="g_end"))
    assert problem.place == "g_end" and "no condition" in problem.en


def test_a_default_that_leaves_another_element_is_refused():
    problem = only(choice("g>a?true; g>end?false", default="begin_review"))
    assert problem.place == "g" and "does not leave" in problem.en


def test_an_exclusive_gateway_without_default_is_warned_about():
    problems = choice("g>a?true; g>end?false")
    assert errors(problems) == []
    assert at(problems, "g", "no default flow").severity == "warning"


def test_an_inclusive_gateway_is_held_to_the_same_rules():
    assert only(choice("g>a?true; g>end", kind="inclusive")).place == "g_end"


def test_a_condition_on_the_only_way_out_is_refused():
    problem = only(check(start(), user(), gateway("g"), end(), flows="begin>review>g; g>end?true"))
    assert problem.place == "g_end" and "stops when it is false" in problem.en


def test_a_condition_after_a_parallel_gateway_is_refused_because_it_is_ignored():
    problem = at(choice("g>a?true; g>end", kind="parallel"), "g_a", "never looked at")
    assert "排他网关" in problem.hint_zh


def test_a_condition_after_a_task_is_refused_because_it_is_ignored():
    assert only(check(start(), user(), end(), flows="begin>review; review>end?true")).place == "review_end"


def test_a_default_flow_of_a_task_is_refused_because_it_is_ignored():
    task = user().replace("<userTask ", '<userTask default="review_end" ', 1)
    problem = only(check(start(), task, end(), flows="begin>review>end"))
    assert problem.place == "review" and "no effect" in problem.en


def test_a_nameless_way_out_of_a_gateway_is_warned_about():
    nameless = '<sequenceFlow id="g_end" sourceRef="g" targetRef="end"/>'
    problems = choice("g>a?true", "g_end", "exclusive", nameless)
    assert errors(problems) == [] and at(problems, "g_end", "no name")


def test_a_gateway_that_does_nothing_is_warned_about():
    problems = check(start(), user(), gateway("g"), end(), flows="begin>review>g>end")
    assert errors(problems) == [] and at(problems, "g", "neither splits nor joins")


def test_two_timers_after_an_event_based_gateway_are_refused_because_they_would_share_one_time():
    timer = "<timerEventDefinition><timeDuration>PT{}H</timeDuration></timerEventDefinition>"
    events = [
        f'<intermediateCatchEvent id="t{hours}">{timer.format(hours)}</intermediateCatchEvent>' for hours in (1, 2)
    ]
    problems = check(start(), gateway("g", "eventBased"), *events, end(), flows="begin>g>t1>end; g>t2>end")
    assert at(problems, "g", "share one time")


def test_a_task_after_an_event_based_gateway_is_refused():
    problems = check(start(), gateway("g", "eventBased"), user("a"), user("b"), end(), flows="begin>g>a>end; g>b>end")
    assert at(problems, "g", "only catching events")
