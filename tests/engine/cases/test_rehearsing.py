"""A paper is read before it is signed: the step is played on what stands, and nothing of it is kept."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from engine.errors import NotAllowed, OutcomeUnknown
from tests.house import ROOT, House, build_house, replaced

FOLDER = ROOT / "tests" / "data" / "recusal"
CITY = "shijiazhuang"
WAY_OUT = 'targetRef="over" gw:nameEn="No"/>'
RENDER = """targetRef="write" gw:nameEn="No"/>
<bpmn:serviceTask id="tell" name="告知" gw:nameEn="Tell"><bpmn:extensionElements><gw:operation name="notify">
  <gw:parameter name="to" value="=&quot;starter&quot;"/><gw:parameter name="title" value="=&quot;已办&quot;"/>
  <gw:parameter name="text" value="=&quot;已办&quot;"/></gw:operation></bpmn:extensionElements></bpmn:serviceTask>
<bpmn:serviceTask id="write" name="写文书" gw:nameEn="Write"><bpmn:extensionElements>
  <gw:operation name="document.render" result="paper">
    <gw:parameter name="template" value="=&quot;over.docx&quot;"/><gw:parameter name="name" value="=&quot;决定&quot;"/>
    <gw:parameter name="values" value="={number: case.number, note: review.note, by: review.by.name}"/>
  </gw:operation></bpmn:extensionElements></bpmn:serviceTask>
<bpmn:sequenceFlow id="written" sourceRef="write" targetRef="tell"/>
<bpmn:sequenceFlow id="told" sourceRef="tell" targetRef="over"/>"""


def asked(tmp_path: Path) -> tuple[House, str]:
    """A case whose one step writes a paper when it is done, and none when its reviewer stands aside."""
    house = build_house(tmp_path, FOLDER)
    paper = docx.Document()
    for line in ("{{ number }}号决定", "{{ note }}", "{{ by }}"):
        paper.add_paragraph(line)
    content = io.BytesIO()
    paper.save(content)
    house.publish({**replaced(FOLDER, (WAY_OUT, RENDER)), "stand_aside/documents/over.docx": content.getvalue()})
    return house, house.start("changan", "stand_aside", "130102", {}).case_id


def test_the_paper_of_an_outcome_is_made_from_what_is_typed_and_nothing_is_kept(tmp_path: Path) -> None:
    house, case_id = asked(tmp_path)
    cases, city, task = house.application.cases, house.actor(CITY), house.task_of(CITY, case_id)
    assert cases.reading.task(city, task).makes_papers
    before = sorted(path.name for path in tmp_path.rglob("*") if path.is_file() and "gangwei.db" not in path.name)
    (paper,) = cases.rehearsing.papers(city, task, {"note": "同意"}, "done")
    assert paper.name == "决定.docx" and [one.text for one in paper.pieces[1:]] == ["同意", "石家庄市审核员"]
    marked = docx.Document(io.BytesIO(paper.content))
    assert marked.sections[0].header.paragraphs[0].text == "草稿，未签发，不具有效力"
    assert cases.rehearsing.papers(city, task, {"note": "同意"}, "recuse") == ()
    (unfinished,) = cases.rehearsing.papers(city, task, {}, "done")  # what is not filled in yet is left open
    assert unfinished.pieces[0].text == paper.pieces[0].text
    after = sorted(path.name for path in tmp_path.rglob("*") if path.is_file() and "gangwei.db" not in path.name)
    view = cases.reading.case(city, case_id)
    assert after == before and view.attachments == () and [line.event for line in view.history] == ["case_started"]
    house.complete(CITY, case_id, "done", note="同意")
    assert [one.filename for one in cases.reading.case(city, case_id).attachments] == [paper.name]
    assert house.proof(case_id) == []
    house.application.database.close()


def test_who_may_not_act_sees_no_draft_and_an_outcome_must_be_the_diagrams(tmp_path: Path) -> None:
    house, case_id = asked(tmp_path)
    task, papers = house.task_of(CITY, case_id), house.application.cases.rehearsing.papers
    with pytest.raises(NotAllowed):
        papers(house.actor("changan"), task, {}, "done")
    with pytest.raises(OutcomeUnknown):
        papers(house.actor(CITY), task, {}, "sign")
    house.application.database.close()
