"""Events of a case: each has a declared payload and a sentence, and is spelt at one place. ``House.proof`` compares."""

import ast
from pathlib import Path

from engine.cases import event_types
from tests.payloads import misfits
from web.cases.words import SENTENCES

ROOT = Path(__file__).resolve().parents[3]


def spelt(source):
    """Lines in which a source spells the name of an event."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return [node.lineno for node in nodes if node.value in event_types.PAYLOADS]


def test_a_payload_with_a_key_too_many_or_too_few_is_seen():
    assert misfits([{"name": "comment_added", "data": {"text": "好"}}]) == []
    assert misfits([{"name": "comment_added", "data": {"text": "好", "loud": True}}]) != []
    assert misfits([{"name": "comment_added", "data": {}}, {"name": "no_such_event", "data": {}}]) != []


def test_every_event_has_a_sentence_and_every_sentence_an_event():
    assert set(SENTENCES) == set(event_types.PAYLOADS)


def test_the_name_of_an_event_is_spelt_at_one_place():
    own = ROOT / "engine/cases/event_types.py"
    files = [file for part in ("engine", "storage", "web") for file in (ROOT / part).rglob("*.py") if file != own]
    files = [file for file in files if "node_modules" not in file.parts and "migrations" not in file.parts]
    found = {str(file.relative_to(ROOT)): spelt(file.read_text(encoding="utf-8")) for file in files}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert spelt('if event["name"] == "task_completed":\n    pass') == [1]
