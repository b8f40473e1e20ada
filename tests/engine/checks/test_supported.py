"""What the engine does not run is refused by name, with element, line and reason."""

import pytest

from tests.engine.checks.tiny import at, check, checked, end, errors, folder, only, process, start, sub, user

SIMPLE = "begin>review>end"


def catch(inner, tag="intermediateCatchEvent"):
    return f'<{tag} id="event" name="等待">{inner}</{tag}>'


@pytest.mark.parametrize(
    ("element", "named"),
    [
        ('<task id="x"/>', "用户任务"),
        ('<manualTask id="x"/>', "手工任务"),
        ('<sendTask id="x"/>', "发送任务"),
        ('<receiveTask id="x"/>', "接收任务"),
        ('<complexGateway id="x"/>', "复杂网关"),
        ('<eventBasedGateway id="x"/>', "事件网关"),
        ('<transaction id="x"/>', "事务子流程"),
        ('<adHocSubProcess id="x"/>', "即席子流程"),
        ('<choreographyTask id="x"/>', "choreographyTask"),
    ],
)
def test_an_element_that_does_not_run_is_refused_by_its_name(element, named):
    problem = at(check(start(), user(), element, end(), flows="begin>review>x>end"), "x", "is refused")
    assert named in problem.zh + problem.hint_zh and "第1行" in problem.zh


@pytest.mark.parametrize(
    ("definition", "named"),
    [
        ('<linkEventDefinition name="a"/>', "链接"),
        ("<compensateEventDefinition/>", "补偿"),
        ("<signalEventDefinition/>", "信号"),
        ("<conditionalEventDefinition><condition>true</condition></conditionalEventDefinition>", "条件"),
        ("<escalationEventDefinition/>", "升级"),
        ("<cancelEventDefinition/>", "取消"),
        ("<errorEventDefinition/>", "错误"),
        ("<messageEventDefinition/>", "消息"),
    ],
)
@pytest.mark.parametrize("tag", ["intermediateThrowEvent", "endEvent"])
def test_an_event_that_is_wrong_in_silence_is_refused_by_its_kind(tag, definition, named):
    problems = check(start(), user(), catch(definition, tag), end(), flows="begin>review>event")
    assert named in at(problems, "event", "is refused").zh


def test_a_link_that_is_thrown_and_caught_is_refused_on_both_sides():
    link = '<linkEventDefinition name="a"/>'
    throw = f'<intermediateThrowEvent id="jump">{link}</intermediateThrowEvent>'
    problems = check(start(), user(), throw, catch(link), end(), flows="begin>review>jump; event>end")
    assert at(problems, "jump", "linkEvent") and at(problems, "event", "linkEvent")


@pytest.mark.parametrize("kind", ["error", "escalation", "conditional", "timer", "message"])
def test_an_event_sub_process_is_refused(kind):
    body = "<condition>true</condition>" if kind == "conditional" else ""
    begin = (
        f'<startEvent id="on" isInterrupting="true"><{kind}EventDefinition>{body}</{kind}EventDefinition></startEvent>'
    )
    inner = sub("aside", begin, end("in_end"), flows="on>in_end", triggeredByEvent="true")
    problems = check(start(), user(), inner, end(), flows=SIMPLE)
    assert at(problems, "aside", "event sub-process") and at(problems, "on", f"started by a {kind} event")


def test_a_start_event_that_does_not_interrupt_is_refused():
    begin = start().replace("<startEvent ", '<startEvent isInterrupting="false" ')
    assert at(check(begin, user(), end(), flows=SIMPLE), "begin", "isInterrupting")


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("isForCompensation", "true"), ("startQuantity", "2"), ("completionQuantity", "3")],
)
def test_an_attribute_that_would_be_ignored_is_refused(attribute, value):
    task = user().replace("<userTask ", f'<userTask {attribute}="{value}" ', 1)
    assert attribute in only(check(start(), task, end(), flows=SIMPLE)).en


def test_the_same_attribute_with_its_ordinary_value_is_fine():
    task = user().replace("<userTask ", '<userTask isForCompensation="false" startQuantity="1" ', 1)
    assert errors(check(start(), task, end(), flows=SIMPLE)) == []


def test_a_standard_loop_is_refused():
    task = user(inner='<standardLoopCharacteristics loopMaximum="3"/>')
    assert at(check(start(), task, end(), flows=SIMPLE), "review", "stops silently")


def test_assignment_in_the_bpmn_way_is_refused_with_the_way_of_the_house():
    owner = "<potentialOwner><resourceRef>x</resourceRef></potentialOwner>"
    assert "泳道" in only(check(start(), user(inner=owner), end(), flows=SIMPLE)).hint_zh


def test_a_data_association_is_refused_but_a_drawn_document_is_not():
    paper = '<dataObject id="d"/><dataObjectReference id="paper" name="申请表" dataObjectRef="d"/>'
    assert errors(check(start(), user(), end(), paper, flows=SIMPLE)) == []
    arrow = '<dataOutputAssociation id="arrow"><targetRef>paper</targetRef></dataOutputAssociation>'
    assert only(check(start(), user(inner=arrow), end(), paper, flows=SIMPLE)).place == "arrow"


def test_a_condition_in_another_language_is_refused():
    data = process(start(), user(), end(), flows=SIMPLE).replace(
        b"</sequenceFlow>",
        b'<conditionExpression language="http://www.python.org">1</conditionExpression></sequenceFlow>',
        1,
    )
    assert any("written in FEEL" in problem.en for problem in checked(folder(data)))


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
