"""What was proposed comes in force because a case has decided it: as it was then, checked again, never by one alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from engine.designing.keeping import TOGETHER
from storage import accounts, definitions, jobs, proposals
from storage import cases as case_rows
from tests.house import ROOT, House, build_house

FOLDER = ROOT / "tests" / "data" / "proposed"
EFFECTIVE = ROOT / "tests" / "data" / "effective"
OFFICER, PLACE, LEADER = "changan", "130102", "province.leader"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, FOLDER, EFFECTIVE)
    yield made
    made.application.database.close()


def edited(house: House, login: str, number: int, before: str, after: str) -> None:
    """Somebody changes the diagram of a design."""
    house.clock.move(minutes=TOGETHER / timedelta(minutes=1))
    editing, actor, session = house.application.workshop.editing, house.actor(login), f"s{login.replace('_', '')}"
    opened = editing.edit(actor, number, session, take_over=True)
    text = opened.diagrams["process.bpmn"]
    assert before in text
    changes = {"process.bpmn": text.replace(before, after).encode()}
    editing.save(actor, number, (opened.revision, session), changes)


def designed(house: House, login: str = "designer") -> int:
    """A design that renames the process, made from the version in force."""
    number = house.application.workshop.beginning.copy(house.actor(login), "grant", 1)
    edited(house, login, number, 'name="发放"', 'name="新发放"')
    return number


def decided(house: House, proposal: int) -> str:
    """A case on a proposal that the province has agreed to, and all that follows; where it has ended."""
    case_id = house.start(OFFICER, "change", PLACE, {"proposal": str(proposal)}).case_id
    house.complete(LEADER, case_id, "agree")
    while house.application.worker.run_due():
        pass
    assert house.proof(case_id) == []
    with house.application.database.read() as connection:
        row = case_rows.get(connection, int(case_id))
    assert row is not None
    return str(row["end_element"])


def version(house: House) -> int:
    with house.application.database.read() as connection:
        found = definitions.version(connection, "grant", None)
    assert found is not None
    return found["version"]


def told(house: House) -> list[str]:
    with house.application.database.read() as connection:
        return [one["message_zh"] for one in jobs.incident_list().every(connection)]


def grant_role(house: House, login: str) -> None:
    """Let somebody design, too."""
    with house.application.database.write() as connection:
        accounts.grant(connection, house.actor(login).user_id, "designer", "130000", house.clock.now())


def test_what_was_pinned_comes_in_force_whatever_was_drawn_after(house: House) -> None:
    number = designed(house)
    proposal = house.application.workshop.proposing.propose(house.actor("designer"), number)
    edited(house, "designer", number, 'name="新发放"', 'name="又发放"')
    assert (decided(house, proposal), version(house), told(house)) == ("in_force", 2, [])
    with house.application.database.read() as connection:
        row, now = proposals.get(connection, proposal), definitions.version(connection, "grant", None)
    assert row is not None and now is not None and row["published_at"] is not None
    assert now["digest"] == row["digest"] and now["name_zh"] == "新发放"


def test_whoever_has_ever_edited_it_does_not_decide_even_when_its_history_is_gone(house: House) -> None:
    grant_role(house, LEADER)
    number = designed(house)
    edited(house, LEADER, number, 'name="新发放"', 'name="更新"')
    edited(house, "designer", number, 'name="更新"', 'name="最新"')
    house.application.workshop.history.purge(house.actor("designer"), number)
    proposal = house.application.workshop.proposing.propose(house.actor("designer"), number)
    assert (decided(house, proposal), version(house)) == ("not_in_force", 1)
    assert ["请由另一人决定" in one for one in told(house)] == [True]


def test_whoever_has_proposed_it_does_not_decide(house: House) -> None:
    grant_role(house, LEADER)
    proposal = house.application.workshop.proposing.propose(house.actor(LEADER), designed(house))
    assert (decided(house, proposal), version(house)) == ("not_in_force", 1)


def test_what_fails_the_checks_on_its_day_is_told_and_nothing_is_published(house: House) -> None:
    number = designed(house)
    edited(house, "designer", number, 'id="grant"', 'id="grant" gw:unknown="1"')
    proposal = house.application.workshop.proposing.propose(house.actor("designer"), number)
    assert (decided(house, proposal), version(house), len(told(house))) == ("not_in_force", 1, 1)


def test_bytes_that_are_no_longer_those_of_their_digest_come_never_in_force(house: House) -> None:
    proposal = house.application.workshop.proposing.propose(house.actor("designer"), designed(house))
    with house.application.database.write() as connection:
        connection.execute(update(proposals.proposals).values(digest="0" * 64))
    assert (decided(house, proposal), version(house), len(told(house))) == ("not_in_force", 1, 1)
