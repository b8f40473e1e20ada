"""Nothing that has left a case is taken back: a record, a paper, what people were told, a message, a case begun by it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from engine.errors import NotAllowed
from tests.engine.checks.tiny import CASE, FORM_FILE, end, process, service, start, user
from tests.house import ROOT, House, build_house

REGISTERS = ROOT / "tests" / "data" / "registers"
OFFICER, PLACE = "changan", "130102"
LANE = '<gw:assignment role="county_officer" where="same"/>'
MESSAGE = '<message id="m_done" name="done"/>'


def operation(asked: str, **parameters: str) -> str:
    """A service task that asks for an operation; its parameters are expressions."""
    inner = "".join(f"<gw:parameter name=\"{key}\" value='={value}'/>" for key, value in parameters.items())
    return service(extension=f'<gw:operation name="{asked}" result="made">{inner}</gw:operation>')


NOTHING = '<scriptTask id="work" scriptFormat="application/feel"><script>{ total: 1 }</script></scriptTask>'
THROWN = (
    '<intermediateThrowEvent id="work"><extensionElements><gw:correlation key="=case.number" unheard="forget"/>'
    '</extensionElements><messageEventDefinition id="thrown" messageRef="m_done"/></intermediateThrowEvent>'
)
RECORD = operation(
    "register.apply", register='"reader"',
    changes='[{action: "create", data: {office: case.organisation.code, called: "张三"}}]',
)  # fmt: skip
BEGUN = operation(
    "case.start", process='"enrol"', organisation="case.organisation.code", starter="case.starter.login",
    data='{action: "create", record: "", called: "张三", account: ""}',
)  # fmt: skip
LEFT = {
    "a record": (RECORD, "a record was written"),
    "a paper": (
        operation("document.render", template='"paper.docx"', name='"决定书"', values="{}"), "a paper was issued"
    ),
    "what people were told": (
        operation("notify", to='"starter"', title='"已经审核"', text='"结果见事项"'), "people were told"
    ),
    "a message": (THROWN, "another case was told"),
    "a case that was begun": (BEGUN, "another case was told"),
}  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = build_house(tmp_path, REGISTERS)
    yield made
    made.application.database.close()


def decided(house: House, work: str) -> str:
    """A case in which the first of two tasks is done, and between them the diagram has worked."""
    paper = io.BytesIO()
    docx.Document().save(paper)
    steps = (start(extension='<gw:form ref="review"/>'), user("review"), work, user("second"), end())
    diagram = process(
        *steps, flows="begin > review > work > second > end", case=CASE, lane=LANE, head=MESSAGE, id="left"
    )
    files = {"process.bpmn": diagram, "forms/review.form.json": FORM_FILE, "documents/paper.docx": paper.getvalue()}
    house.publish({f"left/{name}": data for name, data in files.items()})
    begun = house.start(OFFICER, "left", PLACE, {})
    house.application.cases.acting.complete(house.actor(OFFICER), begun.opened[0].id, {}, "pass")
    return begun.case_id


def test_what_has_stayed_in_the_case_is_taken_back(house: House) -> None:
    case_id = decided(house, NOTHING)
    house.application.taking_back.take_back(house.actor(OFFICER), case_id, "点错了")
    assert house.proof(case_id) == []


@pytest.mark.parametrize("left", LEFT)
def test_what_has_left_the_case_is_not(house: House, left: str) -> None:
    work, why = LEFT[left]
    case_id, me = decided(house, work), house.actor(OFFICER)
    assert not house.application.taking_back.may(me, case_id)
    with pytest.raises(NotAllowed, match=why):
        house.application.taking_back.take_back(me, case_id, "点错了")
    assert house.proof(case_id) == []
