"""The designer's desk: who may, what a version says, and that older versions stay readable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.dmn.facts import read_facts
from engine.errors import NotAllowed, NotFound
from tests.engine.cases.test_acts import APPROVAL, begun
from tests.house import House, build_house, replaced

TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="fee" name="费用"><description>怎样收费</description>
    <decisionTable hitPolicy="COLLECT" aggregation="SUM">
      <input label="年龄"><inputExpression typeRef="number"><text>age</text></inputExpression></input>
      <output name="amount" typeRef="number"><defaultOutputEntry><text>0</text></defaultOutputEntry></output>
      <rule id="young"><description>未成年</description>
        <inputEntry><text>&lt; 18</text></inputEntry><outputEntry><text>5</text></outputEntry></rule>
      <rule id="any"><inputEntry><text>-</text></inputEntry><outputEntry><text>10</text></outputEntry></rule>
    </decisionTable></decision>
  <decision id="twice" name="加倍"><literalExpression><text>age * 2</text></literalExpression></decision>
</definitions>"""


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path / "house", APPROVAL)
    yield made
    made.application.database.close()


def key_of(house: House) -> str:
    return house.application.definitions.current(house.actor("designer"))[0].key


def publish_changed(house: House) -> None:
    """The same definitions with a word more in the diagram."""
    by = house.actor("designer").user_id
    house.application.catalog.publish(replaced(APPROVAL, ("</", "\n</")), house.clock.now(), by=by)


def test_only_a_designer_may_look(house: House) -> None:
    key, desk = key_of(house), house.application.definitions
    for login in ("changan", "administrator", "operator", "auditor"):
        other = house.actor(login)
        for ask in (lambda o=other: desk.current(o), lambda o=other: desk.view(o, key)):
            with pytest.raises(NotAllowed):
                ask()
        with pytest.raises(NotAllowed):
            desk.diagram(other, key, 1)


def test_a_version_tells_its_cases_steps_forms_and_diagram(house: House) -> None:
    begun(house)
    key, desk, designer = key_of(house), house.application.definitions, house.actor("designer")
    view = desk.view(designer, key)
    assert (view.published.version, view.published.current, view.published.running) == (1, True, 1)
    assert any(step.tag == "userTask" for step in view.steps)
    assert view.forms and all(form.fields for form in view.forms)
    assert not [problem for problem in view.problems if problem.severity == "error"]
    assert "bpmn" in desk.diagram(designer, key, 1)


def test_a_new_version_is_current_and_the_older_one_keeps_its_cases(house: House) -> None:
    begun(house)
    key, desk, designer = key_of(house), house.application.definitions, house.actor("designer")
    publish_changed(house)
    assert [(one.version, one.running) for one in desk.current(designer)] == [(2, 1)]
    view = desk.view(designer, key)
    assert [(one.version, one.current, one.running, one.by) for one in view.versions] == [
        (2, True, 0, designer.name),
        (1, False, 1, ""),
    ]
    old = desk.view(designer, key, 1)
    assert old.published.digest != view.published.digest
    assert desk.diagram(designer, key, 1) != desk.diagram(designer, key, 2)


def test_what_was_never_published_is_not_found(house: House) -> None:
    key, desk, designer = key_of(house), house.application.definitions, house.actor("designer")
    for asked in (("unheard_of", None), (key, 7), ("_registers", None)):
        with pytest.raises(NotFound):
            desk.view(designer, *asked)
    with pytest.raises(NotFound):
        desk.diagram(designer, key, 7)


def test_a_decision_table_is_told_cell_by_cell() -> None:
    table, expression = read_facts("fee.dmn", TABLE.encode())
    assert (table.policy, table.description, table.file) == ("COLLECT SUM", "怎样收费", "fee.dmn")
    assert [(column.label, column.text) for column in table.inputs] == [("年龄", "age")]
    assert [(column.label, column.text) for column in table.outputs] == [("amount", "0")]
    assert [(rule.id, rule.inputs, rule.outputs, rule.note) for rule in table.rules] == [
        ("young", ("< 18",), ("5",), "未成年"),
        ("any", ("-",), ("10",), ""),
    ]
    assert (expression.policy, expression.text, expression.name) == ("", "age * 2", ("加倍", "加倍"))
