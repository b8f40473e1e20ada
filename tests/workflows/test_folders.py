"""What every folder under ``workflows/`` must be: sound, bilingual, with its articles, and of one mind with its registers."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from engine.definition import assemble, definitions_in
from engine.publishing.catalog import problems_in
from engine.publishing.folder import FolderFiles
from tests.workflows.world import WORKFLOWS

FOLDERS = {key: files for key, files in definitions_in(FolderFiles(WORKFLOWS)).items() if not key.startswith("_")}
ARTICLES: dict[str, dict[str, str]] = {
    row["number"]: row for row in tomllib.loads((WORKFLOWS / "_shared" / "articles.toml").read_text())["article"]
}
REGISTERS = {path.name.split(".")[0]: json.loads(path.read_text()) for path in WORKFLOWS.glob("_registers/*.json")}

OUTSIDE = {"contractor"}
"""Kinds of organisation outside the unions."""

each_folder = pytest.mark.parametrize("key", sorted(FOLDERS))


def test_the_checks_before_publishing_find_nothing_not_even_to_warn_of():
    assert [problem.text("en") for problem in problems_in(FolderFiles(WORKFLOWS), beside={})] == []


@each_folder
def test_every_form_is_wholly_translated(key):
    forms = assemble(key, FOLDERS[key], 0).forms
    assert {name: [p.text("en") for p in form.problems] for name, form in forms.items() if form.problems} == {}


@each_folder
def test_whoever_begins_a_case_from_outside_reads_its_title_and_can_tell_it_from_his_others(key):
    process = assemble(key, FOLDERS[key], 0).process
    lane = process.lanes.get(process.start.lane_id or "") if process.start else None
    outside = lane is not None and any(set(one.kinds) & OUTSIDE for one in lane.assignments)
    assert not outside or any(not one.fields or "title" in one.fields for one in process.seeing.seen)


@each_folder
def test_every_element_names_its_articles_and_each_has_a_summary(key):
    definition = assemble(key, FOLDERS[key], 0)
    silent = [element.id for element in definition.elements.values() if not element.articles]
    named = {number for element in definition.elements.values() for number in element.articles}
    assert silent == []
    assert (named | set(definition.process.articles)) - ARTICLES.keys() == set()


@pytest.mark.parametrize("number", list(ARTICLES))
def test_an_article_is_summed_up_in_both_languages_and_few_words(number):
    assert 10 <= len(ARTICLES[number]["zh"]) <= 100
    assert 10 <= len(ARTICLES[number]["en"]) <= 250


@each_folder
def test_names_are_readable_and_bilingual(key):
    process = assemble(key, FOLDERS[key], 0).process
    named = {node.id: node.name for node in process.elements.values()}
    for key, (zh, en) in {**named, **{lane.id: lane.name for lane in process.lanes.values()}}.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", key)
        assert re.search("[一-鿿]", zh), key
        assert zh != en, key
    for element in process.elements.values():
        assert all(outcome.name[1] != outcome.name[0] for outcome in element.outcomes)


@each_folder
def test_every_way_out_of_a_gateway_is_named_by_its_answer(key):
    process = assemble(key, FOLDERS[key], 0).process
    for element in process.elements.values():
        if element.tag == "exclusiveGateway" and len(element.outgoing) > 1:
            assert element.default in element.outgoing
            assert all(process.flows[flow].name[0] and process.flows[flow].name[1] for flow in element.outgoing)


def options(components, found):
    for component in components:
        options(component.get("components", []), found)
        if "values" in component:
            found.setdefault(component["key"], {}).update({v["value"]: v["label"] for v in component["values"]})
    return found


@pytest.mark.parametrize("field", ["grade", "purpose", "duties"])
def test_what_the_forms_of_posts_offer_is_what_their_register_takes(field):
    offered: dict = {}
    for path in (WORKFLOWS / "post_approval" / "forms").glob("*.json"):
        options(json.loads(path.read_text())["components"], offered)
    schema = REGISTERS["post"]["properties"][field]
    taken = {choice["const"]: choice["title"] for choice in schema.get("oneOf") or schema["items"]["oneOf"]}
    assert offered[field].keys() == taken.keys()


def test_what_officials_read_speaks_of_a_practice_where_the_measures_are_silent():
    read = [*WORKFLOWS.rglob("*.form.json"), *WORKFLOWS.rglob("*.bpmn"), *WORKFLOWS.glob("_registers/*.json")]
    texts = {path.name: path.read_text("utf-8") for path in read}
    assert any("暂行做法" in text for text in texts.values())
    assert {name for name, text in texts.items() if "我们的理解" in text} == set()
