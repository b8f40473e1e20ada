"""Every construct of BPMN 2.0 in a process of its own: it runs as the standard says, or it is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import parser

from engine import semantics
from engine.checks.around import OperationFacts, ParameterFacts, Surroundings
from engine.definition import check_files
from engine.errors import Problem
from tests.bpmn_table import TABLE, table
from tests.engine.bpmn.player import Player
from tests.engine.bpmn.walks import GROUPS, Construct, constructs

ALL = tuple(constructs())
OPERATIONS = {"organisation.get": OperationFacts(True, (ParameterFacts("organisation", True),))}
AROUND = Surroundings(roles=("county_officer",), kinds=(), operations=OPERATIONS)

SCHEMA = Path(parser.__file__).parent / "schema" / "BPMN20.xsd"
FEEL_LISTS = {"multi_instance_sequential_list"}
"""Where loopDataInputRef holds a FEEL list; the schema knows only the name of one."""


def by_folder(found):
    return [pytest.param(construct, id=construct.folder.name) for construct in found]


def errors_of(construct: Construct) -> list[Problem]:
    return [problem for problem in check_files(construct.files(), AROUND) if problem.severity == "error"]


@pytest.mark.parametrize("construct", by_folder(c for c in ALL if not c.refused))
def test_a_supported_construct_is_published(construct):
    assert [problem.text("en") for problem in errors_of(construct)] == []


@pytest.mark.parametrize("construct", by_folder(c for c in ALL if c.steps))
def test_a_construct_runs_as_the_standard_says(construct):
    player = Player.of(construct)
    for step in construct.steps:
        player.play(step)


@pytest.mark.parametrize("construct", by_folder(c for c in ALL if c.before))
def test_a_case_that_met_a_fault_runs_as_it_ran(construct, monkeypatch):
    monkeypatch.setattr(semantics, "CURRENT", semantics.UNNAMED)
    player = Player.of(construct)
    for step in construct.before:
        player.play(step)


@pytest.mark.parametrize("construct", by_folder(c for c in ALL if c.refused))
def test_a_refused_construct_is_refused_by_name_and_for_nothing_else(construct):
    found = errors_of(construct)
    for element, reason in construct.refused:
        assert [p for p in found if says(p, element, reason)], [problem.text("en") for problem in found]
    others = [p for p in found if not any(says(p, *refusal) for refusal in construct.refused)]
    assert [problem.text("en") for problem in others] == []


def says(problem: Problem, element: str, reason: str) -> bool:
    return problem.place == element and reason in problem.text("zh") + problem.text("en")


def test_every_diagram_is_valid_by_the_schema_of_the_standard():
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    files = [file for construct in ALL for file in sorted(construct.folder.glob("*.bpmn"))]
    invalid = {file.parent.name for file in files if not schema.validate(etree.parse(file))}
    assert invalid == FEEL_LISTS


def test_every_folder_is_walked_or_refused():
    assert [c.folder.name for c in ALL if not c.steps and not c.refused] == []
    assert {c.facts["group"] for c in ALL} == set(GROUPS)


def test_a_walk_goes_to_the_end_of_its_case():
    unfinished = [c.folder.name for c in ALL if c.steps and not (c.steps[-1].ended or c.steps[-1].fails)]
    assert unfinished == []


def test_the_table_of_constructs_is_current():
    assert TABLE.read_text(encoding="utf-8") == table(), "run: python -m tests.bpmn_table"
