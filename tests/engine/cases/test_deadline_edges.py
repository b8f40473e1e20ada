"""Deadlines at their edges: begun late, moved into the past, the last second of a day, starts that are no time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.calendar.deadlines import Grounds
from engine.desks.calendar import ACCEPT
from engine.errors import OperationFailed
from storage import deadlines, events
from tests.house import ROOT, House, build_house, replaced
from tests.postgres import Server

DATA = ROOT / "tests" / "data"
FOLDERS = (DATA / "periods", DATA / "deadlines")
CITY, PROVINCE, ASKER = "shijiazhuang", "province", "changan"


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    made = build_house(tmp_path, *FOLDERS, server=server)
    yield made
    made.application.database.close()


def answer(house: House) -> str:
    """A case whose answer is due on Monday, 7 December 2026."""
    return house.start(ASKER, "answer_in_time", "130102", {}).case_id


def at(house: House, month: int, day: int, hour: int = 9, look: bool = True) -> None:
    house.clock.at = datetime(2026, month, day, hour, tzinfo=LEGAL_ZONE).astimezone(UTC)
    if look:
        run(house)


def run(house: House) -> None:
    while house.application.worker.run_due():
        pass


def told(house: House, case_id: str, name: str) -> list[int]:
    """The tasks that events of this name speak of."""
    with house.application.database.read() as connection:
        return [one["data"]["task"] for one in events.of_case(connection, int(case_id)) if one["name"] == name]


def statuses(house: House, case_id: str) -> list[str]:
    with house.application.database.read() as connection:
        return [row["status"] for row in deadlines.of_case(connection, int(case_id))]


def close_offices(house: House, first: date, last: date) -> int:
    made = house.application.calendar.propose_closure(house.actor("operator"), "130102", first, last, "办公楼检修")
    house.application.calendar.decide(house.actor(PROVINCE), made, ACCEPT)
    return made


def reopen(house: House, closure: int) -> None:
    made = house.application.calendar.propose_reopening(house.actor("operator"), closure, "提前完工")
    house.application.calendar.decide(house.actor(PROVINCE), made, ACCEPT)


def test_a_step_that_begins_after_the_end_of_its_period_is_told_upwards_at_once(house: House) -> None:
    case_id = house.start(ASKER, "shared_period", "130102", {}).case_id
    at(house, 12, 9)
    house.complete(CITY, case_id, "done")
    house.complete(PROVINCE, case_id, "done")
    run(house)
    number = int(house.task_of(CITY, case_id).partition("-")[2])
    assert told(house, case_id, "deadline_passed").count(number) == 1
    assert statuses(house, case_id) == ["late", "late", "passed"] and house.proof(case_id) == []


def test_a_change_that_moves_the_day_into_the_past_is_told_upwards_once_and_not_back_dated(house: House) -> None:
    case_id = answer(house)
    closure = close_offices(house, date(2026, 11, 30), date(2026, 12, 1))
    at(house, 12, 8)
    reopen(house, closure)
    run(house)
    at(house, 12, 9)
    assert len(told(house, case_id, "deadline_passed")) == 1 and statuses(house, case_id) == ["passed"]
    with house.application.database.read() as connection:
        passed = events.of_case(connection, int(case_id))[-1]
    assert passed["at"].astimezone(LEGAL_ZONE).date() == date(2026, 12, 8)
    assert passed["data"]["due_at"].startswith("2026-12-07") and house.proof(case_id) == []


def test_a_change_that_brings_the_day_near_reminds_at_once(house: House) -> None:
    case_id = answer(house)
    closure = close_offices(house, date(2026, 12, 1), date(2026, 12, 2))
    at(house, 12, 3)
    assert told(house, case_id, "deadline_warned") == []
    reopen(house, closure)
    run(house)
    assert len(told(house, case_id, "deadline_warned")) == 1 and statuses(house, case_id) == ["open"]


def test_lateness_that_nobody_has_looked_at_is_told_though_days_too_few_were_granted(house: House) -> None:
    case_id = answer(house)
    at(house, 12, 2)
    at(house, 12, 10, look=False)
    house.application.cases.deadlines.extend(
        house.actor(PROVINCE), house.task_of(CITY, case_id), 1, Grounds("案情复杂")
    )
    run(house)
    assert len(told(house, case_id, "deadline_passed")) == 1 and statuses(house, case_id) == ["passed"]
    house.application.cases.deadlines.extend(house.actor(PROVINCE), house.task_of(CITY, case_id), 1, Grounds("还不够"))
    run(house)
    assert len(told(house, case_id, "deadline_passed")) == 1 and len(told(house, case_id, "deadline_warned")) == 1
    assert house.proof(case_id) == []


def test_the_last_second_of_the_day_belongs_to_it(house: House) -> None:
    case_id, late = answer(house), answer(house)
    house.clock.at = datetime(2026, 12, 7, 23, 59, 59, 500_000, LEGAL_ZONE).astimezone(UTC)
    run(house)
    page = house.application.cases.ledgers.running(house.actor(PROVINCE))
    assert [(one.late, one.days_left) for one in page.rows] == [(False, 0)] * 2 and page.counts["late"] == 0
    house.application.cases.acting.complete(house.actor(CITY), house.task_of(CITY, case_id), {}, "answered")
    house.clock.at = datetime(2026, 12, 8, tzinfo=LEGAL_ZONE).astimezone(UTC)
    house.application.cases.acting.complete(house.actor(CITY), house.task_of(CITY, late), {}, "answered")
    assert (statuses(house, case_id), statuses(house, late)) == (["met"], ["late"])
    assert house.proof(case_id) == house.proof(late) == []


def changed(folder: Path, *texts: tuple[str, str]) -> House:
    """A house whose shared period is drawn otherwise: (before, after); on SQLite."""
    house = build_house(folder, DATA / "periods")
    house.publish(replaced(DATA / "periods", *texts))
    return house


@pytest.mark.parametrize("since", ["null", "case.number", "5", 'date("1999-01-04")'])
def test_a_start_that_is_no_time_is_refused_and_an_operator_hears_of_it(tmp_path: Path, since: str) -> None:
    house = changed(tmp_path, ('since="=case.opened_at"', f'since="={since.replace(chr(34), "&quot;")}"'))
    with pytest.raises(OperationFailed):
        house.start(ASKER, "shared_period", "130102", {})
    assert len(house.application.operator.standing(house.actor("operator")).incidents) == 1
    house.application.database.close()


@pytest.mark.parametrize("since", ['date("2026-11-20")', 'date and time("2026-11-20T16:30:00")'])
def test_a_start_may_be_a_day_or_a_time_of_legal_time(tmp_path: Path, since: str) -> None:
    house = changed(tmp_path, ('since="=case.opened_at"', f'since="={since.replace(chr(34), "&quot;")}"'))
    case_id = house.start(ASKER, "shared_period", "130102", {}).case_id
    house.application.cases.deadlines.extend(house.actor(CITY), house.task_of(CITY, case_id), 1, Grounds("案情复杂"))
    lines = house.application.cases.ledgers.of_case(house.actor(PROVINCE), case_id)
    assert {one.due_at.astimezone(LEGAL_ZONE).date() for one in lines} == {date(2026, 12, 7)}
    assert house.proof(case_id) == []
    house.application.database.close()


@pytest.mark.parametrize("days", ["0", "-3", "2.5", "null", "100000", "case.number"])
def test_a_number_of_days_that_is_none_is_refused_and_an_operator_hears_of_it(tmp_path: Path, days: str) -> None:
    text = f'"=if case.number = &quot;&quot; then 1 else {days}"'  # what is constant is refused before it is published
    house = changed(tmp_path, ('workingDays="10"', f"workingDays={text}"))
    with pytest.raises(OperationFailed):
        house.start(ASKER, "shared_period", "130102", {})
    assert len(house.application.operator.standing(house.actor("operator")).incidents) == 1
    house.application.database.close()


def test_a_warning_longer_than_the_period_makes_it_near_from_its_first_day(tmp_path: Path) -> None:
    house = changed(tmp_path, ('warnDays="3"', 'warnDays="30"'))
    case_id = house.start(ASKER, "shared_period", "130102", {}).case_id
    page = house.application.cases.ledgers.running(house.actor(PROVINCE))
    assert page.counts["near"] == 2 and house.proof(case_id) == []
    house.application.database.close()


GATEWAY = """<bpmn:eventBasedGateway id="first" name="先到者"/>
    <bpmn:sequenceFlow id="g1" sourceRef="first" targetRef="time_for_objections"/>
    <bpmn:sequenceFlow id="g2" sourceRef="first" targetRef="december"/>
    <bpmn:intermediateCatchEvent id="december" name="已到十二月" gw:nameEn="December">
      <bpmn:conditionalEventDefinition id="d"><bpmn:condition>=today() &gt;= date("2026-12-01")</bpmn:condition>
      </bpmn:conditionalEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="g3" sourceRef="december" targetRef="over_end"/>
    <bpmn:intermediateCatchEvent id="time_for_objections\""""


def test_a_change_of_the_calendar_moves_a_time_and_lets_nothing_else_happen(tmp_path: Path) -> None:
    flow = 'id="f7" sourceRef="sign" targetRef='
    house = changed(
        tmp_path,
        (f'{flow}"time_for_objections"', f'{flow}"first"'),
        ('<bpmn:intermediateCatchEvent id="time_for_objections"', GATEWAY),
    )
    case_id = house.start(ASKER, "shared_period", "130102", {}).case_id
    for login in (CITY, PROVINCE, CITY):
        house.complete(login, case_id, "done")
    at(house, 12, 1, look=False)
    close_offices(house, date(2026, 11, 30), date(2026, 12, 1))
    (one,) = house.application.cases.ledgers.times(house.actor(PROVINCE), case_id)
    assert one.due_at.astimezone(LEGAL_ZONE).date() == date(2026, 12, 2) and house.proof(case_id) == []
    house.application.database.close()


def test_a_day_on_which_it_stood_still_twice_is_left_out_once_and_counts_once_against_the_limit(house: House) -> None:
    case_id = answer(house)
    task, city = house.task_of(CITY, case_id), house.actor(CITY)
    for hour in (9, 11, 14):
        at(house, 11, 26, hour)
        house.application.cases.deadlines.suspend(city, task, date(2026, 11, 28), Grounds("补充材料"))  # a Saturday
        at(house, 11, 26, hour + 1)
        house.application.cases.deadlines.resume(city, task, Grounds("材料已齐"))
    (line,) = house.application.cases.ledgers.of_case(city, case_id)
    assert (line.due_at.astimezone(LEGAL_ZONE).date(), line.suspend_left) == (date(2026, 12, 8), 7)
    assert house.proof(case_id) == []


def test_a_case_keeps_the_limits_of_the_version_that_it_began_with(tmp_path: Path) -> None:
    house = build_house(tmp_path / "house", DATA / "periods")
    case_id = house.start(ASKER, "shared_period", "130102", {}).case_id
    house.publish(replaced(DATA / "periods", ('extendDays="5"', 'extendDays="0"'), (' since="=case.opened_at"', "")))
    house.application.cases.deadlines.extend(house.actor(CITY), house.task_of(CITY, case_id), 5, Grounds("案情复杂"))
    for login in (CITY, PROVINCE):
        house.complete(login, case_id, "done")
    newest = house.application.cases.ledgers.of_case(house.actor(CITY), case_id)[-1]
    assert newest.extra == 5 and house.proof(case_id) == []
    house.application.database.close()


EACH = """<bpmn:userTask id="examine" name="审查" gw:nameEn="Examine">
      <bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>=3</bpmn:loopCardinality>
      </bpmn:multiInstanceLoopCharacteristics>"""


@pytest.mark.parametrize(("since", "moved"), [('since="=case.opened_at"', 4), ("", 1)])
def test_instances_of_a_task_share_a_period_only_where_the_diagram_says_since_when(
    tmp_path: Path, since: str, moved: int
) -> None:
    text = (DATA / "periods" / "shared_period" / "process.bpmn").read_text(encoding="utf-8")
    begin = text.index('<bpmn:userTask id="examine"')
    task = text[begin : text.index("</bpmn:userTask>", begin)]
    inner, loop = task[task.index("<bpmn:extensionElements>") :], EACH.partition("\n")
    house = changed(tmp_path, (task, loop[0] + inner + loop[2]), (' since="=case.opened_at"', f" {since}"))
    case_id = house.start(ASKER, "shared_period", "130102", {}).case_id
    tasks = [one.id for one in house.application.cases.reading.case(house.actor(CITY), case_id).tasks if one.mine]
    house.application.cases.deadlines.extend(house.actor(CITY), tasks[1], 2, Grounds("案情复杂"))
    lines = house.application.cases.ledgers.of_case(house.actor(CITY), case_id)
    assert (len(lines), sum(one.extra == 2 for one in lines)) == (4, moved) and house.proof(case_id) == []
    house.application.cases.acting.complete(house.actor(CITY), tasks[0], {}, "done")
    at_end = house.application.cases.ledgers.of_case(house.actor(CITY), case_id)
    assert [one.status for one in at_end].count("met") == 1 and house.proof(case_id) == []
    house.application.database.close()
