"""A correlation key that is written says something, wherever a message is thrown or waited for (BPMN 2.0, 8.4.2)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from engine import semantics
from engine.definition import assemble
from engine.errors import ExpressionFailed
from engine.runtime import commands
from tests.engine.bpmn.player import NOW, Player, ask
from tests.engine.bpmn.walks import Construct, constructs
from tests.house import ROOT, House, build_house

MESSAGES = ROOT / "tests" / "data" / "messages"
OFFICER, PLACE = "changan", "130102"
SITES = {
    "boundary_message_interrupting", "catch_message", "end_message",
    "event_gateway_message", "event_sub_process_message_interrupting", "event_sub_process_message_key_of_its_scope",
    "multi_instance_receive", "multi_instance_send", "receive_task", "send_task", "throw_message",
}  # fmt: skip
NOTHING = ["null", "no_such_name", '""', '" "', "true", "[]", '["A1"]', "{a: 1}", "[1..2]", "function(x) x"]


def keyed(construct: Construct, key: str) -> Player:
    """The walk, with this key at every message."""
    files = construct.files()
    xml = re.sub(r"""(<gw:correlation\b[^>]*?) key=("[^"]*"|'[^']*')""", r"\1", files["process.bpmn"].decode())
    xml = re.sub(r"<gw:correlation\b", f"<gw:correlation key={quoteattr('=' + key)}", xml)
    definition = assemble("tiny", {**files, "process.bpmn": xml.encode()}, 1)
    assert any(element.correlation.key for element in definition.elements.values())
    return Player(definition)


def sites() -> dict[str, Construct]:
    return {one.folder.name: one for one in constructs() if one.folder.name in SITES}


def walked(player: Player, construct: Construct) -> None:
    """The acts of a walk, whatever they lead to: a person's until the key is asked for."""
    for step in construct.steps:
        if step.act not in ("act", "complete"):
            break
        outcome = player._act(step)
        player._follow(outcome)
        player.state = bytes(outcome.state)


def test_every_place_of_a_message_is_tried() -> None:
    assert set(sites()) == SITES


@pytest.mark.parametrize("site", sorted(SITES))
@pytest.mark.parametrize("key", NOTHING)
def test_a_key_that_says_nothing_is_refused_by_the_name_of_its_element(site: str, key: str) -> None:
    construct = sites()[site]
    with pytest.raises(ExpressionFailed, match="must be a text or a number"):
        walked(keyed(construct, key), construct)


@pytest.mark.parametrize("site", sorted(SITES))
@pytest.mark.parametrize(
    ("key", "text"), [('"A1"', "A1"), ("5", "5"), ("10 / 4", "2.5"), ("6222021234567890123", "6222021234567890123")]
)
def test_a_text_or_a_number_is_a_key(site: str, key: str, text: str) -> None:
    construct = sites()[site]
    player = keyed(construct, key)
    outcome = commands.start(player.definition, {}, NOW, ask)
    found = {wait.key for wait in outcome.waits if wait.kind == "message"} | {one.key for one in outcome.thrown}
    assert found <= {text}


def test_a_key_has_a_largest_size() -> None:
    construct = sites()["catch_message"]
    walked(keyed(construct, 'string join(for i in 1..200 return "a")'), construct)
    with pytest.raises(ExpressionFailed, match="200"):
        walked(keyed(construct, 'string join(for i in 1..201 return "a")'), construct)


def test_before_a_key_that_was_null_waited_for_every_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantics, "CURRENT", semantics.UNNAMED)
    construct = sites()["catch_message"]
    player = keyed(construct, "null")
    walked(player, construct)
    assert [wait.key for wait in player.waits.values()] == [None]


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, MESSAGES)
    yield made
    made.application.database.close()


def test_an_old_wait_without_the_key_that_its_diagram_writes_takes_no_message(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantics, "CURRENT", semantics.UNNAMED)
    other = house.start(OFFICER, "waiter", PLACE, {"note": None}).case_id  # waited for anything, as it ran then
    monkeypatch.undo()
    mine = house.start(OFFICER, "waiter", PLACE, {"note": "A1"}).case_id
    house.start(OFFICER, "teller", PLACE, {"note": "A1"})
    while house.application.worker.run_due():
        pass
    seen = {case: house.application.cases.reading.case(house.actor(OFFICER), case).tasks for case in (mine, other)}
    assert [[task.element_id for task in tasks] for tasks in seen.values()] == [["confirm"], []]
    assert house.proof(mine) == house.proof(other) == []
    with pytest.raises(ExpressionFailed):
        house.start(OFFICER, "waiter", PLACE, {"note": ""})
