"""Messages and signals between cases: delivered after the commit, to whom they are meant for, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import NotAllowed
from engine.feel.values import Date
from engine.spiff import Stored
from storage import cases as case_rows
from storage import jobs, waits
from storage.tables import cases
from tests.house import ROOT, House, build_house

FOLDER = ROOT / "tests" / "data" / "messages"
OFFICER, PLACE = "changan", "130102"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def begun(house: House, kind: str, note: str) -> str:
    return house.start(OFFICER, kind, PLACE, {"note": note}).case_id


def work(house: House) -> None:
    while house.application.worker.run_due():
        pass


def standing(house: House, case_id: str) -> tuple[str, list[str]]:
    """How a case stands, and at which tasks."""
    seen = house.application.cases.reading.case(house.actor(OFFICER), case_id)
    return seen.head.status, [task.element_id for task in seen.tasks]


def incidents(house: House) -> list[str]:
    with house.application.database.read() as connection:
        return [row["code"] for row in jobs.incident_list().every(connection)]


def test_a_message_reaches_the_case_that_waits_for_its_key_and_fills_its_variable(house: House) -> None:
    mine, other = begun(house, "waiter", "A1"), begun(house, "waiter", "B2")
    begun(house, "teller", "A1")
    work(house)
    assert standing(house, mine) == ("running", ["confirm"])
    assert standing(house, other) == ("running", [])
    with house.application.database.read() as connection:
        row = case_rows.get(connection, int(mine))
        assert row is not None and Stored(row["state"]).variables["payment"] == {"amount": 5}
        assert waits.of_case(connection, int(mine)) == []
    assert house.proof(mine) == house.proof(other) == []


def test_a_message_waits_for_a_receiver_who_comes_a_little_later(house: House) -> None:
    begun(house, "teller", "A1")
    work(house)
    late = begun(house, "waiter", "A1")
    house.clock.move(hours=1)
    work(house)
    assert standing(house, late) == ("running", ["confirm"])
    assert incidents(house) == []


def test_a_message_that_nobody_ever_waits_for_becomes_an_incident_but_one_to_forget_does_not(house: House) -> None:
    begun(house, "teller", "A1")
    for _ in range(8):
        work(house)
        house.clock.move(hours=1)
    assert incidents(house) == ["Undelivered"]  # of the message «paid»; «noted» is to be forgotten


def test_a_message_for_which_two_cases_wait_is_given_to_neither(house: House) -> None:
    both = [begun(house, "waiter", "A1") for _ in range(2)]
    begun(house, "teller", "A1")
    work(house)
    assert [standing(house, one) for one in both] == [("running", [])] * 2


@pytest.mark.parametrize("both", [True, False])
def test_two_waits_of_one_case_take_one_message_each(house: House, both: bool) -> None:
    mine = begun(house, "twice", "A1")
    begun(house, "teller", "A1")
    work(house)
    with house.application.database.read() as connection:
        row = case_rows.get(connection, int(mine))
        assert row is not None
        assert Stored(row["state"]).variables.get("p1") == {"amount": 5} and "p2" not in Stored(row["state"]).variables
        assert [wait["element"] for wait in waits.of_case(connection, int(mine))] == ["second"]
    if both:
        begun(house, "teller", "A1")
        work(house)
        assert standing(house, mine) == ("running", ["confirm"])
    assert incidents(house) == [] and house.proof(mine) == []


def test_of_two_scopes_the_one_that_began_to_wait_first_takes_the_message(house: House) -> None:
    mine = begun(house, "nested", "A1")
    begun(house, "teller", "A1")
    work(house)
    assert standing(house, mine) == ("running", ["outer_next"])
    assert incidents(house) == [] and house.proof(mine) == []


def test_a_message_for_which_two_cases_wait_is_given_to_neither_though_one_waits_twice(house: House) -> None:
    mine, other = begun(house, "twice", "A1"), begun(house, "waiter", "A1")
    begun(house, "teller", "A1")
    work(house)
    assert standing(house, mine) == standing(house, other) == ("running", [])


def test_a_signal_reaches_both_waits_of_a_case(house: House) -> None:
    mine = begun(house, "stopped", "A1")
    begun(house, "teller", "stop")
    work(house)
    assert standing(house, mine) == ("running", ["after_a", "after_b"])
    assert house.proof(mine) == []


def test_a_signal_reaches_the_other_wait_of_a_case_when_one_has_gone_meanwhile(house: House) -> None:
    mine = begun(house, "stopped", "A1")
    begun(house, "teller", "stop")
    begins: list[None] = []
    house.application.worker.run_due(stop=lambda: len(begins) > 1, begins=lambda: begins.append(None))
    with house.application.database.read() as connection:
        assert len(waits.of_case(connection, int(mine))) == 2  # the signal is on its way
    with house.application.database.read() as connection:
        (number,) = [row["number"] for row in case_rows.tasks_of(connection, int(mine)) if row["element"] == "a"]
    house.application.cases.acting.complete(house.actor(OFFICER), f"{mine}-{number}", {}, "done")
    work(house)
    assert standing(house, mine) == ("running", ["after_b"])
    assert incidents(house) == [] and house.proof(mine) == []


def of_kind(house: House, key: str) -> list[str]:
    """The cases of a kind, the oldest first."""
    with house.application.database.read() as connection:
        found = connection.execute(select(cases.c.id).where(cases.c.key == key).order_by(cases.c.id))
        return [str(one) for one in found.scalars()]


def test_a_message_opens_a_case_once_in_the_name_of_the_person_whom_its_start_event_says(house: House) -> None:
    begun(house, "asker", OFFICER)
    work(house)
    work(house)
    (opened,) = of_kind(house, "answer")
    assert standing(house, opened) == ("running", ["review"])
    with house.application.database.read() as connection:
        row = case_rows.get(connection, int(opened))
        assert row is not None
        assert (row["organisation_code"], row["starter_candidate"]) == (PLACE, f"county_officer@{PLACE}")
        assert row["starter_id"] == house.actor(OFFICER).user_id
        assert Stored(row["state"]).variables["asked"] == {
            "place": PLACE, "login": OFFICER, "day": Date(2026, 11, 30),
        }  # fmt: skip
    assert house.proof(opened) == [] and incidents(house) == []


@pytest.mark.parametrize("login", ["nobody", "shijiazhuang", "observer"])
def test_a_message_opens_nothing_in_the_name_of_one_who_may_not_start_it(house: House, login: str) -> None:
    begun(house, "asker", login)
    for _ in range(8):
        work(house)
        house.clock.move(hours=1)
    assert of_kind(house, "answer") == []
    assert incidents(house) == ["NotFound" if login == "nobody" else "NotAllowed"]


def test_a_signal_opens_a_case_of_each_kind_that_begins_with_it(house: House) -> None:
    begun(house, "asker", "rain")
    work(house)
    for kind in ("shelter", "umbrella"):
        (opened,) = of_kind(house, kind)
        assert standing(house, opened) == ("running", ["review"])
        assert house.proof(opened) == []
    assert incidents(house) == []


def test_what_only_a_message_opens_is_not_offered_to_people(house: House) -> None:
    offered = house.application.cases.starts.startable(house.actor(OFFICER))
    assert {one.key for one in offered}.isdisjoint({"answer", "shelter", "umbrella"})
    with pytest.raises(NotAllowed):
        begun(house, "answer", "A1")


def test_a_signal_reaches_every_case_that_waits(house: House) -> None:
    waiting = [begun(house, "waiter", note) for note in ("A1", "B2")]
    begun(house, "teller", "stop")
    work(house)
    assert [standing(house, one)[0] for one in waiting] == ["completed"] * 2
    assert [house.proof(one) for one in waiting] == [[], []]
