"""What other software has written into a file: one warning for each of them, which says what it was for.

It is kept and has no effect. Knows the makers of the tools that people draw with, and nothing of what they wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.checks.report import Report
from engine.diagram.notes import BPMN, place_of
from engine.files.xml import Node, line_of
from engine.words import say

_ENGINES: Final = {
    "camunda.org/schema": "Camunda 7",
    "camunda.org/schema/zeebe": "Camunda 8",
    "operaton.org": "Operaton",
    "flowable.org": "Flowable",
    "activiti": "Activiti",
    "spiffworkflow.org": "SpiffArena",
    "bonitasoft": "Bonita",
    "jboss.org/drools": "jBPM",
    "jbpm": "jBPM",
    "cibseven": "CIB seven",
}
"""Parts of the namespaces of engines: what they were told to do has to be said here again."""
_EDITORS: Final = {
    "camunda.org/schema/modeler": "Camunda Modeler",
    "signavio": "SAP Signavio",
    "boc-group": "ADONIS",
    "boc-eu": "ADONIS",
    "bpmn.io": "bpmn.io",
    "trisotech": "Trisotech",
    "omg.org/spec/bpmn/non-normative": "bpmn.io",
    "bizagi": "Bizagi",
    "visual-paradigm": "Visual Paradigm",
    "sparxsystems": "Enterprise Architect",
    "yaoqiang": "Yaoqiang",
    "aris": "ARIS",
}
"""Parts of the namespaces of editors: looks, and notes of their own."""


def check_foreign(found: Mapping[str, tuple[Node, int]], file: str, report: Report) -> None:
    """One warning for each namespace; ``found``: where it is spoken first, and how often."""
    for space, (node, often) in found.items():
        editor = _maker(space, _EDITORS)
        engine = "" if editor else _maker(space, _ENGINES)
        hint = say("不影响发布，可以保留。")
        if space == BPMN:
            what = say("第{line}行：extensionElements里的标准元素不起作用（共{often}处）。")
            hint = say("如果要执行它，请移到extensionElements之外。")
        elif engine or editor:
            what = say("第{line}行：{maker}的扩展（{space}）在这里不起作用，原样保留（共{often}处）。")
        else:
            what = say("第{line}行：其他软件的扩展（{space}）在这里不起作用，原样保留（共{often}处）。")
        if engine:
            hint = say("原来由它指定的办理人、表单、操作和变量，请用泳道和gw:form、gw:outcome、gw:operation重新写明。")
        facts = {
            "line": line_of(node),
            "maker": engine or editor,
            "space": space or say("没有命名空间"),
            "often": often,
        }
        report.warn(file, place_of(node), what.about(**facts), hint)


def _maker(space: str, makers: Mapping[str, str]) -> str:
    """Who writes a namespace, by the longest part of it that is known; empty when nobody is."""
    known = [part for part in makers if part in space.lower()]
    return makers[max(known, key=len)] if known else ""


def maker_of(space: str) -> str:
    """Who writes a namespace; empty when nobody is known for it."""
    return _maker(space, _EDITORS) or _maker(space, _ENGINES)
