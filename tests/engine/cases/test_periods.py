"""Periods shared by steps, times counted by the calendar, and the papers of acts: one truth, moved by events only."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.calendar.deadlines import Grounds
from engine.desks.calendar import ACCEPT
from engine.errors import BadInput
from engine.files.uploads import Upload
from engine.words import worded
from storage import deadlines, events, waits
from tests.house import ROOT, House, build_house, replaced
from tests.postgres import Server

FOLDER = ROOT / "tests" / "data" / "periods"
CITY, PROVINCE, ASKER = "shijiazhuang", "province", "changan"
RENDER = """<bpmn:serviceTask id="quiet" name="生成文书"><bpmn:extensionElements>
  <gw:operation name="document.render" result="paper">
    <gw:parameter name="template" value="=&quot;over.docx&quot;"/>
    <gw:parameter name="name" value="=&quot;期满&quot;"/>
    <gw:parameter name="values" value="={number: case.number}"/>
  </gw:operation></bpmn:extensionElements></bpmn:serviceTask>"""
PAPER = Upload("中止决定.pdf", b"%PDF-1.7 order")


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, FOLDER, server=server)
    yield made
    made.application.database.close()


def asked(house: House) -> str:
    """A case of two steps at once, whose one period began on Monday, 23 November 2026, and ends on 7 December."""
    return house.start(ASKER, "shared_period", "130102", {}).case_id


def due_days(house: House, case_id: str) -> list[str]:
    """When the deadlines of a case are due, those that run."""
    with house.application.database.read() as connection:
        rows = [row for row in deadlines.of_case(connection, int(case_id)) if row["status"] in ("open", "passed")]
    return [row["due_at"].astimezone(LEGAL_ZONE).date().isoformat() for row in rows]


def log(house: House, case_id: str) -> list[Any]:
    with house.application.database.read() as connection:
        return events.of_case(connection, int(case_id))


def timers(house: House, case_id: str) -> list[str]:
    with house.application.database.read() as connection:
        found = waits.of_case(connection, int(case_id))
    return [row["run_at"].astimezone(LEGAL_ZONE).date().isoformat() for row in found]


def waiting_for_objections(house: House) -> str:
    """A case signed on Wednesday, 25 November; objections may come until Wednesday, 2 December."""
    case_id = asked(house)
    house.complete(CITY, case_id, "done")
    house.complete(PROVINCE, case_id, "done")
    house.at(11, 25)
    house.complete(CITY, case_id, "done")
    assert timers(house, case_id) == ["2026-12-02"]
    return case_id


def close_offices(house: House, place: str, first: date, last: date) -> int:
    """A closure that one proposes and another puts in force."""
    made = house.application.calendar.propose_closure(house.actor("operator"), place, first, last, "办公楼检修")
    return made


def decide(house: House, proposal: int) -> None:
    house.application.calendar.decide(house.actor(PROVINCE), proposal, ACCEPT)


def test_an_act_on_a_period_holds_for_every_step_that_runs_in_it(house: House) -> None:
    case_id = asked(house)
    house.at(11, 26)
    house.application.cases.deadlines.suspend(
        house.actor(CITY), house.task_of(CITY, case_id), date(2026, 12, 2), Grounds("补充材料")
    )
    assert due_days(house, case_id) == ["2026-12-14", "2026-12-14"]
    house.at(11, 27)
    house.application.cases.deadlines.resume(
        house.actor(PROVINCE), house.task_of(PROVINCE, case_id), Grounds("材料已齐")
    )
    house.application.cases.deadlines.extend(house.actor(CITY), house.task_of(CITY, case_id), 2, Grounds("案情复杂"))
    assert due_days(house, case_id) == ["2026-12-11", "2026-12-11"]
    assert house.proof(case_id) == []


def test_what_was_granted_to_a_period_holds_for_its_next_step_and_counts_against_the_limit(house: House) -> None:
    case_id = asked(house)
    house.application.cases.deadlines.extend(house.actor(CITY), house.task_of(CITY, case_id), 3, Grounds("案情复杂"))
    house.complete(CITY, case_id, "done")
    house.complete(PROVINCE, case_id, "done")
    assert due_days(house, case_id) == ["2026-12-10"]
    (line,) = [
        one for one in house.application.cases.ledgers.of_case(house.actor(CITY), case_id) if one.status == "open"
    ]
    assert (line.extra, line.extend_left) == (3, 2)
    with pytest.raises(BadInput, match="2 more"):
        house.application.cases.deadlines.extend(house.actor(CITY), house.task_of(CITY, case_id), 3, Grounds("再延长"))
    assert house.proof(case_id) == []


def test_a_period_that_stands_still_stands_still_for_its_next_step(house: House) -> None:
    case_id = asked(house)
    house.at(11, 26)
    house.application.cases.deadlines.suspend(
        house.actor(CITY), house.task_of(CITY, case_id), date(2026, 12, 2), Grounds("补充材料")
    )
    house.complete(CITY, case_id, "done")
    house.complete(PROVINCE, case_id, "done")
    (line,) = [
        one for one in house.application.cases.ledgers.of_case(house.actor(CITY), case_id) if one.status == "open"
    ]
    assert line.suspended and due_days(house, case_id) == ["2026-12-14"]
    assert house.proof(case_id) == []


def test_the_document_of_an_act_is_a_file_of_the_case_and_its_hash_stands_in_the_event(house: House) -> None:
    case_id = asked(house)
    city = house.actor(CITY)
    house.application.cases.deadlines.suspend(
        city, house.task_of(CITY, case_id), date(2026, 11, 24), Grounds("补充材料", "28", PAPER)
    )
    (file,) = house.application.cases.reading.case(city, case_id).attachments
    assert house.application.cases.attachments.attachment(city, case_id, file.id)[1] == PAPER.content
    first, second = [one["data"] for one in log(house, case_id)[1:]]
    assert (first["file"]["name"], first["file"]["digest"]) == ("中止决定.pdf", file.digest)
    assert "file" not in second and (file.filename, file.by) == ("中止决定.pdf", city.name)
    assert house.proof(case_id) == []


def test_a_document_that_is_not_taken_leaves_the_deadline_as_it_was(house: House) -> None:
    case_id = asked(house)
    wrong = Upload("决定.pdf", b"MZ no paper")
    with pytest.raises(BadInput):
        house.application.cases.deadlines.extend(
            house.actor(CITY), house.task_of(CITY, case_id), 1, Grounds("案情复杂", "", wrong)
        )
    assert due_days(house, case_id) == ["2026-12-07"] * 2 and len(log(house, case_id)) == 1


def test_a_file_that_an_act_names_and_the_case_lacks_is_found_out(house: House) -> None:
    case_id = asked(house)
    city = house.actor(CITY)
    house.application.cases.deadlines.extend(city, house.task_of(CITY, case_id), 1, Grounds("案情复杂", "", PAPER))
    with house.application.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM attachments")
    assert house.proof(case_id) == ["the files differ"]


def test_a_change_of_the_calendar_is_foreseen_for_times_and_moves_them_by_an_event(house: House) -> None:
    case_id = waiting_for_objections(house)
    closure = close_offices(house, "130102", date(2026, 11, 30), date(2026, 12, 1))
    view = house.application.calendar.change(house.actor(PROVINCE), closure)
    assert [worded(line, "zh") for line in view.foreseen] == [
        f"{number(house, case_id)} 共用期限：“异议期满”由2026-12-02改为2026-12-04"
    ]
    assert timers(house, case_id) == ["2026-12-02"]
    decide(house, closure)
    assert timers(house, case_id) == ["2026-12-04"]
    told = log(house, case_id)[-1]
    assert told["name"] == "timer_recomputed" and told["data"]["proposal"] == closure
    assert house.proof(case_id) == []
    house.at(12, 3)
    assert timers(house, case_id) == ["2026-12-04"]
    house.at(12, 5)
    assert [one["name"] for one in log(house, case_id)][-2:] == ["timer_recomputed", "timer_fired"]
    assert house.proof(case_id) == []


def test_a_change_elsewhere_and_the_same_again_move_no_time(house: House) -> None:
    case_id = waiting_for_objections(house)
    decide(house, close_offices(house, "130200", date(2026, 11, 30), date(2026, 12, 1)))
    house.application.calendar.recount()
    assert timers(house, case_id) == ["2026-12-02"]
    assert [one["name"] for one in log(house, case_id)].count("timer_recomputed") == 0


def test_a_time_that_a_late_notice_moves_into_the_past_comes_true_at_once_and_late(house: House) -> None:
    case_id = waiting_for_objections(house)
    closure = close_offices(house, "130102", date(2026, 11, 30), date(2026, 12, 1))
    decide(house, closure)
    house.at(12, 4)
    reopened = house.application.calendar.propose_reopening(house.actor("operator"), closure, "提前完工")
    decide(house, reopened)
    assert timers(house, case_id) == ["2026-12-02"]
    house.at(12, 4, 10)
    fired = log(house, case_id)[-1]
    assert fired["name"] == "timer_fired" and fired["data"]["due_at"].startswith("2026-12-02")
    assert fired["at"].astimezone(LEGAL_ZONE).date() == date(2026, 12, 4)
    assert house.proof(case_id) == []


def test_what_cannot_be_computed_again_stays_and_keeps_no_notice_from_coming_in_force(house: House) -> None:
    timed, broken = waiting_for_objections(house), asked(house)
    with house.application.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE deadlines SET days = 60000 WHERE case_id = {int(broken)}")
    closure = close_offices(house, "130102", date(2026, 11, 30), date(2026, 12, 1))
    foreseen = house.application.calendar.change(house.actor(PROVINCE), closure).foreseen
    told = [str(worded(line, "zh")) for line in foreseen]
    assert sum("无法重新计算" in line for line in told) == 2
    decide(house, closure)
    assert timers(house, timed) == ["2026-12-04"]
    incidents = house.application.operator.standing(house.actor("operator")).incidents
    assert [one.act for one in incidents] == ["deadline_recomputed"] * 2


def test_a_moved_time_in_the_database_alone_is_found_out(house: House) -> None:
    case_id = waiting_for_objections(house)
    with house.application.database.write() as connection:
        connection.exec_driver_sql("UPDATE jobs SET run_at = '2026-12-01T00:00:00.000000Z' WHERE kind = 'timer'")
    (line,) = house.proof(case_id)
    assert "time_for_objections differs" in line


def number(house: House, case_id: str) -> str:
    return house.application.cases.reading.case(house.actor(PROVINCE), case_id).head.number


def test_a_time_tells_the_days_that_were_counted_for_it(house: House) -> None:
    case_id = waiting_for_objections(house)
    (one,) = house.application.cases.ledgers.times(house.actor(ASKER), case_id)
    (period,) = one.periods
    counted = [line.day.day for line in period.ledger if line.counted]
    assert (one.element[0], period.days, period.natural) == ("异议期满", 5, False) and counted == [26, 27, 30, 1, 2]
    decide(house, close_offices(house, "130102", date(2026, 11, 30), date(2026, 12, 1)))
    (one,) = house.application.cases.ledgers.times(house.actor(ASKER), case_id)
    assert one.due_at.astimezone(LEGAL_ZONE).date() == one.periods[0].ledger[-1].day == date(2026, 12, 4)


def test_a_document_that_a_time_has_made_belongs_to_the_case_and_to_nobody(
    tmp_path: Path, server: Server | None
) -> None:
    template, written = docx.Document(), BytesIO()
    template.add_paragraph("期满 {{ number }}")
    template.save(written)
    text = (FOLDER / "shared_period" / "process.bpmn").read_text(encoding="utf-8")
    script = text[text.index("<bpmn:scriptTask") : text.index("</bpmn:scriptTask>") + len("</bpmn:scriptTask>")]
    house = build_house(tmp_path, FOLDER, server=server)
    house.publish({**replaced(FOLDER, (script, RENDER)), "shared_period/documents/over.docx": written.getvalue()})
    case_id = waiting_for_objections(house)
    house.at(12, 3)
    (file,) = house.application.cases.reading.case(house.actor(ASKER), case_id).attachments
    assert (file.filename, file.by) == ("期满.docx", "") and house.proof(case_id) == []
    house.application.database.close()
