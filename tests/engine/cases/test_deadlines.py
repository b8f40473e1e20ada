"""A deadline from its beginning to its end: near, late, suspended, extended; what follows is derived and proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.calendar.days import LEGAL_ZONE, Calendar, Notice
from engine.calendar.deadlines import Grounds
from engine.calendar.in_force import Change
from engine.errors import BadInput, NotAllowed, TaskNotOpen
from storage import deadlines, events, jobs
from tests.house import ROOT, House, build_house

pytestmark = pytest.mark.any_day

FOLDER = ROOT / "tests" / "data" / "deadlines"
HOLDER, ASKER, ABOVE = "shijiazhuang", "changan", "province"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def asked(house: House) -> str:
    """A case whose answer is due in ten working days, begun on Monday, 23 November 2026."""
    return house.start(ASKER, "answer_in_time", "130102", {}).case_id


def task_of(case_id: str, house: House) -> str:
    return house.task_of(HOLDER, case_id)


def row_of(house: House, task: str) -> Any:
    case_id, number = map(int, task.split("-"))
    with house.application.database.read() as connection:
        return deadlines.get(connection, case_id, number)


def told(house: House, login: str) -> list[str]:
    return [one.text[0] for one in house.application.messages.page(house.actor(login)).rows]


def names(house: House, case_id: str) -> list[str]:
    with house.application.database.read() as connection:
        return [event["name"] for event in events.of_case(connection, int(case_id))]


def due_day(house: House, task: str) -> date:
    return row_of(house, task)["due_at"].astimezone(LEGAL_ZONE).date()


def test_the_ledger_tells_every_day_counted_or_not(house: House) -> None:
    row = row_of(house, task_of(asked(house), house))
    counted = [day for day, is_counted, *_ in row["ledger"] if is_counted]
    assert len(counted) == 10 and counted[0] == "2026-11-24" and counted[-1] == "2026-12-07"
    skipped = {day: zh for day, is_counted, zh, _ in row["ledger"] if not is_counted}
    assert skipped["2026-11-23"] == "收到当日不计入" and skipped["2026-11-28"] == "周六"


def test_the_holder_is_reminded_and_the_lateness_told_upwards_while_the_task_stays_open(house: House) -> None:
    case_id = asked(house)
    task = task_of(case_id, house)
    house.at(12, 1)
    assert told(house, HOLDER) == ["“书面答复”待您办理：XD2026-001 限期答复"]
    house.at(12, 2)
    warned, _ = told(house, HOLDER)
    assert "快到期" in warned and warned.endswith("应于2026年12月7日办结")
    assert row_of(house, task)["status"] == "open"
    house.at(12, 8)
    assert row_of(house, task)["status"] == "passed"
    assert "已逾期" in told(house, ABOVE)[0]
    assert names(house, case_id) == ["case_started", "deadline_warned", "deadline_passed"]
    assert [one.id for one in house.application.cases.reading.case(house.actor(HOLDER), case_id).tasks] == [task]
    assert house.proof(case_id) == []


def test_an_answer_after_the_day_is_recorded_as_late_and_one_before_as_met(house: House) -> None:
    early, late = asked(house), asked(house)
    tasks = {case_id: task_of(case_id, house) for case_id in (early, late)}
    house.complete(HOLDER, early, "answered")
    house.at(12, 9)
    house.complete(HOLDER, late, "answered")
    assert [row_of(house, tasks[one])["status"] for one in (early, late)] == ["met", "late"]
    assert "deadline_warned" not in names(house, early)
    assert house.proof(early) == house.proof(late) == []


def test_how_late_an_answer_was_stays_as_it_was_on_its_day(house: House) -> None:
    case_id = asked(house)
    house.at(12, 9)
    house.complete(HOLDER, case_id, "answered")
    house.at(12, 18)
    (line,) = house.application.cases.ledgers.of_case(house.actor(ASKER), case_id)
    assert (line.status, line.days_left) == ("late", -2)


def test_a_suspension_moves_the_day_and_is_over_at_its_limit(house: House) -> None:
    case_id = asked(house)
    task = task_of(case_id, house)
    house.at(11, 26)
    house.application.cases.deadlines.suspend(house.actor(HOLDER), task, date(2026, 12, 2), Grounds("补充材料", "28"))
    assert due_day(house, task) == date(2026, 12, 14)
    skipped = {day: zh for day, is_counted, zh, _ in row_of(house, task)["ledger"] if not is_counted}
    assert skipped["2026-11-26"] == skipped["2026-12-02"] == "期限中止"
    with pytest.raises(NotAllowed):
        house.application.cases.deadlines.suspend(house.actor(HOLDER), task, date(2026, 12, 3), Grounds("再次中止"))
    assert house.proof(case_id) == []


def test_a_suspension_that_ends_early_gives_its_days_back(house: House) -> None:
    case_id = asked(house)
    task = task_of(case_id, house)
    house.at(11, 26)
    house.application.cases.deadlines.suspend(house.actor(HOLDER), task, date(2026, 12, 2), Grounds("补充材料"))
    house.at(11, 27)
    house.application.cases.deadlines.resume(house.actor(HOLDER), task, Grounds("材料已齐"))
    assert due_day(house, task) == date(2026, 12, 9)
    assert house.proof(case_id) == []


def test_a_suspension_has_a_limit_and_needs_a_reason(house: House) -> None:
    task = task_of(asked(house), house)
    for until, reason in ((date(2026, 12, 31), "太久"), (date(2026, 11, 1), "过去"), (date(2026, 11, 26), " ")):
        with pytest.raises(BadInput):
            house.application.cases.deadlines.suspend(house.actor(HOLDER), task, until, Grounds(reason))
    assert row_of(house, task)["pauses"] == []


def test_days_are_granted_up_to_what_the_diagram_allows(house: House) -> None:
    case_id = asked(house)
    task = task_of(case_id, house)
    house.application.cases.deadlines.extend(house.actor(ABOVE), task, 3, Grounds("案情复杂"))
    assert due_day(house, task) == date(2026, 12, 10)
    with pytest.raises(BadInput, match="2 more"):
        house.application.cases.deadlines.extend(house.actor(HOLDER), task, 3, Grounds("还要延长"))
    with pytest.raises(NotAllowed):
        house.application.cases.deadlines.extend(house.actor(ASKER), task, 1, Grounds("不是我的任务"))
    assert house.proof(case_id) == []


def test_a_late_task_that_is_granted_days_is_late_no_more_until_it_is_again(house: House) -> None:
    case_id = asked(house)
    task = task_of(case_id, house)
    house.at(12, 8)
    house.application.cases.deadlines.extend(house.actor(ABOVE), task, 5, Grounds("同意延长"))
    assert row_of(house, task)["status"] == "open"
    house.at(12, 15)
    assert row_of(house, task)["status"] == "passed"
    assert names(house, case_id).count("deadline_passed") == 2
    assert house.proof(case_id) == []


def test_nobody_is_told_of_a_task_that_is_done_or_a_case_that_is_cancelled(house: House) -> None:
    done, cancelled = asked(house), asked(house)
    house.complete(HOLDER, done, "answered")
    house.application.cases.acting.cancel(house.actor(ASKER), cancelled, "不再需要")
    with house.application.database.read() as connection:
        kinds = {row["kind"] for row in map(lambda one: jobs.glance(connection, one), range(1, 40)) if row}
    assert not kinds & {"remind", "escalate"}
    with pytest.raises(TaskNotOpen):
        house.application.cases.deadlines.extend(house.actor(HOLDER), f"{cancelled}-3", 1, Grounds("太晚"))


def test_a_change_of_the_calendar_is_foreseen_then_moves_what_runs_by_an_event_and_only_once(house: House) -> None:
    case_id = asked(house)
    task = task_of(case_id, house)
    cases = house.application.cases
    closed = Calendar(closures={date(2026, 12, 1): ("临时放假", "Closed")})
    change = Change(1, "/130000/130100/", (2026,), ())
    with house.application.database.write() as connection:
        (line,) = cases.following.foresee(connection, change, lambda _: closed)
        assert line.text().endswith("由2026-12-07改为2026-12-08")
    assert due_day(house, task) == date(2026, 12, 7)
    in_force(house, closed)
    for one in (replace(change, path="/130000/130200/"), change, change):
        with house.application.database.write() as connection:
            cases.following.follow(connection, one)
    assert due_day(house, task) == date(2026, 12, 8)
    assert names(house, case_id) == ["case_started", "deadline_recomputed"]
    assert house.proof(case_id) == []


def test_a_notice_that_confirms_the_days_makes_a_provisional_deadline_certain(house: House) -> None:
    house.at(3, 1, year=2027)
    case_id = asked(house)
    task = task_of(case_id, house)
    before = row_of(house, task)
    assert before["provisional"]
    notice = Notice(2027, {date(2027, 1, 1): ("元旦", "New Year's Day")}, {}, "国办发明电")
    in_force(house, Calendar(notices=(notice,)))
    with house.application.database.write() as connection:
        house.application.cases.following.follow(connection, Change(1, "/", (2027,), ()))
    assert row_of(house, task)["due_at"] == before["due_at"] and not row_of(house, task)["provisional"]
    assert names(house, case_id)[-1] == "deadline_recomputed" and house.proof(case_id) == []


def in_force(house: Any, calendar: Calendar) -> None:
    """Let an installation have this calendar everywhere."""
    house.application.cases.calendars.by_path = lambda _: lambda _: calendar


def test_a_timer_counts_working_days_in_feel_and_the_answer_is_proved(house: House) -> None:
    case_id = asked(house)
    house.complete(HOLDER, case_id, "answered")
    house.at(11, 26, 12)
    assert names(house, case_id)[-1] == "task_completed"
    house.at(11, 27)
    assert names(house, case_id)[-1] == "timer_fired"
    with house.application.database.read() as connection:
        answers = dict(events.of_case(connection, int(case_id))[1]["data"]["answers"])
    assert answers["calendar.count_working_days"] == 1 and answers["calendar.is_working_day"] is True
    assert answers["calendar.add_natural_days"].startswith("2026-10-08")
    assert house.proof(case_id) == []


def test_the_case_tells_its_deadlines_and_who_may_change_them(house: House) -> None:
    case_id = asked(house)
    task = task_of(case_id, house)
    cases = house.application.cases
    seen = {login: cases.ledgers.of_case(house.actor(login), case_id)[0] for login in (HOLDER, ASKER, ABOVE)}
    assert {login: sorted(one.may) for login, one in seen.items()} == {
        HOLDER: ["extend", "suspend"], ASKER: [], ABOVE: ["extend", "suspend"],
    }  # fmt: skip
    assert seen[ASKER].due_at == row_of(house, task)["due_at"] and len(seen[ASKER].ledger) == 15
    cases.deadlines.suspend(house.actor(HOLDER), task, date(2026, 11, 25), Grounds("补充材料"))
    (line,) = cases.ledgers.of_case(house.actor(HOLDER), case_id)
    assert (line.suspended, line.suspend_left, sorted(line.may)) == (True, 5, ["extend", "resume"])


def test_running_deadlines_are_listed_for_whoever_sees_the_cases_the_first_due_first(house: House) -> None:
    first = asked(house)
    house.at(11, 24)
    second = asked(house)
    listed = house.application.cases.ledgers.running(house.actor(ABOVE)).rows
    assert [one.case_id for one in listed] == [first, second]
    assert not house.application.cases.ledgers.running(house.actor("dingzhou")).rows
    house.at(12, 8)
    assert [one.late for one in house.application.cases.ledgers.running(house.actor(HOLDER)).rows] == [True, False]
    counts = {
        login: house.application.cases.ledgers.late(house.actor(login)) for login in (ABOVE, "dingzhou", "auditor")
    }
    assert counts == {ABOVE: 1, "dingzhou": 0, "auditor": 0}


def test_days_that_a_deadline_stands_still_are_not_left(house: House) -> None:
    case_id = asked(house)
    house.at(11, 26)
    house.application.cases.deadlines.suspend(
        house.actor(HOLDER), task_of(case_id, house), date(2026, 12, 2), Grounds("补充材料", "28")
    )
    (line,) = house.application.cases.ledgers.of_case(house.actor(ASKER), case_id)
    assert line.days_left == 8
    assert [one.days_left for one in house.application.cases.ledgers.running(house.actor(ABOVE)).rows] == [8]
    told = house.application.cases.reading.case(house.actor(ASKER), case_id).history[-1]
    assert told.event == "deadline_suspended" and told.opinion == "补充材料" and told.facts["article"] == "28"
    assert told.facts["until"].astimezone(LEGAL_ZONE).date() == date(2026, 12, 2)
    assert told.due_at == line.due_at
