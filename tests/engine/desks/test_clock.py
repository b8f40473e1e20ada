"""The demo's clock: it lets time pass for cases and jobs, in every program on the database, and never in production."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.application import open_application
from engine.desks.clock import BACK, FURTHEST, HOUR, TEN_WORKING_DAYS, WORKING_DAY
from engine.errors import BadInput, NotAllowed
from storage import schedule
from storage.events import of_case
from storage.mapped import newest_account_events
from tests.engine.jobs.sleepers import PERSON, WORKFLOWS, start
from tests.house import House, build_house

pytestmark = pytest.mark.any_day


@pytest.fixture
def house(tmp_path):
    """A demo: its machine's clock is the test's."""
    made = build_house(tmp_path, WORKFLOWS)
    made.application.database.close()
    opened = open_application(made.folder, made.clock, demo=True)
    yield replace(made, application=opened)
    opened.database.close()


def move(house: House, how: str) -> datetime:
    return house.application.clock_desk.move(house.actor_once(PERSON), how)


def moments(house: House, case_id: int) -> list[datetime]:
    with house.application.database.read() as connection:
        return [event["at"] for event in of_case(connection, case_id) if event["name"] == "timer_fired"]


def test_time_passes_by_the_hour_and_by_working_days_of_the_calendar(house):
    began = house.clock.now()  # Monday the 23rd of November, nine in the morning
    assert move(house, HOUR) == began + timedelta(hours=1)
    assert move(house, WORKING_DAY) == began + timedelta(days=1)  # to its beginning, not 24 hours on
    assert move(house, TEN_WORKING_DAYS) == began + timedelta(days=15)  # the same hour, two weekends later
    assert house.application.clock_desk.shown().ahead == timedelta(days=15)
    house.clock.move(minutes=10)
    assert house.application.clock.now() == began + timedelta(days=15, minutes=10)
    assert move(house, BACK) == house.clock.now()


def test_the_next_working_day_after_a_friday_is_a_monday(house):
    house.clock.at = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    assert move(house, WORKING_DAY) == datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


def test_what_falls_due_on_the_way_happens_at_its_own_moment_and_is_not_late(house):
    began = house.clock.now()
    cycle, single = start(house, "hourly"), start(house, "late")
    move(house, WORKING_DAY)
    assert moments(house, cycle) == [began + timedelta(hours=number) for number in range(1, 25)]
    assert moments(house, single) == []
    move(house, TEN_WORKING_DAYS)
    assert moments(house, single) == [began + timedelta(days=3)]
    assert house.application.cases.reading.case(house.actor(PERSON), str(single)).history[-1].late_by == 0
    assert house.proof(str(cycle)) == house.proof(str(single)) == []
    with house.application.database.read() as connection:
        assert schedule.late(connection, house.application.clock.now()) == (0, None)


def test_another_program_on_the_database_sees_the_same_time(house):
    other = open_application(house.folder, house.clock, demo=True)
    goal = move(house, WORKING_DAY)
    assert other.clock.now() == goal
    other.database.close()


def test_moving_the_clock_is_no_downtime(house):
    house.application.scheduler.tick()
    move(house, TEN_WORKING_DAYS)
    house.clock.move(seconds=1)
    house.application.scheduler.tick()
    assert house.application.operator.watched().downtimes == ()
    assert house.application.operator.watched().schedule.ahead == 14 * 24 * 3600


def test_production_has_no_clock_to_move_and_does_not_look_at_one_that_was_moved(house):
    goal = move(house, TEN_WORKING_DAYS)
    production = open_application(house.folder, house.clock)
    assert production.clock.now() == house.clock.now() != goal
    assert production.clock_desk.shown() is None
    with pytest.raises(NotAllowed):
        production.clock_desk.move(house.actor_once(PERSON), HOUR)
    assert production.clock.now() == house.clock.now()
    production.database.close()


def test_a_move_is_recorded_with_who_made_it_and_an_unknown_or_endless_one_is_refused(house):
    move(house, HOUR)
    with house.application.database.session() as session:
        (row,) = newest_account_events(session, 2, "clock_moved")
    assert (row.actor_id, row.facts["move"]) == (house.actor_once(PERSON).user_id, HOUR)
    with pytest.raises(BadInput):
        move(house, "a_year")
    house.clock.at -= FURTHEST  # as far behind the demo as if it had been moved forward so far
    house.application.clock.put(house.clock.now() + FURTHEST, 1)
    with pytest.raises(BadInput):
        move(house, HOUR)


def test_sessions_and_accounts_keep_the_time_of_the_machine(house):
    application = house.application
    entered = application.signin.enter(PERSON, "gonghui-demo-2026")
    move(house, TEN_WORKING_DAYS)
    assert application.signin.visitor(entered.session_id, house.clock.now()) is not None
