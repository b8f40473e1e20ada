"""What is confidential until an event stands in nothing that tells it before, however it gets there."""

from __future__ import annotations

import pytest

from engine.checks.around import OperationFacts, ParameterFacts, Surroundings
from engine.definition import check_files
from engine.operations.registry import REGISTRY
from tests.house import ROOT

JURY = ROOT / "tests" / "data" / "confidential" / "jury"
OPERATIONS = {
    name: OperationFacts(one.read_only, tuple(ParameterFacts(p.name, p.required) for p in one.parameters))
    for name, one in REGISTRY.items()
}
AROUND = Surroundings(("county_officer", "city_reviewer", "province_approver"), ("city",), OPERATIONS)
PAGE = (
    '<bpmn:extensionElements><gw:public id="result" name="结果" nameEn="Result" title="={title}"><gw:show name="结果" '
    'nameEn="Result" value="={value}"/></gw:public></bpmn:extensionElements>'
)
SCRIPT = "<bpmn:script>{result: score.points}</bpmn:script>"
BEFORE = '<bpmn:sequenceFlow id="f3" sourceRef="score" targetRef="decide"/>'
EARLY = (
    '<bpmn:sequenceFlow id="f3" sourceRef="score" targetRef="early"/><bpmn:{tag} id="early" name="早" gw:nameEn="E"{more}>'
    '{inside}</bpmn:{tag}><bpmn:sequenceFlow id="f7" sourceRef="early" targetRef="decide"/>'
)
LATE = '<bpmn:sequenceFlow id="f5" sourceRef="award" targetRef="close"/>'


def told(*changes: tuple[str, str]) -> list[str]:
    """The errors of the process with something in its diagram replaced."""
    files = {path.relative_to(JURY).as_posix(): path.read_bytes() for path in JURY.rglob("*") if path.is_file()}
    text = files["process.bpmn"].decode()
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    files["process.bpmn"] = text.encode()
    return [one.text("en") for one in check_files(files, AROUND) if one.severity == "error"]


def early(tag: str, inside: str, more: str = "") -> tuple[str, str]:
    """Something that runs before the award."""
    return BEFORE, EARLY.format(tag=tag, inside=inside, more=more)


def operation(text: str, name: str = "notify", more: str = "") -> str:
    parameters = f'<gw:parameter name="to" value="=&quot;starter&quot;"/><gw:parameter name="title" value="{text}"/>'
    return (
        f'<bpmn:extensionElements><gw:operation name="{name}"{more}>{parameters}'
        f'<gw:parameter name="text" value="=&quot;x&quot;"/></gw:operation></bpmn:extensionElements>'
    )


def script(text: str) -> tuple[str, str]:
    return early("scriptTask", f"<bpmn:script>{text}</bpmn:script>", ' scriptFormat="application/feel"')


def test_the_process_itself_passes() -> None:
    assert told() == []


@pytest.mark.parametrize(
    "changes",
    [
        [("title=\"=topic.topic\"", "title=\"=pick.judge\"")],
        [("title=\"=topic.topic\"", "title=\"=string(pick)\"")],
        [("pick.place\"/>\n      <gw:column", "score.points\"/>\n      <gw:column")],
        [('type="text" value="=pick.place"', 'type="text" value="=if score.points = &quot;9&quot; then 1 else 2"')],
        [("<gw:column", '<gw:concerns register="post" records="=score.points"/><gw:column')],
        [early("serviceTask", operation("=score.points"))],
        [early("serviceTask", operation("=&quot;x&quot; + pick.judge"))],
        [early("serviceTask", PAGE.format(title="topic.topic", value="score.points"))],
        [early("serviceTask", PAGE.format(title="pick.judge", value="pick.place"))],
        [early("serviceTask", PAGE.format(title="topic.topic", value="{all: score}.all.points"))],
        [script("{total: score.points}"), ("title=\"=topic.topic\"", "title=\"=total\"")],
        [script("{list: [score.points], free: 1}"), ('value="=pick.place"', 'value="=list[1]"')],
        [('workingDays="3"', 'workingDays="3" since="=pick.judge"')],
        [early("intermediateCatchEvent", "<bpmn:timerEventDefinition><bpmn:timeDate>=score.points</bpmn:timeDate></bpmn:timerEventDefinition>")],
    ],
)  # fmt: skip
def test_what_would_tell_it_before_is_refused(changes: list[tuple[str, str]]) -> None:
    problems = told(*changes)
    assert problems and all("confidential" in one for one in problems), problems


def way(condition: str) -> list[tuple[str, str]]:
    """A way that is taken before the award, and a list of what was handed in."""
    flows = (
        '<bpmn:sequenceFlow id="f3" sourceRef="score" targetRef="list"/><bpmn:scriptTask id="list" name="汇总" '
        'gw:nameEn="L" scriptFormat="application/feel"><bpmn:script>{sheets: [score]}</bpmn:script></bpmn:scriptTask>'
        '<bpmn:sequenceFlow id="f7" sourceRef="list" targetRef="which"/><bpmn:exclusiveGateway id="which" name="够？" '
        'gw:nameEn="W" default="f8"/><bpmn:sequenceFlow id="f8" name="否" sourceRef="which" targetRef="decide"/>'
        '<bpmn:sequenceFlow id="f9" name="是" sourceRef="which" targetRef="off"><bpmn:conditionExpression>='
        f'{condition}</bpmn:conditionExpression></bpmn:sequenceFlow><bpmn:endEvent id="off" name="不评" gw:nameEn="O"/>'
    )
    return [(BEFORE, flows)]


@pytest.mark.parametrize(
    "changes",
    [
        way("score.points = &quot;9&quot;"),
        way("some one in sheets satisfies one.points = &quot;9&quot;"),
        way("some one in sheets satisfies one = null"),
        way("count(sheets) &gt; 1 and (some one in sheets satisfies one.outcome = &quot;done&quot;)"),
        way("pick.judge = &quot;x&quot; or score.outcome = &quot;done&quot;"),
        [early("intermediateCatchEvent", "<bpmn:conditionalEventDefinition><bpmn:condition>=score.points = &quot;9&quot;</bpmn:condition></bpmn:conditionalEventDefinition>")],
        [early("scriptTask", "<bpmn:script>{x: 1}</bpmn:script><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>=number(score.points)</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>", ' scriptFormat="application/feel"')],
    ],
)  # fmt: skip
def test_what_decides_a_way_before_would_tell_it_by_the_way(changes: list[tuple[str, str]]) -> None:
    problems = told(*changes)
    assert problems and all("confidential" in one for one in problems), problems


def test_an_outcome_is_told_by_the_way_and_after_the_event_all_may_decide() -> None:
    assert told(*way("score.outcome = &quot;done&quot;")) == []
    assert told(*way("some one in sheets satisfies one.outcome = &quot;done&quot;")) == []
    assert told(*way("pick.place = &quot;x&quot;")) == []
    leaves = (
        '<bpmn:exclusiveGateway id="award" name="揭晓？" gw:nameEn="A" default="f5"/><bpmn:sequenceFlow id="f9" name="零" '
        'sourceRef="award" targetRef="off"><bpmn:conditionExpression>=score.points = &quot;0&quot;'
        '</bpmn:conditionExpression></bpmn:sequenceFlow><bpmn:endEvent id="off" name="不评" gw:nameEn="O"/>'
    )
    task = (
        '<bpmn:scriptTask id="award" name="揭晓" gw:nameEn="Award" scriptFormat="application/feel">'
        f"{SCRIPT}</bpmn:scriptTask>"
    )
    assert told((task, leaves), (LATE, LATE.replace('id="f5"', 'id="f5" name="有"'))) == []


def test_after_the_event_it_may_be_told_and_a_released_result_before() -> None:
    tells = f'<bpmn:sequenceFlow id="f5" sourceRef="award" targetRef="tell"/><bpmn:serviceTask id="tell" name="告知" gw:nameEn="T">{operation("=score.points")}</bpmn:serviceTask><bpmn:sequenceFlow id="f8" sourceRef="tell" targetRef="close"/>'
    assert told((LATE, tells)) == []
    counted = [script("{many: count([score.points])}"), ('value="=pick.place"', 'value="=string(many)"')]
    assert told(*counted) != []
    assert told(*counted, ("<gw:column", '<gw:released variables="many"/><gw:column')) == []


def test_what_goes_round_the_event_is_before_it() -> None:
    """A boundary event of the step that would reveal it interrupts that step, and its token has not gone through it."""
    late = (
        '<bpmn:boundaryEvent id="gone" attachedToRef="decide"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D'
        '</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:sequenceFlow id="f9" '
        f'sourceRef="gone" targetRef="tell"/><bpmn:serviceTask id="tell" name="告知" gw:nameEn="T">{operation("=score.points")}'
        '</bpmn:serviceTask><bpmn:sequenceFlow id="fa" sourceRef="tell" targetRef="close"/>' + LATE
    )
    released = [
        ('until="award" fields="judge"', 'until="decide" fields="judge"'),
        ('until="award" for', 'until="decide" for'),
    ]
    problems = told((LATE, late), *released)
    assert [one for one in problems if "confidential" in one], problems


def test_who_acts_by_what_is_confidential_is_confidential_too() -> None:
    open_step = told(('<gw:confidential until="award" for="province_approver"/>', ""))
    assert open_step and "confidential" in open_step[0], open_step


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('until="award" fields="judge"', 'until="nowhere" fields="judge"'), "nowhere"),
        (('until="award" fields="judge"', 'until="award" fields="jugde"'), "jugde"),
        (('for="province_approver"', 'for="nobody"'), "nobody"),
        (("<gw:column", '<gw:confidential until="award" variables="x"/><gw:column'), "“x”"),
        (("<gw:column", '<gw:released variables="y"/><gw:column'), "“y”"),
    ],
)  # fmt: skip
def test_a_declaration_names_what_is_there(change: tuple[str, str], said: str) -> None:
    problems = told(change)
    assert any(said in one for one in problems), problems
