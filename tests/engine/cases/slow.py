"""A process whose expressions take as long as a test wants: everywhere an expression may stand. Asks nothing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

KEY = "slow"
ENDLESS = "count(for i in 1..1000000000 return i) = 1"
QUICK = "true"
AT_A_WORD = f'if start.note = "slow" then {ENDLESS} else false'
_BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1"
                  targetNamespace="urn:gangwei:tests:slow">
  <bpmn:process id="slow" name="慢流程" isExecutable="true">
    <bpmn:extensionElements><gw:case number="SLO{{seq:03}}" title="=&quot;慢&quot;"/></bpmn:extensionElements>
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="office" name="县级工会">
        <bpmn:extensionElements><gw:assignment role="county_officer" where="same"/></bpmn:extensionElements>
        <bpmn:flowNodeRef>start</bpmn:flowNodeRef> <bpmn:flowNodeRef>work</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>more</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="start"><bpmn:extensionElements><gw:form ref="fill"/></bpmn:extensionElements></bpmn:startEvent>
    <bpmn:userTask id="work" name="办理">
      <bpmn:extensionElements><gw:form ref="{form}"/><gw:outcome id="done" name="完成" kind="submit"/></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="which" default="which_more"/>
    <bpmn:userTask id="more" name="再办理">
      <bpmn:extensionElements><gw:form ref="fill"/><gw:outcome id="done" name="完成" kind="submit"/></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="late" attachedToRef="work" cancelActivity="false"><bpmn:timerEventDefinition>
      <bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:scriptTask id="script" name="计算" scriptFormat="feel"><bpmn:script>{{ late: {timer} }}</bpmn:script></bpmn:scriptTask>
    <bpmn:endEvent id="late_end"/>
    <bpmn:endEvent id="end"/>
    <bpmn:sequenceFlow id="start_work" sourceRef="start" targetRef="work"/>
    <bpmn:sequenceFlow id="work_which" sourceRef="work" targetRef="which"/>
    <bpmn:sequenceFlow id="which_more" sourceRef="which" targetRef="more"/>
    <bpmn:sequenceFlow id="which_end" sourceRef="which" targetRef="end"><bpmn:conditionExpression>{gateway}</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="more_end" sourceRef="more" targetRef="end"/>
    <bpmn:sequenceFlow id="late_script" sourceRef="late" targetRef="script"/>
    <bpmn:sequenceFlow id="script_end" sourceRef="script" targetRef="late_end"/>
  </bpmn:process>
</bpmn:definitions>"""


def _form(name: str, hide: str = "", derive: str = "", times: int = 1) -> str:
    field: dict[str, object] = {"type": "textfield", "id": f"{name}_note", "key": "note", "label": "备注"}
    if hide:
        field["conditional"] = {"hide": f"={hide}"}
    form = {
        "type": "default",
        "id": name,
        "schemaVersion": 18,
        "components": [field],
        "gangwei": {"en": {"note": "Note"}}
        | ({"derive": {f"worked{number or ''}": f"={derive}" for number in range(times)}} if derive else {}),
    }
    return json.dumps(form, ensure_ascii=False)


def slow_process(
    gateway: str = QUICK, timer: str = QUICK, hide: str = "", derive: str = "", key: str = KEY,
    times: int = 1,
) -> dict[str, str]:  # fmt: skip
    """The files of the process. ``gateway``, ``timer``, ``hide``: the expressions at those places, ``start.note`` known.

    ``derive``: of so many fields.
    """
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for text in (gateway, timer)]
    bpmn = _BPMN.format(gateway=escaped[0], timer=escaped[1], form="work" if hide or derive else "fill").replace(
        "slow", key
    )
    files = {f"{key}/process.bpmn": bpmn, f"{key}/forms/fill.form.json": _form("fill")}
    if hide or derive:
        files[f"{key}/forms/work.form.json"] = _form("work", hide, derive, times)
    return files


@cache
def slow_folder() -> Path:
    """The process as files in a folder, quick for everything but the note “slow”; beside it one that is always quick."""
    folder = Path(mkdtemp(prefix="gangwei-slow-"))
    for name, text in (slow_process(AT_A_WORD, AT_A_WORD) | slow_process(key="quick")).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
