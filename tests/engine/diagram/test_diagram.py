"""A BPMN file becomes facts, or problems with element and line."""

from pathlib import Path

import pytest

from engine.diagram import Assignment, Deadline, DecisionCall, Event, OperationCall, Outcome, read_diagram
from engine.errors import DefinitionInvalid

LEAVE = (Path(__file__).parents[2] / "data/diagrams/leave.bpmn").read_bytes()


@pytest.fixture(scope="module")
def leave():
    return read_diagram("process.bpmn", LEAVE).processes[0]


def changed(old, new):
    assert old.encode() in LEAVE
    return LEAVE.replace(old.encode(), new.encode(), 1)


def problems_of(data):
    with pytest.raises(DefinitionInvalid) as caught:
        read_diagram("process.bpmn", data)
    return caught.value.problems


def only_problem(old, new):
    problems = problems_of(changed(old, new))
    assert len(problems) == 1, [problem.text("en") for problem in problems]
    return problems[0]


def test_a_process_has_its_names_case_texts_and_cancellers(leave):
    assert (leave.id, leave.name, leave.executable) == ("leave", ("请假", "Leave"), True)
    assert (leave.number, leave.title, leave.summary) == ("QJ{year}-{seq:04}", "=request.reason", "request.days")
    assert leave.description == ("职工请假", "A leave")
    assert leave.cancellers == (Assignment("head", "ancestor", ("city", "province")),)
    assert leave.articles == ("3",)


def test_who_may_start_and_on_which_form_comes_from_the_start_event(leave):
    assert leave.starters == (Assignment("worker", "same"),)
    assert leave.start_form == "request"
    assert leave.start.id == "request"


def test_an_english_name_falls_back_to_the_chinese_one(leave):
    assert leave.lanes["staff"].name == ("职工", "职工")
    assert leave.elements["review"].outcomes[1].name == ("退回", "退回")


def test_a_user_task_has_its_form_outcomes_deadline_and_articles(leave):
    review = leave.elements["review"]
    assert (review.form, review.into) == ("review", "review")
    assert review.outcomes == (
        Outcome("pass", ("同意", "Agree"), "approve"),
        Outcome("back", ("退回", "退回"), "return", "required", ("review", "sign")),
    )
    assert review.outcomes[0].decides and not review.outcomes[1].decides
    assert review.deadline == Deadline("=5", 2)
    assert review.not_actor_of == ("request",)
    assert review.articles == ("3", "4")


def test_a_task_takes_the_assignment_of_its_innermost_lane(leave):
    assert leave.elements["review"].assignments == (Assignment("clerk", "same", ("county",)),)
    assert leave.elements["sign"].lane_id == "chief"
    assert leave.elements["sign"].assignments == (Assignment("head", "ancestor"),)


def test_an_inner_lane_without_assignment_takes_the_outer_one(leave):
    assert leave.elements["file"].assignments == (Assignment("clerk", "same", ("county",)),)


def test_an_element_of_a_sub_process_knows_its_parent_and_is_in_the_lane_around_it(leave):
    data = changed("<flowNodeRef>review</flowNodeRef>", "<flowNodeRef>close</flowNodeRef>")
    inside = read_diagram("process.bpmn", data).processes[0].elements["begin"]
    assert (inside.parent, inside.lane_id) == ("close", "office")
    assert leave.flows["inner_1"].parent == "close"


def test_services_decisions_scripts_and_calls_are_facts(leave):
    parameters = (("register", '="leave"'), ("days", "=request.days"))
    assert leave.elements["file"].operation == OperationCall("register.create", parameters, "filed")
    assert leave.elements["rate"].decision == DecisionCall("rate_of", (("d", "1"),), "rate")
    assert leave.elements["count"].script.text == "{ total: 1 }"
    assert leave.elements["call"].called == "other"


def test_events_say_kind_time_code_and_whether_they_interrupt(leave):
    remind = leave.elements["remind"]
    assert remind.event == Event("timer", timer="duration", text="P3D")
    assert (remind.attached_to, remind.interrupting) == ("review", False)
    assert leave.elements["failed"].event == Event("error", "too_late", "逾期", "LATE")
    assert leave.elements["done"].event is None


def test_loops_are_facts(leave):
    loop = leave.elements["sign"].loop
    assert loop.sequential and loop.cardinality == "3" and not loop.standard


def test_flows_have_conditions_and_join_their_elements(leave):
    assert leave.flows["yes"].condition == '=review.outcome = "pass"'
    assert leave.flows["yes"].name == ("同意", "Yes")
    assert leave.flows["no"].condition is None
    assert leave.elements["agreed"].incoming == ("f2",)
    assert leave.elements["agreed"].outgoing == ("yes", "no")
    assert leave.elements["agreed"].default == "no"


def test_the_prefix_of_a_namespace_does_not_matter(leave):
    data = LEAVE.replace(b"g:", b"gw:").replace(b"xmlns:g=", b"xmlns:gw=")
    assert read_diagram("process.bpmn", data).processes[0] == leave


def test_the_bytes_are_kept_as_they_came():
    assert read_diagram("process.bpmn", LEAVE).xml == LEAVE


def test_an_unknown_extension_element_is_told_with_element_and_line():
    problem = only_problem('<g:deadline workingDays="=5" warnDays="2"/>', '<g:deadlin workingDays="=5"/>')
    assert (problem.file, problem.place) == ("process.bpmn", "review")
    assert "line 37" in problem.text("en") and "第37行" in problem.text("zh") and "deadlin" in problem.text("zh")


def test_an_unknown_extension_attribute_is_told():
    problem = only_problem('warnDays="2"', 'warndays="2"')
    assert problem.place == "review" and "warndays" in problem.text("zh")
    assert only_problem('g:nameEn="Review"', 'g:nameEng="Review"').place == "review"


def test_a_missing_required_attribute_is_told():
    assert "workingDays" in only_problem('workingDays="=5" ', "").text("en")
    assert "kind" in only_problem(' kind="approve"', "").text("en")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind="approve"', 'kind="agree"'),
        ('where="ancestor" kinds', 'where="above" kinds'),
        ('opinion="required"', 'opinion="must"'),
        ('warnDays="2"', 'warnDays="two"'),
        ('<g:article number="4"/>', '<g:article number="four"/>'),
    ],
)
def test_a_value_outside_the_vocabulary_is_told(old, new):
    assert "not valid" in only_problem(old, new).text("en")


def test_an_extension_in_the_wrong_place_is_told():
    problem = only_problem(
        '<lane id="desk" name="窗口">',
        '<lane id="desk" name="窗口"><extensionElements><g:form ref="x"/></extensionElements>',
    )
    assert problem.place == "desk" and "does not belong" in problem.text("en")


def test_an_extension_given_twice_is_told():
    assert "only once" in only_problem('<g:form ref="review"/>', '<g:form ref="review"/><g:form ref="other"/>').text(
        "en"
    )


def test_two_elements_with_one_id_are_told():
    problem = only_problem('<endEvent id="done"/>', '<endEvent id="done"/><endEvent id="review"/>')
    assert problem.place == "review" and "twice" in problem.text("en") and "line 32" in problem.text("en")


def test_an_element_without_id_is_told():
    assert "no id" in only_problem('<callActivity id="call"', "<callActivity").text("en")


def test_an_element_in_two_lanes_is_told():
    problem = only_problem(
        "<flowNodeRef>request</flowNodeRef>", "<flowNodeRef>request</flowNodeRef><flowNodeRef>file</flowNodeRef>"
    )
    assert problem.place == "desk" and "two lanes" in problem.text("en")


def test_every_problem_of_a_file_is_told_at_once():
    data = changed('kind="approve"', 'kind="agree"').replace(b'warnDays="2"', b'warnDays="two"')
    assert len(problems_of(data)) == 2


@pytest.mark.parametrize("data", [b"", b"<a/>", b"<definitions/>", b"<!DOCTYPE a><a/>", b"\xff\xff"])
def test_what_is_no_bpmn_file_is_a_problem_and_no_crash(data):
    assert problems_of(data)[0].file == "process.bpmn"
