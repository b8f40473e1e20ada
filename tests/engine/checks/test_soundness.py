"""The shape of a process: begins, ends, nothing lost, no token stuck."""

from tests.engine.checks.tiny import (
    at,
    check,
    checked,
    end,
    errors,
    folder,
    gateway,
    only,
    process,
    script,
    start,
    sub,
    user,
)


def test_a_sound_diagram_has_no_problem():
    assert errors(check(start(), user(), end(), flows="begin>review>end")) == []


def test_a_process_without_a_start_event_is_refused():
    assert at(check(user(), end(), flows="review>end"), "tiny", "no start event")


def test_a_second_start_event_is_refused():
    problem = only(check(start(), start("again"), user(), end(), flows="begin>review>end; again>review"))
    assert problem.place == "again" and "only one start" in problem.text("en")


def test_a_process_without_an_end_event_is_refused():
    problem = only(check(start(), user(), flows="begin>review"))
    assert problem.place == "tiny" and "no end event" in problem.text("en") and "没有结束事件" in problem.text("zh")


def test_an_element_that_cannot_be_reached_is_refused():
    problem = only(check(start(), user(), user("lost"), end(), flows="begin>review>end; lost>end"))
    assert problem.place == "lost" and "cannot be reached" in problem.text("en")


def test_an_element_from_which_no_end_is_reachable_is_refused():
    problem = only(
        check(
            start(), gateway("g", default="g_end"), user("stuck"), end(),
            flows="begin>g>end; g>stuck?true",
        )
    )  # fmt: skip
    assert problem.place == "stuck" and "no end event can be reached" in problem.text("en")


def test_a_flow_to_nowhere_is_refused():
    problem = at(check(start(), user(), end(), flows="begin>review>end; review>nobody"), "review_nobody", "nobody")
    assert "不存在" in problem.text("zh")


def test_a_flow_across_the_border_of_a_sub_process_is_refused():
    inner = sub("inner", start("in_begin"), user("within"), end("in_end"), flows="in_begin>within>in_end")
    problems = check(start(), inner, end(), flows="begin>inner>end; within>end")
    assert at(problems, "within_end", "crosses the border")


def test_a_sub_process_needs_its_own_start_and_end():
    inner = sub("inner", user("within"))
    problems = check(start(), inner, end(), flows="begin>inner>end")
    assert at(problems, "inner", "no start event") and at(problems, "inner", "no end event")


def test_an_empty_sub_process_is_refused():
    assert at(check(start(), sub("inner"), end(), flows="begin>inner>end"), "inner", "empty")


def test_a_flow_into_a_start_event_is_refused():
    problems = check(start(), user(), gateway("g", default="g_end"), end(), flows="begin>review>g>end; g>begin?true")
    assert only(problems).place == "begin"


def test_a_flow_out_of_an_end_event_is_refused():
    problems = check(start(), user(), end(), end("last"), flows="begin>review>end>last")
    assert only(problems).place == "end"


def test_two_flows_out_of_a_task_are_pointed_out_for_both_are_taken():
    problems = check(start(), user(), end(), end("other"), flows="begin>review>end; review>other")
    assert errors(problems) == []
    assert "网关" in at(problems, "review", "2 flows without a condition").text("zh")


def test_a_loop_without_a_person_is_refused():
    problem = only(
        check(
            start(), gateway("join"), script(), gateway("g", default="g_end"), end(),
            flows="begin>join>count>g>end; g>join?total > 3",
        )
    )  # fmt: skip
    assert "go round" in problem.text("en") and "自动循环" in problem.text("zh")


def test_a_loop_through_a_person_is_fine():
    problems = check(
        start(), user(outcomes=("pass", "again")), gateway("g", default="g_end"), end(),
        flows='begin>review>g>end; g>review?review.outcome = "again"',
    )  # fmt: skip
    assert errors(problems) == []


def test_a_loop_through_a_sub_process_with_a_person_is_fine():
    inner = sub("inner", start("in_begin"), user("within"), end("in_end"), flows="in_begin>within>in_end")
    problems = check(
        start(), gateway("join"), inner, gateway("g", default="g_end"), end(),
        flows='begin>join>inner>g>end; g>join?within.outcome = "pass"',
    )  # fmt: skip
    assert errors(problems) == []


def test_a_link_leads_on_and_back():
    jump, land = (f'<intermediate{t}Event id="{o}"><linkEventDefinition name="far"/></intermediate{t}Event>'
                  for t, o in (("Throw", "jump"), ("Catch", "land")))  # fmt: skip
    assert errors(check(start(), user(), jump, land, user("b"), end(), flows="begin>review>jump; land>b>end")) == []
    round_ = check(
        start(), gateway("join"), script(), gateway("g", default="g_end"), jump, land, end(),
        flows="begin>join>count>g>end; g>jump?total > 3; land>join",
    )  # fmt: skip
    assert "go round" in only(round_).text("en")


def test_a_loop_that_waits_for_an_event_is_fine():
    wait = "<intermediateCatchEvent id='wait'><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    problems = check(
        start(), gateway("join"), wait, script(), gateway("g", default="g_end"), end(),
        flows="begin>join>wait>count>g>end; g>join?total > 3",
    )  # fmt: skip
    assert errors(problems) == []


def test_a_process_too_large_to_be_parsed_safely_is_refused():
    steps = [f"s{i}" for i in range(220)]
    problem = only(check(start(), *(user(step) for step in steps), end(), flows=">".join(["begin", *steps, "end"])))
    assert problem.place == "tiny" and "limit is 200 and 400" in problem.text("en")


def test_an_id_used_in_two_files_is_refused():
    other = process(start("begin2"), user(), end("end2"), flows="begin2>review>end2", id="other", case="")
    problems = checked(folder(process(start(), user(), end(), flows="begin>review>end"), {"other.bpmn": other}))
    assert only(problems).place == "review" and "also used in" in only(problems).text("en")
