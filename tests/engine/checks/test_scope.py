"""What an expression may read where it stands: names and types, in a folder that is half done, too."""

from __future__ import annotations

import json

from engine.checks.scope import scope_of
from engine.documents.official import OfficialPaper

FORM = {
    "schemaVersion": 18, "type": "default", "id": "ask", "components": [
        {"type": "textfield", "id": "f1", "key": "place", "label": "地点"},
        {"type": "number", "id": "f2", "key": "people", "label": "人数"},
        {"type": "number", "id": "f3", "key": "sum", "label": "金额", "serializeToString": True},
        {"type": "datetime", "id": "f4", "key": "day", "label": "日期", "subtype": "date", "dateLabel": "日期"},
        {"type": "dynamiclist", "id": "f5", "path": "rows", "label": "明细", "components": [
            {"type": "checkbox", "id": "f6", "key": "kept", "label": "保留"}]},
        {"type": "group", "id": "f7", "label": "其他", "components": [
            {"type": "textfield", "id": "f8", "key": "note", "label": "备注"}]},
    ],
}  # fmt: skip
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1"
  targetNamespace="urn:gangwei:tests">
  <process id="p" isExecutable="true">
    <startEvent id="begin"><extensionElements><gw:form ref="ask"/></extensionElements></startEvent>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="work"/>
    <scriptTask id="work" scriptFormat="application/feel"><script>{twice: begin.people * 2}</script></scriptTask>
    <sequenceFlow id="f2" sourceRef="work" targetRef="each"/>
    <userTask id="each"><extensionElements><gw:form ref="gone"/></extensionElements>
      <multiInstanceLoopCharacteristics>
        <loopDataInputRef>rows</loopDataInputRef><inputDataItem id="row"/>
      </multiInstanceLoopCharacteristics></userTask>
    <sequenceFlow id="f3" sourceRef="each" targetRef="over"/>
    <endEvent id="over"/>
  </process>
</definitions>"""


def scope(**more):
    files = {"process.bpmn": DIAGRAM.encode(), "forms/ask.form.json": json.dumps(FORM).encode()}
    return scope_of(files | more)


def test_a_submission_is_a_context_of_its_forms_fields_with_their_types():
    begin = scope()["variables"]["begin"]
    entries = {one["name"]: one["type"] for one in begin["entries"]}
    assert (begin["type"], begin["of"]) == ("context", ["begin"])
    assert entries == {
        "place": "text", "people": "number", "sum": "text", "day": "date", "rows": "list", "note": "text",
    }  # fmt: skip
    rows = next(one for one in begin["entries"] if one["name"] == "rows")
    assert [(one["name"], one["type"], one["label"]) for one in rows["entries"]] == [("kept", "boolean", "保留")]


def test_each_element_is_told_what_it_sees_and_the_case():
    found = scope()
    assert found["seen"]["over"] == ["begin", "case", "twice"]
    assert {"row", "loopCounter", "each"} <= set(found["seen"]["each"]) and "row" not in found["seen"]["p"]
    assert found["variables"]["twice"]["of"] == ["work"]
    assert "organisation" in [one["name"] for one in found["variables"]["case"]["entries"]]


def test_what_cannot_be_read_says_nothing_and_the_rest_all_the_same():
    found = scope(**{"forms/gone.form.json": b"{", "other.bpmn": b"<", "documents/paper.docx": b"no word"})
    assert "place" in [one["name"] for one in found["variables"]["begin"]["entries"]]
    assert found["variables"]["each"]["entries"] == [] and found["papers"] == {"documents/paper.docx": []}


def test_a_paper_tells_its_places():
    paper = OfficialPaper()
    paper.line("{{ number }} {{ name }}")
    assert scope(**{"documents/paper.docx": paper.content()})["papers"] == {"documents/paper.docx": ["name", "number"]}
