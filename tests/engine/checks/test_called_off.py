"""What may stand in the event sub-process of a case that is called off, and where the error of it may stand."""

import pytest

from tests.engine.checks.tiny import at, check, end, errors, service, start, sub, user

HEAD = '<error id="off" errorCode="gw:calledOff"/><error id="bad" errorCode="bad"/>'
OFF = '<errorEventDefinition errorRef="off"/>'
MAIN = "begin>review>end"


def handler(*parts, flows="on>work>put", more="", id="aside"):
    begin = f'<startEvent id="on{more}">{OFF}</startEvent>'
    return sub(f"{id}{more}", begin, *parts, end(f"put{more}"), flows=flows, triggeredByEvent="true")


def told(*parts, flows=MAIN):
    return check(start(), user(), end(), *parts, flows=flows, head=HEAD)


def test_services_and_gateways_put_a_case_in_order():
    assert told(handler(service())) == ()


@pytest.mark.parametrize(
    "waits",
    [
        user("work"),
        '<intermediateCatchEvent id="work"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>'
        "</intermediateCatchEvent>",
    ],
)
def test_nothing_in_there_waits(waits):
    found = at(told(handler(waits)), "work", "would wait")
    assert "会停下来等待" in found.text("zh") and "系统任务" in found.text("zh")


def test_there_is_one_such_place_in_a_process():
    two = (handler(service()), handler(service("other"), flows="on2>other>put2", more="2"))
    assert at(told(*two), "on2", "one place only")


def test_the_error_stands_nowhere_else():
    boundary = f'<boundaryEvent id="here" attachedToRef="review">{OFF}</boundaryEvent>'
    assert at(told(boundary, end("out"), flows=f"{MAIN}; here>out"), "here", "the system itself throws")
    thrown = check(start(), user(), end(inner=OFF), flows=MAIN, head=HEAD)
    assert at(thrown, "end", "the system itself throws")
    nested = sub("inner", start("in"), end("in_end"), handler(service()), flows="in>in_end")
    assert at(check(start(), nested, end(), flows="begin>inner>end", head=HEAD), "on", "the system itself throws")


def test_what_is_told_of_the_ending_is_a_variable_and_another_error_tells_nothing():
    begin = f'<startEvent id="on"><extensionElements><gw:correlation result="ending"/></extensionElements>{OFF}</startEvent>'
    script = '<scriptTask id="work" scriptFormat="application/feel"><script>{why: ending.reason}</script></scriptTask>'
    aside = sub("aside", begin, script, end("put"), flows="on>work>put", triggeredByEvent="true")
    assert errors(told(aside)) == []
    other = aside.replace('errorRef="off"', 'errorRef="bad"')
    assert at(told(other), "on", "has no effect here")
