"""What other software has told its own engine: what is equal here is proposed, the rest listed, nothing lost."""

from __future__ import annotations

import pytest

from engine.checks.equivalents import equivalents
from engine.files.xml import parse, split
from tests.house import ROOT

DRAWN = ROOT / "tests" / "data" / "drawn_elsewhere"
OURS = ("www.omg.org/spec/BPMN/20100524", "www.omg.org/spec/DD", "www.w3.org", "urn:gangwei")
COUNTS = {"camunda7": (9, 10), "flowable": (9, 10), "camunda8": (5, 9), "spiffarena": (3, 7), "bpmn_io": (0, 2)}
"""Proposed and listed, counted by hand in the drawings."""


def items(name):
    return equivalents((DRAWN / f"{name}.bpmn").read_bytes(), "process.bpmn", ["city_reviewer", "officer"])


def said_in(name):
    """Every foreign attribute, text and bare element, a property as one: counted another way."""
    count = 0
    for node in parse((DRAWN / f"{name}.bpmn").read_bytes(), what=name).iter():
        foreign = split(node)[0] and not any(part in split(node)[0] for part in OURS)
        others = [own for own in map(split, node.attrib) if own[0] and not any(part in own[0] for part in OURS)]
        attributes = len(node.attrib) if foreign else len(others)
        pair = bool(foreign and split(node)[1] == "property")
        text = bool(foreign and (node.text or "").strip())
        bare = bool(foreign and not node.attrib and not text and not len(node))
        juel = split(node)[1] == "conditionExpression" and (node.text or "").startswith("$")
        at_once = 1 if foreign and split(node)[1] in ("in", "out") else 0
        count += attributes - pair - at_once + text + bare + juel
    return count


@pytest.mark.parametrize("name", COUNTS)
def test_each_thing_that_was_said_is_proposed_or_listed_and_none_is_lost(name):
    found = items(name)
    given = [one for one in found if one["gives"] is not None]
    assert (len(given), len(found) - len(given)) == COUNTS[name]
    assert len(found) == said_in(name)


def test_forms_roles_deadlines_decisions_and_what_a_call_hands_over_have_their_equals():
    given = [one["gives"] for one in items("camunda7") if one["gives"]]
    assert [(one["element"], one["tag"], one["values"]) for one in given] == [
        ("ask", "form", {"ref": "ask"}), ("rule", "decision", {"ref": "limit"}), ("rule", "decision", {"result": "found"}),
        ("desk", "assignment", {"role": "city_reviewer"}), ("look", "deadline", {"workingDays": "=5"}),
        ("look", "form", {"ref": "look"}), ("yes", "conditionExpression", {"body": '=amount <= 1000 and state = "ok"'}),
        ("part", "input", {"value": "=amount", "name": "sum"}), ("part", "output", {"value": "=result", "name": "answer"}),
    ]  # fmt: skip


def test_each_of_several_that_are_handed_over_is_one_of_its_own():
    text = (DRAWN / "camunda7.bpmn").read_text(encoding="utf-8")
    ours = '<gw:input xmlns:gw="urn:gangwei:bpmn:1" name="sum" value="=amount"/>'
    text = text.replace("<camunda:out", f'{ours}<camunda:in source="more" target="rest"/><camunda:out')
    found = [(one["gives"], one["there"]) for one in equivalents(text.encode(), "p", [])]
    given = [(gives["values"]["name"], there) for gives, there in found if gives and gives["tag"] == "input"]
    assert given == [("sum", True), ("rest", False)]


@pytest.mark.parametrize(
    ("juel", "feel"),
    [
        ("${a == 'x'}", '=a = "x"'), ("#{not_yet}", "=not_yet"), ("${a.b > 3 || c}", "=a.b > 3 or c"),
        ("${!a}", None), ("${a.b()}", None), ("${empty a}", None), ("${execution.x}", None), ("${}", None), ("${a ? 1 : 2}", None),
    ],
)  # fmt: skip
def test_a_condition_is_turned_only_when_it_certainly_says_the_same(juel, feel):
    text = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">
      <sequenceFlow id="f"><conditionExpression>{juel}</conditionExpression></sequenceFlow></process></definitions>"""
    (one,) = equivalents(text.encode(), "process.bpmn", [])
    assert (one["gives"] and one["gives"]["values"]["body"]) == feel


def test_a_role_that_is_not_here_and_a_date_of_an_engine_are_only_listed():
    found = equivalents((DRAWN / "camunda7.bpmn").read_bytes(), "process.bpmn", ["officer"])
    assert not any(one["gives"] and one["gives"]["tag"] == "assignment" for one in found)
    assert not any(one["gives"] and one["gives"]["tag"] == "deadline" for one in items("camunda8"))


def test_what_is_said_here_already_says_so():
    text = (DRAWN / "camunda7.bpmn").read_text(encoding="utf-8")
    ours = '<extensionElements><gw:form xmlns:gw="urn:gangwei:bpmn:1" ref="other"/>'
    text = text.replace("<extensionElements>\n        <camunda:taskListener", f"{ours}\n<camunda:taskListener")
    found = equivalents(text.encode(), "process.bpmn", [])
    there = [(one["element"], one["said"]) for one in found if one["there"]]
    assert there == [("look", 'formKey="look"')]


def test_a_file_that_cannot_be_read_says_nothing():
    assert equivalents(b"<", "process.bpmn", []) == []
