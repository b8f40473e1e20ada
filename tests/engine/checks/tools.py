"""What other tools draw: a tiny process with one feature of one tool in it, built from the rows of tests/data/tools.

Every feature is drawn here by hand, as the tool writes it. Knows no verdict.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from engine.checks import check_definition
from engine.errors import Problem
from tests.engine.checks.tiny import FORM_FILE, OPERATIONS

DATA = Path(__file__).resolve().parents[2] / "data" / "tools"
CASE = '<extensionElements><gw:case number="T{year}-{seq:05}" title="=case.number"/></extensionElements>'
LANE = (
    '<laneSet id="lanes"><lane id="clerks" name="Clerks"><extensionElements><gw:assignment role="clerk" where="same"/>'
    "</extensionElements><flowNodeRef>begin</flowNodeRef><flowNodeRef>review</flowNodeRef></lane></laneSet>"
)
ANSWER = '<gw:form ref="review"/><gw:outcome id="pass" name="同意" nameEn="Agree" kind="approve"/>'
SPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" targetNamespace="urn:tools"'
)


@dataclass(frozen=True)
class Row:
    """One feature of one tool, with what is expected of the check."""

    tool: str
    spaces: str
    facts: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        """Whether it is published, published with a warning, or refused."""
        return str(self.facts.get("verdict", ""))

    @property
    def says(self) -> tuple[str, ...]:
        """The beginning of every message in English."""
        return tuple(self.facts.get("says", ()))

    def files(self) -> dict[str, bytes]:
        """The folder with the feature in it."""
        return {"process.bpmn": self._drawn(), "forms/review.form.json": FORM_FILE}

    def problems(self) -> tuple[Problem, ...]:
        """What the check says of it."""
        return check_definition(self.files(), roles={"clerk"}, operations=OPERATIONS, kinds=set())

    def _text(self, name: str) -> str:
        return str(self.facts.get(name, ""))

    def _drawn(self) -> bytes:
        bare = self.facts.get("bare", False)
        ext = ("" if bare else ANSWER) + self._text("ext")
        task = f'<userTask id="review" name="Review" gw:nameEn="Review" {self._text("task")}>' + (
            f"{'<extensionElements>' + ext + '</extensionElements>' if ext else ''}{self._text('inner')}</userTask>"
        )
        runs = "" if self.facts.get("executable", True) is False else ' isExecutable="true"'
        own = "" if bare else CASE + LANE
        parts = (self._text("data"), '<startEvent id="begin"/>', task, self._extra(), '<endEvent id="end"/>')
        body = own + "".join(parts) + self._flows() + self._text("more")
        process = f'<process id="tiny" name="Tiny"{runs} {self._text("process")}>{body}</process>'
        comment = f"<!-- {self._text('comment')} -->" if "comment" in self.facts else ""
        text = f"<definitions {SPACES} {self.spaces}>{comment}{self._text('head')}{process}{self._plane(body)}</definitions>"
        text = text.replace(self._text("cut"), "") if "cut" in self.facts else text
        old, new = self.facts.get("rename", ("", ""))
        text = re.sub(rf'(?<=["> ])(?<!ref="){old}(?=["<])', new, text) if old else text
        encoding = self.facts.get("encoding", "UTF-8")
        return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding, "xmlcharrefreplace")

    def _extra(self) -> str:
        if "service" in self.facts:
            ext = self._text("serviceext")
            inner = f"<extensionElements>{ext}</extensionElements>" if ext else ""
            return f'<serviceTask id="extra" {self._text("service")}>{inner}</serviceTask>'
        if self._condition():
            return '<exclusiveGateway id="extra" default="extra_end"/>'
        return self._text("body")

    def _flows(self) -> str:
        pairs = (
            [("begin", "review"), ("review", "extra"), ("extra", "end")]
            if self._extra()
            else [("begin", "review"), ("review", "end")]
        )
        if self.facts.get("loose"):
            pairs = [("begin", "review"), ("review", "extra"), ("review", "end")]
        found = [f'<sequenceFlow id="{a}_{b}" name="on" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs]
        if self._condition():
            inner = f"<conditionExpression>{self._condition()}</conditionExpression>"
            found.append(
                f'<sequenceFlow id="again" name="again" sourceRef="extra" targetRef="review">{inner}</sequenceFlow>'
            )
        return "".join(found)

    def _condition(self) -> str:
        return f"<![CDATA[{self.facts['cdata']}]]>" if "cdata" in self.facts else escape(self._text("condition"))

    def _plane(self, body: str) -> str:
        if self.facts.get("undrawn"):
            return ""
        shapes = "".join(
            f'<bpmndi:BPMNShape bpmnElement="{own}"/>' for own in dict.fromkeys(re.findall(r' id="(\w+)"', body))
        )
        return f'<bpmndi:BPMNPlane bpmnElement="tiny">{shapes}</bpmndi:BPMNPlane>'


def rows() -> Iterator[Row]:
    """Every row, tool by tool."""
    for path in sorted(DATA.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for facts in table["row"]:
            yield Row(table["tool"], table["spaces"], facts)
