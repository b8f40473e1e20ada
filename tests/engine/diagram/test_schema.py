"""The schema of our words: what the check and the readers know stands in it, and the contract is made of it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from engine.diagram import schema
from engine.diagram.columns import TYPES
from engine.diagram.notes import FLOW_NODES
from engine.diagram.public import KINDS
from engine.diagram.verbs import VALUES
from tests.contract_table import README, page
from tests.house import ROOT

READERS = {"each", "_value", "get", "number", "words", "assignments", "iterfind", "find"}
FILES = sorted((ROOT / "engine" / "diagram").glob("*.py"))
LOOKED_FOR = ("extensions", "sealing", "seeing", "public", "verbs", "starts", "passing", "columns")


def asked_for(tree):
    """The names of elements and attributes that a reader of extensions asks for."""
    for call in ast.walk(tree):
        name = getattr(getattr(call, "func", None), "attr", None) or getattr(getattr(call, "func", None), "id", None)
        if isinstance(call, ast.Call) and name in READERS:
            yield from (part.value for part in call.args if isinstance(part, ast.Constant) and part.value)


def test_every_word_that_a_reader_asks_for_stands_in_the_schema():
    known = set(schema.words()) | {name for word in schema.words().values() for name in word.names}
    asked = {
        name for file in FILES if file.stem in LOOKED_FOR for name in asked_for(ast.parse(file.read_text("utf-8")))
    }
    assert len(asked) > 60
    assert {name for name in asked if isinstance(name, str)} - known == set()


def test_a_reader_of_an_unknown_word_would_be_seen():
    assert list(asked_for(ast.parse("next(self.each('unheard'))"))) == ["unheard"]


@pytest.mark.parametrize(
    ("tag", "attribute", "values"),
    [
        ("column", "type", TYPES),
        ("show", "kind", KINDS),
        ("verb", "name", VALUES["name"]),
        ("verb", "to", VALUES["to"]),
    ],
)
def test_the_choices_are_those_that_the_engine_has(tag, attribute, values):
    (found,) = (one for one in schema.words()[tag].attributes if one.name == attribute)
    assert set(found.choices) == set(values.split("|"))


def test_every_word_has_its_texts_and_stands_on_something_that_exists():
    for word in schema.words().values():
        assert word.hosts <= FLOW_NODES | schema.words().keys() | {
            *("process", "lane", "globalUserTask", "globalBusinessRuleTask")
        }, word.tag
        for zh, en in (word.label, word.meaning, *(one.label for one in word.attributes)):
            assert zh and en.isascii(), word.tag


def test_the_table_of_the_contract_is_made_of_the_schema():
    assert Path(README).read_text(encoding="utf-8") == page()
