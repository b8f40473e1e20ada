"""What the engine does not run is refused by name, with element, line and reason."""

import re

import pytest

from tests.engine.checks.tiny import at, check, checked, drawn, end, errors, folder, only, process, start, user

SIMPLE = "begin>review>end"


@pytest.mark.parametrize(
    ("element", "named"),
    [
        ('<task id="x"/>', "用户任务"),
        ('<manualTask id="x"/>', "手工任务"),
        ('<choreographyTask id="x"/>', "choreographyTask"),
    ],
)
def test_an_element_that_does_not_run_is_refused_by_its_name(element, named):
    problem = at(check(start(), user(), element, end(), flows="begin>review>x>end"), "x", "is refused")
    assert named in problem.text("zh") + problem.text("zh") and "第1行" in problem.text("zh")


@pytest.mark.parametrize(
    "inner",
    [
        '<ioSpecification><dataInput id="x"/></ioSpecification>',
        '<property id="x"/>',
        "<dataInputAssociation/>",
        "<correlationSubscription/>",
    ],
)
def test_what_would_be_ignored_inside_an_element_is_refused_once(inner):
    problem = only(check(start(), user(inner=inner), end(), flows=SIMPLE))
    assert "is refused" in problem.text("en") and problem.place in {"review", "x"}


@pytest.mark.parametrize("tag", ["correlationKey", "globalTask", "choreography"])
def test_what_would_be_ignored_beside_the_process_is_refused(tag):
    problem = only(check(start(), user(), end(), flows=SIMPLE, head=f'<{tag} id="x"/>'))
    assert problem.place == "x" and tag in problem.text("en")


@pytest.mark.parametrize(
    "inner",
    [
        "<timerEventDefinition/>",
        "<timeCycle>R/P1D</timeCycle>",
        "<loopCondition>true</loopCondition>",
        "<script/>",
        "<endEvent id='y'/>",
    ],
)
def test_what_nobody_looks_for_where_it_stands_is_refused(inner):
    assert any(
        "does not belong here" in p.text("en") for p in errors(check(start(), user(inner=inner), end(), flows=SIMPLE))
    )


def test_a_part_that_stands_twice_is_refused():
    twice = '<scriptTask id="count" scriptFormat="feel"><script>{ a: 1 }</script><script>{ a: 2 }</script></scriptTask>'
    assert "only once" in only(check(start(), twice, end(), flows="begin>count>end")).text("en")


def test_an_activity_that_repeats_in_two_ways_is_refused():
    many = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    task = user(inner=f'{many}<standardLoopCharacteristics loopMaximum="3"/>')
    assert at(check(start(), task, end(), flows=SIMPLE), "review", "one way only")


def test_a_start_event_that_does_not_interrupt_is_refused():
    begin = start().replace("<startEvent ", '<startEvent isInterrupting="false" ')
    assert at(check(begin, user(), end(), flows=SIMPLE), "begin", "isInterrupting")


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("instantiate", "true"),
        ("startQuantity", "0"),
        ("completionQuantity", "many"),
        ("cancelActvity", "1"),
    ],
)
def test_an_attribute_that_would_be_ignored_is_refused(attribute, value):
    task = user().replace("<userTask ", f'<userTask {attribute}="{value}" ', 1)
    assert attribute in only(check(start(), task, end(), flows=SIMPLE)).text("en")


def test_the_same_attribute_with_its_ordinary_value_is_fine():
    task = user().replace("<userTask ", '<userTask isForCompensation="false" startQuantity="1" ', 1)
    assert errors(check(start(), task, end(), flows=SIMPLE)) == []


@pytest.mark.parametrize(
    ("loop", "named"),
    [('behavior="One"', "behavior"), ('noneBehaviorEventRef="x"', "noneBehaviorEventRef"), ('behavior="All"', "")],
)
def test_a_multi_instance_that_throws_events_of_its_own_is_refused(loop, named):
    inner = f"<multiInstanceLoopCharacteristics {loop}><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    found = errors(check(start(), user(inner=inner), end(), flows=SIMPLE))
    assert [named in problem.text("en") for problem in found] == ([True] if named else [])


@pytest.mark.parametrize(
    ("tag", "attribute"), [("transaction", 'method="##Image"'), ("transaction", 'triggeredByEvent="true"')]
)
def test_a_transaction_that_is_none_is_refused(tag, attribute):
    inner = f'<{tag} id="t" {attribute}>{start("in")}{user("deep")}{end("out")}{drawn("in>deep>out")}</{tag}>'
    assert at(check(start(), inner, end(), flows="begin>t>end"), "t", "trans")


def test_an_attribute_with_a_prefix_of_bpmn_is_refused_because_nobody_reads_it():
    data = process(start(), user(), end(), flows=SIMPLE).replace(
        b"<userTask ", b'<userTask xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" b:default="x" '
    )
    assert "may not have a prefix" in only(checked(folder(data))).text("en")


def test_the_process_of_somebody_else_may_hold_anything_for_it_is_only_drawn():
    theirs = '<process id="theirs"><task id="a"/><complexGateway id="b"/></process>'
    assert errors(check(start(), user(), end(), flows=SIMPLE, more=theirs)) == []


def test_assignment_in_the_bpmn_way_is_refused_with_the_way_of_the_house():
    owner = "<potentialOwner><resourceRef>x</resourceRef></potentialOwner>"
    assert "泳道" in only(check(start(), user(inner=owner), end(), flows=SIMPLE)).text("zh")


def test_a_data_association_is_a_warning_where_it_is_drawn_only_and_refused_where_it_carries_data():
    paper = '<dataObject id="d"/><dataObjectReference id="paper" name="申请表" dataObjectRef="d"/>'
    assert errors(check(start(), user(), end(), paper, flows=SIMPLE)) == []
    arrow = '<dataOutputAssociation id="arrow"><targetRef>paper</targetRef></dataOutputAssociation>'
    found = check(start(), user(inner=arrow * 2), end(), paper, flows=SIMPLE)
    assert at(found, "arrow", "have no effect here (2 in all)").severity == "warning"
    carries = arrow.replace("<targetRef>", "<sourceRef>x</sourceRef><targetRef>")
    assert only(check(start(), user(inner=carries), end(), paper, flows=SIMPLE)).place == "arrow"


def test_a_condition_in_another_language_is_refused():
    data = process(start(), user(), end(), flows=SIMPLE).replace(
        b"</sequenceFlow>",
        b'<conditionExpression language="http://www.python.org">1</conditionExpression></sequenceFlow>',
        1,
    )
    assert any("written in FEEL" in problem.text("en") for problem in checked(folder(data)))


def test_an_extension_of_other_software_is_warned_about():
    data = process(start(), user(), end(), flows=SIMPLE).replace(
        b"<userTask ", b'<userTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:assignee="x" '
    )
    problems = checked(folder(data))
    assert errors(problems) == [] and at(problems, "review", "no effect").severity == "warning"


def test_a_coordinate_that_is_no_number_is_refused():
    drawing = (
        '<BPMNDiagram xmlns="http://www.omg.org/spec/BPMN/20100524/DI" id="drawing"><BPMNShape id="shape">'
        '<Bounds xmlns="http://www.omg.org/spec/DD/20100524/DC" x="{}" y="1"/></BPMNShape></BPMNDiagram>'
    )
    good, bad = (check(start(), user(), end(), flows=SIMPLE, more=drawing.format(x)) for x in ("12.5", "left"))
    assert errors(good) == [] and only(bad).place == "shape"


def test_notes_pools_and_groups_are_only_drawn():
    more = '<textAnnotation id="note"><text>说明</text></textAnnotation><group id="group"/>'
    pool = '<collaboration id="c"><participant id="pool" name="工会" processRef="tiny"/></collaboration>'
    assert errors(check(start(), user(), end(), more, flows=SIMPLE, head=pool)) == []


def test_a_process_that_nobody_has_drawn_is_laid_out_and_said_to_be():
    data = re.sub(rb"<BPMNPlane.*</BPMNPlane>", b"", process(start(), user(), end(), flows=SIMPLE))
    found = checked(folder(data))
    assert errors(found) == [] and at(found, "tiny", "no drawing").severity == "warning"


def test_steps_that_are_left_out_of_the_drawing_are_named():
    data = process(start(), user(), end(), flows=SIMPLE).replace(b'<BPMNShape bpmnElement="review"/>', b"")
    found = checked(folder(data))
    assert errors(found) == [] and "审核" in at(found, "review", "1 steps are not drawn").text("zh")
