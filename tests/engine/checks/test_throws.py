"""Errors and escalations: what nobody catches, and catchers of what nothing throws."""

import pytest

from tests.engine.checks.tiny import at, check, checked, end, errors, folder, process, start, sub, user

HEAD = (
    '<error id="bad" errorCode="bad"/><error id="worse" errorCode="worse"/>'
    '<escalation id="over" escalationCode="over"/><escalation id="under" escalationCode="under"/>'
)


def definition(kind, ref=""):
    return f"<{kind}EventDefinition{f' {kind}Ref={ref!r}' if ref else ''}/>"


def caught(kind, ref="", host="inner", id="caught", stays=False):
    more = ' cancelActivity="false"' if stays else ""
    return f'<boundaryEvent id="{id}" attachedToRef="{host}"{more}>{definition(kind, ref)}</boundaryEvent>'


def throwing(kind, ref, *parts):
    return sub("inner", start("in"), user(), end("raise", definition(kind, ref)), *parts, flows="in>review>raise")


def told(problems, words):
    return [problem.place for problem in problems if words in problem.text("en")]


@pytest.mark.parametrize(
    ("catcher", "uncaught", "idle"),
    [
        (caught("error", "bad"), [], []),
        (caught("error"), [], []),
        (caught("error", "worse"), ["raise"], ["caught"]),
        (caught("escalation", "over"), ["raise"], ["caught"]),
    ],
)
def test_an_error_goes_to_the_boundary_event_that_fits(catcher, uncaught, idle):
    problems = check(
        start(), throwing("error", "bad"), catcher, end(), end("out"), flows="begin>inner>end; caught>out", head=HEAD
    )
    assert errors(problems) == []
    assert told(problems, "the case ends there") == uncaught and told(problems, "never triggered") == idle


def test_an_escalation_that_nobody_catches_is_forgotten_and_a_warning_says_so():
    problems = check(start(), throwing("escalation", "over"), end(), flows="begin>inner>end", head=HEAD)
    assert errors(problems) == [] and at(problems, "raise", "forgotten").severity == "warning"


def test_an_error_of_the_process_itself_ends_the_case():
    problems = check(start(), user(), end(inner=definition("error", "bad")), flows="begin>review>end", head=HEAD)
    assert "事项会在这里结束" in at(problems, "end", "the case ends there").text("zh")


def test_an_event_sub_process_catches_what_its_scope_throws():
    begin = f'<startEvent id="on">{definition("error", "bad")}</startEvent>'
    aside = sub("aside", begin, user("mend"), end("off"), flows="on>mend>off", triggeredByEvent="true")
    problems = check(start(), throwing("error", "bad", aside), end(), flows="begin>inner>end", head=HEAD)
    assert errors(problems) == [] and not told(problems, "the case ends there") + told(problems, "never triggered")


def test_what_an_error_handler_throws_goes_outward():
    begin = f'<startEvent id="on">{definition("error")}</startEvent>'
    again = end("again", definition("error", "worse"))
    aside = sub("aside", begin, user("mend"), again, flows="on>mend>again", triggeredByEvent="true")
    inner = throwing("error", "bad", aside)
    problems = check(start(), inner, end(), flows="begin>inner>end", head=HEAD)
    assert told(problems, "the case ends there") == ["again"]
    outer = check(
        start(), inner, caught("error", "worse"), end(), end("out"), flows="begin>inner>end; caught>out", head=HEAD
    )
    assert not told(outer, "the case ends there") + told(outer, "never triggered")


def test_an_error_leaves_a_called_process():
    call = '<callActivity id="call" calledElement="other"/>'
    other = process(
        start("in"),
        user(),
        end("raise", definition("error", "bad")),
        flows="in>review>raise",
        id="other",
        case="",
        head=HEAD,
    ).replace(b'id="definitions"', b'id="definitions2"')
    files = {name: data for name, data in folder(other).items() if name != "process.bpmn"}
    flows = "begin>call>end; caught>out"
    main = process(start(), call, caught("error", "bad", "call"), end(), end("out"), flows=flows, head=HEAD)
    good = checked({**folder(main, {"other.bpmn": other}), **files})
    assert errors(good) == [] and not told(good, "the case ends there")
    bare = process(start(), call, end(), flows="begin>call>end")
    [uncaught] = [
        p for p in checked({**folder(bare, {"other.bpmn": other}), **files}) if "the case ends there" in p.text("en")
    ]
    assert (uncaught.file, uncaught.place) == ("other.bpmn", "raise")
