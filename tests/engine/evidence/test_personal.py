"""What says something of a person can be taken out of every event, wherever it stands, and the chain still proves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.definition import Definition
from engine.desks.successors import Successor
from engine.evidence.personal import masked, personal_paths, personal_texts
from engine.evidence.replay import chain_breaks
from storage import cases, events
from storage.events import LoggedEvent
from storage.rows import CaseRow
from tests.house import ROOT, House, build_house

FOLDER = ROOT / "tests" / "data" / "personal"
FILLED = {
    "guest": "欧阳某某", "telephone": "0311-80001234", "purpose": "困难职工慰问",
    "relatives": [{"called": "欧阳小某", "tie": "子女"}],
}  # fmt: skip
SECRETS = ("欧阳某某", "80001234", "欧阳小某", "长安区经办员", "changan", "家里有事")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build_house(tmp_path, FOLDER)


def told(house: House) -> tuple[Definition, CaseRow, list[LoggedEvent]]:
    """A case that has ended: its definition, its row, its log."""
    receipt = house.start("changan", "visit", "130102", FILLED)
    house.complete("changan", receipt.case_id, "done", **FILLED, opinion="家里有事")
    with house.application.database.read() as connection:
        case = cases.get(connection, int(receipt.case_id))
        assert case is not None
        definition = house.application.catalog.definition(connection, case["digest"])
        return definition, case, events.of_case(connection, case["id"])


def test_what_is_declared_and_what_is_made_of_it_is_hidden_and_the_rest_is_read(house: House) -> None:
    definition, case, log = told(house)
    whole = json.dumps([event["data"] for event in log], ensure_ascii=False)
    assert all(secret in whole for secret in SECRETS[:3])
    hidden = [masked(event, personal_paths(event, definition, ())) for event in log]
    left = json.dumps(hidden, default=str, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in left] == []
    assert "困难职工慰问" in left and "子女" in left
    assert chain_breaks(hidden, case) == []


def test_what_was_said_of_a_person_elsewhere_in_the_case_is_hidden_in_every_event(house: House) -> None:
    receipt = house.start("changan", "visit", "130102", FILLED)
    house.application.cases.acting.comment(house.actor("changan"), receipt.case_id, "下周再来")
    house.application.cases.acting.attach(house.actor("changan"), receipt.case_id, "欧阳某某身份证.txt", b"x")
    with house.application.database.read() as connection:
        case = cases.get(connection, int(receipt.case_id))
        assert case is not None
        definition = house.application.catalog.definition(connection, case["digest"])
        log = events.of_case(connection, case["id"])
    known = personal_texts(log, definition, ()) | {definition.digest[:3]}
    hidden = [masked(event, personal_paths(event, definition, (), known)) for event in log]
    left = json.dumps(hidden, default=str, ensure_ascii=False)
    assert "欧阳某某" not in left and "下周再来" not in left
    assert hidden[0]["data"]["definition"] == definition.digest  # by which the bundle proves its process


def test_who_came_in_whose_place_is_hidden_too(house: House) -> None:
    receipt = house.start("changan", "visit", "130102", FILLED)
    leaving, coming = house.actor("changan"), house.actor("zhengding")
    house.application.accounts.lock(None, leaving.user_id, Successor("zhengding"))
    with house.application.database.read() as connection:
        case = cases.get(connection, int(receipt.case_id))
        assert case is not None
        log = events.of_case(connection, case["id"])
        definition = house.application.catalog.definition(connection, case["digest"])
    assert log[-1]["name"] == "case_handed_over" and coming.name in json.dumps(log[-1]["data"], ensure_ascii=False)
    hidden = masked(log[-1], personal_paths(log[-1], definition, ()))
    left = json.dumps(hidden, default=str, ensure_ascii=False)
    assert [name for name in (leaving.name, coming.name, coming.login) if name in left] == []
    assert chain_breaks([*log[:-1], hidden], case) == []


def test_a_masked_event_that_is_changed_besides_is_found(house: House) -> None:
    definition, case, log = told(house)
    hidden = [masked(event, personal_paths(event, definition, ())) for event in log]
    hidden[0]["data"]["variables"]["start"]["purpose"] = "别的事由"
    assert [str(one) for one in chain_breaks(hidden, case)] == ["event 1 was changed"]


def test_an_event_of_format_1_cannot_be_masked(house: House) -> None:
    _, _, log = told(house)
    old: LoggedEvent = {**log[0], "format": 1, "salts": None, "commitment": None}
    with pytest.raises(ValueError, match="format 1"):
        masked(old, ())
