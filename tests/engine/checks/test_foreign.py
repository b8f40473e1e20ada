"""What other software keeps in a file is its own business: it is kept, told of once, and never read as BPMN."""

import pytest

from engine.diagram import read_diagram
from tests.engine.checks.tiny import at, check, checked, end, errors, folder, process, start, user

FLOWS = "begin>review>end"
INSIDE = [
    '<z:properties xmlns:z="http://camunda.org/schema/zeebe/1.0"><property name="a" value="1"/></z:properties>',
    '<z:a xmlns:z="urn:z"><serviceTask id="review"/><sequenceFlow id="x" sourceRef="a" targetRef="b"/></z:a>',
    '<z:a xmlns:z="urn:z" id="begin"><z:b id="begin"/><z:b id="a b"/></z:a>',
    '<z:a xmlns:z="urn:z"><gw:operation name="nothing"/><gw:unknown/></z:a>',
    '<z:a xmlns:z="urn:z"><association sourceRef="begin" targetRef="end"/><process id="p" isExecutable="true"/></z:a>',
    '<z:a xmlns:z="urn:z"><Bounds x="wide" id="end"/><timerEventDefinition/></z:a>',
    '<a xmlns="" id="begin"><b/></a>',
    '<z:a xmlns:z="urn:z"><z:b><z:c><extensionElements><gw:form ref="none"/></extensionElements></z:c></z:b></z:a>',
]


@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("host", ["task", "start", "process", "flow"])
def test_whatever_stands_in_a_foreign_element_is_read_by_nobody(inside, host):
    data = process(
        start(extension=inside if host == "start" else ""),
        user(extension=inside if host == "task" else ""),
        end(),
        flows=FLOWS,
        case='<gw:case number="T{seq}" title="=1"/>' + (inside if host == "process" else ""),
    )
    if host == "flow":
        held = f"<extensionElements>{inside}</extensionElements></sequenceFlow>".encode()
        data = data.replace(b"</sequenceFlow>", held, 1)
    found = checked(folder(data))
    assert errors(found) == []
    assert len([problem for problem in found if "kept as they are" in problem.text("en")]) == 1
    read = read_diagram("process.bpmn", data)
    assert read.xml == data
    assert set(read.processes[0].elements) == {"begin", "review", "end"}
    assert set(read.processes[0].flows) == {"begin_review", "review_end"}


def test_mark_up_in_a_documentation_or_an_annotation_is_text():
    html = '<p xmlns="http://www.w3.org/1999/xhtml">x</p><b id="begin">y</b><process/>'
    note = f'<textAnnotation id="n"><text>{html}</text></textAnnotation>'
    task = user(inner=f"<documentation>{html}</documentation>")
    assert check(note, start(), task, end(), flows=FLOWS) == check(start(), user(), end(), flows=FLOWS)


def test_one_warning_for_each_software_says_how_often_and_where_first():
    old = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    task = user(extension=f'<camunda:in {old} a="1"/><camunda:out {old}/>').replace(
        "<userTask ", f'<userTask {old} camunda:assignee="demo" '
    )
    found = check(start(), task, end(), flows=FLOWS)
    problem = at(found, "review", "Camunda 7")
    assert "3 in all" in problem.text("en") and "gw:form" in problem.text("en") and problem.severity == "warning"
    assert [one.severity for one in found].count("warning") == 1


def test_a_standard_element_among_extensions_is_warned_about():
    found = check(start(), user(extension="<timerEventDefinition/>"), end(), flows=FLOWS)
    assert errors(found) == [] and at(found, "review", "inside extensionElements have no effect")


def test_colours_of_a_drawing_are_no_warning():
    colour = 'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"'
    task = user().replace("<userTask ", f'<userTask {colour} bioc:stroke="red" ')
    assert check(start(), task, end(), flows=FLOWS) == ()
