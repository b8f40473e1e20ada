"""The token game: stuck joins, branches that run double or without end, what is never reached, and the way there."""

import random
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.checks import tokens
from engine.checks.report import Page, Report
from engine.checks.soundness import check_soundness
from engine.diagram import read_diagram
from tests.engine.checks import reference
from tests.engine.checks.rewired import rewired
from tests.engine.checks.tiny import at, check, end, errors, gateway, only, start, sub, user
from tests.engine.runtime import drawing, models

MESSAGES = (
    '<message id="paid" name="已付款"/><error id="bad" errorCode="bad"/><escalation id="over" escalationCode="over"/>'
)


def boundary(id="late", host="review", interrupting=True, inner='<messageEventDefinition messageRef="paid"/>'):
    stays = "" if interrupting else ' cancelActivity="false"'
    return f'<boundaryEvent id="{id}" attachedToRef="{host}"{stays}>{inner}</boundaryEvent>'


def test_a_parallel_join_of_an_exclusive_choice_waits_forever_and_the_shortest_way_is_shown():
    problem = only(
        check(
            start(), gateway("choice", default="choice_a"), user("a", name="甲"), user("b"), gateway("join", "parallel"),
            end(), flows="begin>choice>a>join>end; choice>b?a.n = 1; b>join",
        )
    )  # fmt: skip
    assert problem.place == "join" and "forever" in problem.text("en")
    assert "Shortest path: begin → choice → a → join." in problem.text("en")
    assert "最短路径：申请 → choice → 甲 → join。" in problem.text("zh")
    assert problem.walk == ("begin", "choice", "a", "join")


def test_the_shortest_of_several_ways_is_shown():
    problem = only(
        check(
            start(), gateway("choice", default="choice_a"), user("a"), user("a2"), user("a3"), user("b"), user("c"),
            gateway("merge"), gateway("join", "parallel"), end(),
            flows="begin>choice>a>a2>a3>merge>join>end; choice>b?a.n = 1; b>merge; choice>c?a.n = 2; c>join",
        )
    )  # fmt: skip
    assert "path: begin → choice → c → join." in problem.text("en")


def test_parallel_branches_that_are_not_joined_are_warned_about_because_the_next_task_is_done_twice():
    problems = check(
        start(), gateway("split", "parallel"), user("a"), user("b"), user("late"), user("more"), user("c"), end(),
        flows="begin>split>a>late>more>end; split>b>late; split>c>end",
    )  # fmt: skip
    warning = at(problems, "late", "done twice")
    assert errors(problems) == [] and "path: begin → split → a → late → b → late." in warning.text("en")


def test_a_round_that_makes_more_branches_every_time_is_refused():
    problems = check(
        start(), gateway("again"), gateway("split", "parallel"), user("a"), user("b"), gateway("g", default="g_end"),
        end(), flows="begin>again>split>a>g>end; split>b>end; g>again?a.n = 1",
    )  # fmt: skip
    assert "without end" in only(problems).text("en")


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_branches_joined_by_the_gateway_that_split_them_are_fine(kind):
    condition = "?a.n = 1" if kind == "inclusive" else ""
    problems = check(
        start(), gateway("split", kind, default="split_b" if condition else ""), user("a"), user("b"),
        gateway("join", kind), end(),
        flows=f"begin>split; split>a{condition}; split>b; a>join>end; b>join",
    )  # fmt: skip
    assert problems == ()


def test_a_terminate_end_ends_every_branch():
    stop = end("stop", "<terminateEventDefinition/>")
    problems = check(
        start(), gateway("split", "parallel"), user("a"), user("b"), gateway("join", "parallel"), stop, end(), user("c"),
        gateway("g", default="g_stop"), flows="begin>split>a>join>end; split>b>g>stop; g>c?b.n = 1; c>join",
    )  # fmt: skip
    assert errors(problems) == []


def test_the_default_flow_of_an_inclusive_gateway_is_taken_alone():
    problems = check(
        start(), gateway("split", "inclusive", "split_b"), user("a"), user("b"), gateway("merge"), user("c"), end(),
        flows="begin>split; split>a?case.n = 1; split>b; a>merge>c>end; b>merge",
    )  # fmt: skip
    assert problems == ()


def test_flows_that_feel_keeps_apart_do_not_meet():
    task = user()
    flows = "begin>review; review>a?review.n > 1; review>b?{}; a>merge; b>merge>end"
    apart, together = (
        check(start(), task, user("a"), user("b"), gateway("merge"), end(), flows=flows.format(condition))
        for condition in ("review.n <= 1", "review.n != 7")
    )
    assert not [p for p in apart if "twice" in p.text("en")] and at(together, "merge", "twice")


def test_a_branch_that_an_interrupting_event_takes_away_starves_the_join():
    problem = only(
        check(
            start(), gateway("split", "parallel"), user(), user("b"), boundary(), gateway("join", "parallel"),
            end(), end("out"), flows="begin>split>review>join>end; split>b>join; late>out", head=MESSAGES,
        )
    )  # fmt: skip
    assert problem.place == "join" and "path: begin → split → b → late → out → join." in problem.text("en")


def test_a_branch_beside_the_work_ends_by_itself():
    aside = boundary(interrupting=False)
    problems = check(
        start(),
        user(),
        aside,
        user("remind"),
        end(),
        end("out"),
        flows="begin>review>end; late>remind>out",
        head=MESSAGES,
    )
    assert errors(problems) == [] and not [p for p in problems if "twice" in p.text("en")]


def test_a_branch_beside_the_work_may_come_to_the_same_task_for_that_is_what_it_says():
    problems = check(
        start(), user(), boundary(interrupting=False), user("remind"), user("last"), end(),
        flows="begin>review>last>end; late>remind>last", head=MESSAGES,
    )  # fmt: skip
    assert errors(problems) == [] and not [p for p in problems if "twice" in p.text("en")]


def test_a_branch_beside_the_work_that_comes_into_a_join_leaves_a_token_there():
    problem = only(
        check(
            start(), gateway("split", "parallel"), user(), user("b"), boundary(interrupting=False), gateway("merge"),
            gateway("join", "parallel"), end(),
            flows="begin>split>review>merge>join>end; split>b>join; late>merge", head=MESSAGES,
        )
    )  # fmt: skip
    assert problem.place == "join" and "late" in problem.text("en")


def test_a_stuck_join_inside_a_sub_process_is_told_with_the_way_into_it():
    inner = sub(
        "inner", start("in"), gateway("choice", default="choice_a"), user("a"), user("b"), gateway("join", "parallel"),
        end("out"), flows="in>choice>a>join>out; choice>b?a.n = 1; b>join",
    )  # fmt: skip
    problem = only(check(start(), user(), inner, end(), flows="begin>review>inner>end"))
    assert problem.place == "join" and "path: begin → review → inner → in → choice → a → join." in problem.text("en")


def test_what_follows_a_sub_process_that_only_fails_is_never_reached():
    fails = end("fail", '<errorEventDefinition errorRef="bad"/>')
    inner = sub("inner", start("in"), user(), fails, flows="in>review>fail")
    caught = boundary("failed", "inner", inner='<errorEventDefinition errorRef="bad"/>')
    problems = check(
        start(), inner, caught, user("next"), end(), end("out"), flows="begin>inner>next>end; failed>out", head=MESSAGES
    )
    assert errors(problems) == [] and at(problems, "next", "never reached")
    assert not [p for p in problems if p.place == "end" and "never reached" in p.text("en")]  # told once


def test_an_escalation_that_interrupts_takes_the_other_branches_with_it():
    raised = end("raise", '<escalationEventDefinition escalationRef="over"/>')
    inner = sub(
        "inner", start("in"), gateway("split", "parallel"), user("a"), user("b"), raised, gateway("join", "parallel"),
        gateway("g", default="g_raise"), end("out"), flows="in>split>a>g>raise; g>join?a.n = 1; split>b>join>out",
    )  # fmt: skip
    told = {}
    for interrupting in (True, False):
        caught = boundary("raised", "inner", interrupting, '<escalationEventDefinition escalationRef="over"/>')
        told[interrupting] = errors(
            check(start(), inner, caught, end(), end("out2"), flows="begin>inner>end; raised>out2", head=MESSAGES)
        )
    assert told[True] == [] and [problem.place for problem in told[False]] == ["join"]


def test_sixty_parallel_tasks_are_looked_at_as_one():
    names = [f"p{i}" for i in range(60)]
    flows = ";".join(f"split>{name}>join" for name in names)
    problems = check(
        start(), gateway("split", "parallel"), *(user(name) for name in names), gateway("join", "parallel"), end(),
        flows=f"begin>split; join>end; {flows}",
    )  # fmt: skip
    assert problems == ()


def test_where_there_is_too_much_to_look_at_it_is_said_how_much_was(monkeypatch):
    monkeypatch.setattr(tokens, "MAX_MARKINGS", 300)
    parts, flows = [], ["begin>split; join>end"]
    for i in range(8):
        parts += [
            gateway(f"g{i}", "inclusive", f"g{i}_a{i}"),
            user(f"a{i}"),
            user(f"b{i}"),
            gateway(f"m{i}", "inclusive"),
        ]
        flows.append(f"split>g{i}>a{i}>m{i}>join; g{i}>b{i}?a{i}.n = 1; b{i}>m{i}")
    ends = [start(), gateway("split", "parallel"), gateway("join", "parallel"), end()]
    problems = check(*ends, *parts, flows="; ".join(flows))
    warning = at(problems, "tiny", "too many parallel branches")
    looked = re.search(r"in the (\d+) situations", warning.text("en"))
    assert errors(problems) == [] and warning.severity == "warning"
    assert looked and 0 < int(looked[1]) <= 300 and f"{looked[1]}种情形" in warning.text("zh")


def test_branches_with_choices_that_come_together_again_are_looked_at_as_one():
    parts, flows = [], ["begin>split; join>end"]
    for i in range(30):
        parts += [gateway(f"g{i}", default=f"g{i}_a{i}"), user(f"a{i}"), user(f"b{i}"), gateway(f"m{i}")]
        flows.append(f"split>g{i}>a{i}>m{i}>join; g{i}>b{i}?case.n = 1; b{i}>m{i}")
    ends = [start(), gateway("split", "parallel"), gateway("join", "parallel"), end()]
    assert check(*ends, *parts, flows="; ".join(flows)) == ()


def test_links_are_followed():
    link = '<linkEventDefinition name="far"/>'
    problem = only(
        check(
            start(), gateway("choice", default="choice_jump"), user("b"), user("c"), user("d"), gateway("join", "parallel"), end(),
            f'<intermediateThrowEvent id="jump">{link}</intermediateThrowEvent>',
            f'<intermediateCatchEvent id="land">{link}</intermediateCatchEvent>',
            flows="begin>choice>jump; land>join>end; choice>b?case.n = 1; b>c>d>join",
        )
    )  # fmt: skip
    assert "path: begin → choice → jump → land → join." in problem.text("en")


def played(xml):
    """What the token game says of a model: ("stuck", where, the way to it), the same with "swells" and "double", or ("fine",)."""
    diagram, report = read_diagram("process.bpmn", xml), Report()
    page = Page("process.bpmn", diagram.processes[0], True, report)
    check_soundness(page)
    if errors(report.problems):
        return None
    tokens.check_tokens([page], {})
    found = [(problem, problem.text("en")) for problem in report.problems]
    for words, what in (("forever", "stuck"), ("without end", "swells"), ("done twice", "double")):
        for problem, text in found:
            if words in text:
                return what, problem.place, problem.walk
    return ("fine",)


@settings(max_examples=150, deadline=None)
@given(models.models())
def test_a_well_structured_model_is_found_sound(model):
    assert played(drawing.bpmn(model)) == ("fine",)


@settings(max_examples=300, deadline=None)
@example(models.Par((models.Task("t1"), models.Choice(models.Task("t2"), (models.Task("t3"), models.Task("t4"))))), 5)
@given(models.models(7), st.integers(0, 2**40))
def test_of_a_bent_model_a_plain_play_of_every_step_says_the_same(model, seed):
    xml = rewired(drawing.bpmn(model), random.Random(seed))
    if re.search(rb"subProcess|Event(Based|Definition)|eventBased", xml):
        return  # the plain play knows none
    found = played(xml)
    process = read_diagram("process.bpmn", xml).processes[0]
    expected = reference.play(process) if found else None
    if found is None or expected is None:
        return
    if found[0] == "stuck":
        assert expected.stuck == len(found[2]) - 1 and found[2][-1] == found[1]  # the shortest way, and no other
        assert reference.starves(process, found[2])
    elif found[0] == "swells":
        assert expected.most > 1
    else:
        assert expected.stuck is None and (expected.most > 1) is (found[0] == "double")
