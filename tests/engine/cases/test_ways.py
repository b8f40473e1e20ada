"""The coloured diagram: flows and how often, returns, where tokens stand, all counted as the case runs, and proved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.cases.reading.diagrams import read_from
from engine.views import DiagramView
from storage import cases, events
from storage.database import Connection
from tests.house import ROOT, House, build_house
from tests.postgres import Server
from tests.statements import statements

FOLDER = ROOT / "tests" / "data" / "ways"
COUNTY, CITY = "changan", "shijiazhuang"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


@pytest.fixture
def on_each(tmp_path: Path, server: Server | None) -> Any:
    """A house on SQLite, then one on PostgreSQL."""
    made = build_house(tmp_path, FOLDER, server=server)
    yield made
    made.application.database.close()


def begun(house: House) -> str:
    return house.start(COUNTY, "round_trip", "130102", {}).case_id


def diagram(house: House, case_id: str) -> DiagramView:
    return house.application.cases.reading.diagram(house.actor(COUNTY), case_id)


def complete(house: House, who: str, case_id: str, element: str, outcome: str = "done") -> None:
    """Complete the first open task at an element."""
    house.clock.move(minutes=1)
    actor = house.actor(who)
    tasks = house.application.cases.reading.case(actor, case_id).tasks
    task = next(one for one in tasks if one.element_id == element)
    house.application.cases.acting.complete(actor, task.id, {}, outcome)


def checked(house: House, case_id: str) -> None:
    for _ in range(3):
        complete(house, CITY, case_id, "look")


def returned(house: House, case_id: str, times: int) -> None:
    for _ in range(times):
        complete(house, CITY, case_id, "review", "back")
        complete(house, COUNTY, case_id, "mend")


def flows(view: DiagramView) -> dict[tuple[str, str], int]:
    return {(one.source, one.target): one.times for one in view.flows}


def test_every_instance_of_a_multi_instance_stands_and_is_counted(house: House) -> None:
    case_id = begun(house)
    complete(house, CITY, case_id, "look")
    view = diagram(house, case_id)
    assert (view.elements["look"].tokens, view.elements["look"].times) == (2, 1)
    assert (view.elements["panel"].state, view.elements["panel"].tokens) == ("current", 1)
    assert flows(view) == {("asked", "panel"): 1, ("panel_start", "look"): 3, ("look", "panel_end"): 1}
    assert house.proof(case_id) == []


def test_a_return_is_told_by_from_where_to_where_and_how_often(on_each: House) -> None:
    house = on_each
    case_id = begun(house)
    checked(house, case_id)
    returned(house, case_id, 2)
    complete(house, CITY, case_id, "review", "back")
    view = diagram(house, case_id)
    assert [(one.source, one.target, one.times) for one in view.returns] == [("review", "mend", 3)]
    assert flows(view)["decided", "mend"] == 3 and flows(view)["mend", "review"] == 2
    assert ("decided", "over") not in flows(view)
    assert (view.elements["review"].state, view.elements["review"].times) == ("returned", 3)
    assert (view.elements["mend"].state, view.elements["mend"].tokens) == ("current", 1)
    assert view.elements["review"].visits[-1].who == ("石家庄市审核员", "石家庄市审核员")
    assert house.proof(case_id) == []


def test_what_a_call_activity_runs_is_not_taken_for_flows_of_its_caller(house: House) -> None:
    case_id = begun(house)
    checked(house, case_id)
    found = flows(diagram(house, case_id))
    assert found["panel", "compute"] == found["compute", "review"] == found["asked", "panel"] == 1
    assert found["compute_start", "add"] == 1  # of the same id as the first flow of the caller


def test_a_boundary_event_is_a_way_of_its_own_and_no_token_stands_at_it_before(house: House) -> None:
    case_id = begun(house)
    assert diagram(house, case_id).elements["slow"].tokens == 0
    house.at(11, 27)
    view = diagram(house, case_id)
    assert flows(view)["slow", "hurry"] == 1 and view.elements["slow"].state == "done"
    assert (view.elements["hurry"].tokens, view.elements["look"].tokens) == (1, 3)
    assert house.proof(case_id) == []


def test_an_act_that_is_taken_back_is_counted_no_more(on_each: House) -> None:
    house = on_each
    case_id = begun(house)
    checked(house, case_id)
    before = diagram(house, case_id)
    complete(house, CITY, case_id, "review", "back")
    house.application.taking_back.take_back(house.actor(CITY), case_id, "看错了")
    view = diagram(house, case_id)
    assert (flows(view), view.returns) == (flows(before), ())
    assert view.elements["review"].state == "current"
    assert house.proof(case_id) == []


def test_a_long_case_is_told_by_as_many_statements_and_visits_as_a_short_one(house: House) -> None:
    case_id = begun(house)
    checked(house, case_id)
    returned(house, case_id, 2)
    with statements(house.application.database) as few:
        diagram(house, case_id)
    returned(house, case_id, 8)
    with statements(house.application.database) as many:
        view = diagram(house, case_id)
    assert len(many) == len(few) and not any("event_payloads" in text for text in many)
    assert (view.elements["review"].times, len(view.elements["review"].visits)) == (10, 5)


def _forget(connection: Connection, case_id: int) -> None:
    connection.exec_driver_sql(f"UPDATE cases SET passages = NULL WHERE id = {case_id}")


def test_a_case_that_an_earlier_program_began_is_told_from_its_events_and_stays_proved(house: House) -> None:
    case_id = begun(house)
    checked(house, case_id)
    returned(house, case_id, 2)
    counts = diagram(house, case_id)
    with house.application.database.write() as connection:
        _forget(connection, int(case_id))
    view = diagram(house, case_id)
    assert view.returns == counts.returns and flows(view)["decided", "mend"] == 2
    assert view.elements["review"].visits == counts.elements["review"].visits
    returned(house, case_id, 1)
    with house.application.database.read() as connection:
        row = cases.get(connection, int(case_id))
        assert row is not None and row["passages"] is None
        definition = house.application.catalog.definition(connection, row["digest"])
        assert read_from(definition, events.of_case(connection, int(case_id)))["returns"] == {"review/mend": 3}
    assert house.proof(case_id) == []
