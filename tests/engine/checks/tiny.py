"""Tiny diagrams for the checks: one idea each, drawn from a line of flows. Everything else about them is right."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from engine.checks import check_definition
from engine.errors import Problem

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions">'
)
CASE = '<gw:case number="T{year}-{seq:05}" title="=case.number"/>'
LANE = '<gw:assignment role="clerk" where="same" kinds="county"/>'
FORM = {"type": "default", "schemaVersion": 16, "id": "a_form", "components": []}
FORM_FILE = json.dumps(FORM).encode()


@dataclass(frozen=True)
class Parameter:
    name: str
    required: bool = True


@dataclass(frozen=True)
class Operation:
    parameters: tuple[Parameter, ...]
    read_only: bool = False


OPERATIONS = {
    "register.create": Operation((Parameter("register"), Parameter("note", required=False))),
    "tree.places": Operation((Parameter("organisation"),), read_only=True),
}


def start(id="begin", extension=""):
    return f'<startEvent id="{id}" name="申请">{_extended(extension)}</startEvent>'


def end(id="end", inner=""):
    return f'<endEvent id="{id}">{inner}</endEvent>'


def user(id="review", extension="", form="review", outcomes=("pass",), inner="", name="审核"):
    answers = "".join(f'<gw:outcome id="{own}" name="结果" nameEn="Answer {own}" kind="approve"/>' for own in outcomes)
    sheet = f'<gw:form ref="{form}"/>' if form else ""
    return f'<userTask id="{id}" name="{name}" gw:nameEn="Task {id}">{_extended(sheet + answers + extension)}{inner}</userTask>'


def service(
    id="work",
    extension='<gw:operation name="register.create"><gw:parameter name="register" value="=1"/></gw:operation>',
):
    return f'<serviceTask id="{id}">{_extended(extension)}</serviceTask>'


def script(id="count", text="{ total: 1 }", format="application/feel"):
    return f'<scriptTask id="{id}" scriptFormat="{format}"><script>{escape(text)}</script></scriptTask>'


def rule(
    id="decide",
    extension='<gw:decision ref="grade" result="graded"><gw:parameter name="years" value="=3"/></gw:decision>',
):
    return f'<businessRuleTask id="{id}">{_extended(extension)}</businessRuleTask>'


def gateway(id, kind="exclusive", default="", **attributes):
    more = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    chosen = f' default="{default}"' if default else ""
    return f'<{kind}Gateway id="{id}"{chosen}{more}/>'


def sub(id, *parts, flows="", **attributes):
    more = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<subProcess id="{id}"{more}>{"".join(parts)}{drawn(flows)}</subProcess>'


def drawn(flows):
    """``a>b c>d?x = 1``: flows by the ids of their ends, each called ``a_b``, with a condition after the question mark."""
    text = ""
    for line in flows.split(";"):
        ends, _, condition = line.strip().partition("?")
        steps = [step.strip() for step in ends.split(">")]
        for source, target in pairwise(steps):
            inner = f"<conditionExpression>{escape(condition.strip())}</conditionExpression>" if condition else ""
            text += f'<sequenceFlow id="{source}_{target}" name="是" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
    return text


def process(*parts, flows="", case=CASE, lane=LANE, head="", id="tiny", name="小流程", lane_set=True, more=""):
    """A whole file; the start event and the user tasks are in the one lane."""
    body = "".join(parts)
    inside = re.findall(r'<(?:startEvent|userTask|callActivity|subProcess)[^>]*? id="(\w+)"', body) if lane_set else []
    refs = "".join(f"<flowNodeRef>{own}</flowNodeRef>" for own in inside)
    lanes = f'<laneSet id="{id}_lanes"><lane id="{id}_clerks" name="经办">{_extended(lane)}{refs}</lane></laneSet>'
    return (
        f'{HEAD}{head}<process id="{id}" name="{name}" gw:nameEn="Tiny" isExecutable="true">{_extended(case)}'
        f"{lanes if lane_set else ''}{body}{drawn(flows)}</process>{more}{_plane(id, body)}</definitions>"
    ).encode()


def _plane(process, body):
    """A shape for everything that has an id; where it lies does not matter."""
    shapes = "".join(f'<BPMNShape bpmnElement="{own}"/>' for own in dict.fromkeys(re.findall(r' id="(\w+)"', body)))
    return f'<BPMNPlane xmlns="http://www.omg.org/spec/BPMN/20100524/DI" bpmnElement="{process}">{shapes}</BPMNPlane>'


def folder(data, files=None):
    """The files of a definition: the diagram, and an empty form for every one that it names."""
    found = {"process.bpmn": data}
    for name in re.findall(r'<gw:form ref="(\w+)"', data.decode("utf-8", "replace")):
        found[f"forms/{name}.form.json"] = FORM_FILE
    return {**found, **(files or {})}


def check(*parts, flows="", files=None, **settings) -> tuple[Problem, ...]:
    """The problems of a tiny diagram."""
    return checked(folder(process(*parts, flows=flows, **settings), files))


def checked(files) -> tuple[Problem, ...]:
    """The problems of a folder."""
    return check_definition(files, roles={"clerk", "chief"}, operations=OPERATIONS, kinds={"county", "city"})


def errors(problems):
    return [problem for problem in problems if problem.severity == "error"]


def only(problems) -> Problem:
    """The one error there is."""
    found = errors(problems)
    assert len(found) == 1, [problem.text("en") for problem in found]
    assert found[0].text("zh") and found[0].text("en")
    return found[0]


def at(problems, place, part) -> Problem:
    """An error or warning at an element, with these words in it."""
    found = [problem for problem in problems if problem.place == place and part in problem.text("en")]
    assert found, [(problem.place, problem.text("en")) for problem in problems]
    return found[0]


def _extended(inner):
    return f"<extensionElements>{inner}</extensionElements>" if inner else ""
