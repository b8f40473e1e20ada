"""Branches side by side do not overwrite each other."""

from tests.engine.checks.tiny import check, end, errors, gateway, only, script, start, sub, user

FLOWS = "begin>split>a>join>end; split>b>join"


def written(id, into):
    return user(id, form="").replace("<gw:outcome", f'<gw:form ref="sheet" into="{into}"/><gw:outcome', 1)


def side_by_side(a, b, flows=FLOWS, *more):
    return check(start(), gateway("split", "parallel"), a, b, gateway("join", "parallel"), end(), *more, flows=flows)


def test_branches_with_variables_of_their_own_are_fine():
    assert errors(side_by_side(user("a"), user("b"))) == []


def test_two_branches_that_write_one_variable_are_refused():
    problem = only(side_by_side(written("a", "opinion"), written("b", "opinion")))
    assert "“opinion”" in problem.text("en") and "互相覆盖" in problem.text("zh") and "每个分支" in problem.text("zh")


def test_a_script_and_a_task_may_not_write_the_same_either():
    assert "“total”" in only(side_by_side(script("a"), written("b", "total"))).text("en")


def test_a_writer_inside_a_sub_process_counts():
    inner = sub("a", start("a_begin"), written("deep", "opinion"), end("a_end"), flows="a_begin>deep>a_end")
    assert "“opinion”" in only(side_by_side(inner, written("b", "opinion"))).text("en")


def test_inclusive_branches_are_held_to_the_same_rule():
    problems = check(
        start(), user(), gateway("split", "inclusive", default="split_join"), written("a", "x"), written("b", "x"),
        gateway("join", "inclusive"), end(),
        flows="begin>review>split>join>end; split>a?review.n > 1; split>b?review.n > 2; a>join; b>join",
    )  # fmt: skip
    assert "“x”" in only(problems).text("en")


def test_the_default_branch_is_never_taken_beside_one_with_a_condition():
    problems = check(
        start(), user(), gateway("split", "inclusive", default="split_b"), written("a", "x"), written("b", "x"),
        gateway("join", "inclusive"), end(), flows="begin>review>split>b>join>end; split>a?review.n > 1; a>join",
    )  # fmt: skip
    assert errors(problems) == []


def test_writing_the_same_after_the_branches_have_met_is_fine():
    problems = side_by_side(user("a"), user("b"), "begin>split>a>join>last>end; split>b>join", written("last", "a"))
    assert errors(problems) == []


def test_exclusive_branches_may_write_the_same():
    problems = check(
        start(), gateway("split", default="split_b"), written("a", "x"), written("b", "x"), gateway("join"), end(),
        flows="begin>split>b>join>end; split>a?true; a>join",
    )  # fmt: skip
    assert errors(problems) == []


def test_a_round_back_before_the_split_does_not_count_as_a_branch():
    problems = check(
        start(), gateway("again"), gateway("split", "parallel"), user("a"), user("b"), gateway("join", "parallel"),
        user("last", outcomes=("pass", "back")), gateway("g", default="g_end"), end(),
        flows='begin>again>split>a>join>last>g>end; split>b>join; g>again?last.outcome = "back"',
    )  # fmt: skip
    assert errors(problems) == []


def test_the_plain_flows_of_a_task_are_parallel_too():
    problems = check(
        start(), user(), written("a", "x"), written("b", "x"), end(), flows="begin>review>a>end; review>b>end"
    )  # fmt: skip
    assert "“x”" in only(problems).text("en")


def test_flows_that_are_never_taken_together_may_write_the_same():
    flows = "begin>review>split; split>a?{}; split>b; a>join>end; b>join; split>c?{}; c>join"
    for other, good in (("review.n < 1", True), ("review.n > 2", False)):
        problems = check(
            start(), user(), gateway("split", "inclusive", default="split_b"), written("a", "x"), written("c", "x"),
            user("b"), gateway("join", "inclusive"), end(), flows=flows.format("review.n > 1", other),
        )  # fmt: skip
        assert (errors(problems) == []) is good


def test_what_the_instances_of_a_multi_instance_write_is_their_own():
    many = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    both = (written(own, "x").replace("</userTask>", f"{many}</userTask>") for own in ("a", "b"))
    assert errors(side_by_side(*both)) == []
