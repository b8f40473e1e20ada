"""No name of a workflow in the code: adding a process is adding a folder. Sizes and addresses are in test_house.py."""

import ast
import json
import re
import tomllib
from pathlib import Path

from engine.diagram import read_diagram

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = ROOT / "workflows"
DIRECTORY = "_directory"
PACKAGES = ("engine", "storage", "web")

# Words that a workflow uses too, and that mean something general where the code says them.
ALLOWED = {
    "number": "the public number of a case or record; a type of FEEL",
    "state": "the saved state of a case; the state of a task",
    "place": "where a case belongs in the tree of organisations",
    "organisation": "the tree of organisations is part of the engine",
    "withdrawn": "how a case may end, whatever its process",
    "refused": "how a case may end, whatever its process",
    "province": "the root above an organisation, as expressions know it",
    "city": "what stands under the root above an organisation, as expressions know it",
    "zone": "the time zone of legal time",
    "15": "the mode of Word in which papers are written",
    "worker": "a program that runs jobs, and the columns that name it",
    "incident": "what an operator must settle",
    "facts": "what an expression sees of an organisation",
    "decided_by": "who has decided a change of the calendar",
    "members": "what an archive holds",
}


def workflow_names(folder=WORKFLOWS):
    """Every name that only the workflows may know, with where it comes from."""
    names: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        where = path.relative_to(folder).as_posix()
        if path.suffix == ".bpmn":
            names |= dict.fromkeys(diagram_names(where, path.read_bytes()), where)
        elif path.suffix == ".dmn":
            names |= dict.fromkeys(
                re.findall(r'<(?:\w+:)?decision\b[^>]*?\bid="([^"]+)"', path.read_text("utf-8")), where
            )
        elif path.parent.name == "_registers" and path.suffix == ".json":
            schema = json.loads(path.read_text(encoding="utf-8"))
            names |= dict.fromkeys({path.name.partition(".")[0], *field_names(schema)}, where)
        elif path.parent.name == DIRECTORY:
            names |= dict.fromkeys(entry_names(tomllib.loads(path.read_text(encoding="utf-8"))), where)
    keys = {path.name: path.name for path in folder.iterdir() if path.is_dir() and path.name[0] not in "_."}
    return names | keys


def diagram_names(where, data):
    for process in read_diagram(where, data).processes:
        yield process.id
        yield from process.lanes
        yield from process.flows
        for element in process.elements.values():
            yield element.id
            yield from element.articles
            yield from (element.form, element.into) if element.form else ()
            yield from (call.result for call in (element.operation, element.decision) if call and call.result)


def field_names(schema):
    """The fields of a JSON Schema, at every depth."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for value in schema.values():
            yield from field_names(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from field_names(value)


def entry_names(tables):
    """The ids of roles, kinds, figures and what a figure may be."""
    if isinstance(tables, dict):
        yield from (tables["id"],) if "id" in tables else ()
        for value in tables.values():
            yield from entry_names(value)
    elif isinstance(tables, list):
        for value in tables:
            yield from entry_names(value)


def constants(tree):
    """(line, text) of every string constant that runs: documentation is left out."""
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def leaks(source, names):
    """Where ``source`` says a name of a workflow: alone, or a compound one inside a longer text (a path, SQL)."""
    for line, text in constants(ast.parse(source)):
        said = {text} | {word for word in re.findall(r"\w+", text) if "_" in word}
        yield from ((line, name) for name in said & names)


def python_files():
    return [
        file
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
        if "node_modules" not in file.parts
    ]


def test_no_name_of_a_workflow_is_said_in_the_code():
    names = workflow_names()
    assert names, "there are no workflows to learn names from"
    guarded = set(names) - ALLOWED.keys()
    found = [
        f"{file.relative_to(ROOT)}:{line}: “{name}” (of {names[name]})"
        for file in python_files()
        for line, name in leaks(file.read_text(encoding="utf-8"), guarded)
    ]
    assert found == []


def test_a_leaked_name_would_be_seen():
    key = next(path.name for path in sorted(WORKFLOWS.iterdir()) if path.is_dir() and "_" in path.name[1:])
    names = set(workflow_names())
    assert list(leaks(f'if case.key == "{key}":\n    pass', names)) == [(1, key)]
    assert list(leaks(f'path = f"workflows/{key}/process.bpmn"', names)) == [(1, key)]
    assert list(leaks(f'"""A file about {key}."""\n', names)) == []


def test_a_leaked_role_kind_or_figure_would_be_seen():
    names = set(workflow_names()) - ALLOWED.keys()
    for said in set(
        entry_names([tomllib.loads(file.read_text("utf-8")) for file in (WORKFLOWS / DIRECTORY).iterdir()])
    ):
        expected = [] if said in ALLOWED else [(1, said)]
        assert list(leaks(f'if actor.has("{said}"):\n    pass', names)) == expected
    assert list(leaks('candidate = f"county_officer@{code}"', names)) == [(1, "county_officer")]


def test_names_are_learnt_from_diagrams_tables_and_registers(tmp_path):
    (tmp_path / "loan" / "x").mkdir(parents=True)
    (tmp_path / "_registers").mkdir()
    (tmp_path / DIRECTORY).mkdir()
    (tmp_path / DIRECTORY / "roles.toml").write_text('[[role]]\nid = "reader"\nzh = "读者"\nkinds = ["library"]')
    (tmp_path / DIRECTORY / "figures.toml").write_text('[[figure]]\nid = "books"\nchoices = [{ id = "plenty" }]')
    (tmp_path / "_registers/book.schema.json").write_text('{"properties": {"shelf_mark": {"properties": {"row": {}}}}}')
    (tmp_path / "loan/rate.dmn").write_text('<dmn:definitions id="d"><dmn:decision name="x" id="late_fee">')
    (tmp_path / "loan/process.bpmn").write_text(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1">'
        '<process id="lending"><laneSet id="s"><lane id="readers"/></laneSet><userTask id="lend_review">'
        '<extensionElements><gw:article number="77"/></extensionElements></userTask></process></definitions>'
    )
    assert set(workflow_names(tmp_path)) == {
        "loan", "lending", "readers", "lend_review", "77", "late_fee", "book", "shelf_mark", "row",
        "reader", "books", "plenty",
    }  # fmt: skip


def test_every_allowed_word_is_still_the_name_of_something():
    assert set(ALLOWED) - set(workflow_names()) == set()
