"""Cases that begin by the calendar: one for each record or organisation and round, whatever happens meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from engine.application import open_application
from engine.calendar.days import LEGAL_ZONE
from engine.definition import check, definitions_in
from engine.publishing.catalog import surroundings
from engine.registers import load_register
from engine.spiff import Stored
from storage import cases as case_rows
from storage import jobs, rounds, suspensions
from storage.accounts import memberships
from storage.tables import cases
from storage.tables import jobs as job_rows
from tests.directory import OURS
from tests.house import CHEAP, ROOT, House, build_house, replaced

FOLDER = ROOT / "tests" / "data" / "starts"
DEAL = (FOLDER / "_registers" / "deal.schema.json").read_bytes()
OFFICER, PLACE, OTHER = "changan", "130102", "130104"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def work(house: House) -> None:
    while house.application.worker.run_due():
        pass


def agree(house: House, count: int) -> None:
    """So many records more, all active."""
    house.start(OFFICER, "agree", PLACE, {"n": count})


def end(house: House, number: str) -> None:
    house.start(OFFICER, "agree", PLACE, {"note": number})


def opened(house: House, key: str = "monthly") -> list[str]:
    """The titles of the cases of a kind, in the order of their opening."""
    with house.application.database.read() as connection:
        return list(connection.execute(select(cases.c.title).where(cases.c.key == key).order_by(cases.c.id)).scalars())


def proved(house: House) -> bool:
    with house.application.database.read() as connection:
        return not [line for case_id in case_rows.case_ids(connection) for line in house.proof(str(case_id))]


def incidents(house: House) -> list[str]:
    with house.application.database.read() as connection:
        return [str(row["message_zh"]) for row in jobs.incident_list().every(connection)]


def monthly(house: House) -> rounds.NextRound:
    with house.application.database.read() as connection:
        (found,) = [row for row in rounds.coming(connection, 9) if row["key"] == "monthly"]
        return found


def test_a_due_time_opens_one_case_for_each_record_that_the_diagram_means(house: House) -> None:
    agree(house, 3)
    end(house, "HT002")
    house.at(12, 5, hour=8)
    assert opened(house) == []
    house.at(12, 5)
    assert opened(house) == ["HT001 12", "HT003 12"]
    work(house)
    house.at(12, 31)
    assert len(opened(house)) == 2
    house.at(1, 5, year=2027)
    assert opened(house)[2:] == ["HT001 1", "HT003 1"]
    with house.application.database.read() as connection:
        row = case_rows.get(connection, 3)
        assert row is not None and row["parent_id"] is None
        seen = Stored(row["state"]).variables
    assert seen["deal"] == {"number": "HT001", "office": PLACE, "state": "active"}
    assert str(seen["month"]).startswith("2026-12-05T09:00:00")
    assert house.task_of(OFFICER, "3") and incidents(house) == [] and proved(house)


def test_of_rounds_missed_in_a_downtime_the_newest_comes_or_each_as_the_diagram_says(house: House) -> None:
    agree(house, 1)
    house.at(8, 1, year=2027)
    assert opened(house) == ["HT001 7"]
    assert monthly(house)["last_at"] == datetime(2027, 7, 5, 1, tzinfo=UTC)
    assert monthly(house)["missed"] == 7
    assert monthly(house)["due_at"] == datetime(2027, 8, 5, 1, tzinfo=UTC)
    with house.application.database.read() as connection:
        quarters = select(rounds.rounds.c.due_at).where(rounds.rounds.c.key == "quarterly", rounds.rounds.c.had_turn)
        found = connection.execute(quarters.order_by(rounds.rounds.c.due_at)).scalars().all()
    assert [at.astimezone(LEGAL_ZONE).strftime("%Y-%m") for at in found] == ["2027-01", "2027-04", "2027-07"]
    assert len(opened(house, "quarterly")) == 3 and proved(house)


def test_a_round_for_organisations_that_have_records_leaves_the_others_out(house: House) -> None:
    having = ('kinds="county" when="=code = &quot;130102&quot;"', 'kinds="county city" having="deal"')
    house.publish(
        replaced(FOLDER, having, ('where="same"/>', 'where="same"/><gw:assignment role="city_reviewer" where="same"/>'))
    )
    house.at(10, 2, year=2027)
    assert opened(house, "quarterly") == []
    agree(house, 2)
    house.at(1, 2, year=2028)
    assert opened(house, "quarterly") == ["石家庄市总工会", "长安区总工会"]
    assert incidents(house) == [] and proved(house)


def test_a_new_version_keeps_the_rounds_and_another_time_begins_again(house: House) -> None:
    agree(house, 1)
    due = monthly(house)["due_at"]
    house.publish(replaced(FOLDER, ("每月支付", "按月支付")))
    assert monthly(house)["due_at"] == due
    house.at(12, 5)
    house.publish(replaced(FOLDER, ("每月支付", "每月付款")))
    work(house)
    assert opened(house) == ["HT001 12"]
    house.publish(replaced(FOLDER, ("R/2026-01-05T09:00/P1M", "R/2026-12-20T09:00/P1M")))
    house.at(12, 20)
    assert opened(house) == ["HT001 12"] * 2
    house.at(1, 5, year=2027)  # the old job comes, and is nobody's any more
    assert len(opened(house)) == 2 and incidents(house) == []


def test_a_start_that_is_published_as_a_plain_one_opens_nothing_more(house: House) -> None:
    agree(house, 1)
    files = replaced(FOLDER)
    plain = files["help/process.bpmn"].replace('"help"', '"monthly"').replace('ref="need"', 'ref="note"')
    house.publish(files | {"monthly/process.bpmn": plain})
    house.at(12, 6)
    assert opened(house) == [] and incidents(house) == []
    with house.application.database.read() as connection:
        assert [row["key"] for row in rounds.coming(connection, 9)] == ["quarterly"]


def test_a_suspended_process_opens_its_cases_when_it_is_let_go_on(house: House) -> None:
    agree(house, 2)
    with house.application.database.write() as connection:
        digest = house.application.catalog.current(connection, "monthly").digest
        now = house.clock.now()
        row: suspensions.SuspensionRow = {
            "digest": digest, "overruns": 2, "overrun_at": now, "message_zh": "慢", "message_en": "slow",
            "suspended_at": now,
        }  # fmt: skip
        suspensions.put(connection, row)
    house.application.catalog.suspensions.look()
    house.at(12, 5)
    assert opened(house) == []
    house.application.operator.resume(house.actor("operator"), digest, "已改正")
    house.clock.move(minutes=6)
    work(house)
    assert opened(house) == ["HT001 12", "HT002 12"] and incidents(house) == []


def test_what_is_ended_or_handed_over_between_a_round_and_its_turn_is_judged_as_it_stands(house: House) -> None:
    agree(house, 2)
    house.clock.at = datetime(2026, 12, 5, 1, tzinfo=UTC)
    tries: list[None] = []
    house.application.worker.run_due(stop=lambda: bool(tries), begins=lambda: tries.append(None))
    with house.application.database.read() as connection:
        assert connection.execute(select(rounds.rounds.c.subject)).scalars().all() == ["HT001", "HT002"]
    end(house, "HT001")
    house.application.succession.succeed(house.actor("operator"), PLACE, OTHER, "区划调整")
    work(house)
    assert opened(house) == ["HT002 12"]
    with house.application.database.read() as connection:
        assert connection.execute(select(cases.c.organisation_code).where(cases.c.key == "monthly")).scalar() == OTHER
    assert incidents(house) == [] and proved(house)


def test_a_clock_that_is_set_back_opens_nothing_twice(house: House) -> None:
    agree(house, 1)
    house.at(2, 6, year=2027)
    assert opened(house) == ["HT001 2"]
    house.at(12, 4)
    house.at(1, 6, year=2027)
    assert opened(house) == ["HT001 2"]
    house.at(3, 5, year=2027)
    assert opened(house) == ["HT001 2", "HT001 3"]


def test_where_nobody_holds_the_role_an_operator_hears_of_it_and_the_others_begin(house: House) -> None:
    agree(house, 1)
    with house.application.database.write() as connection:
        ended = update(memberships).where(memberships.c.organisation_code == PLACE)
        kept = [
            dict(row)
            for row in connection.execute(
                select(memberships).where(memberships.c.organisation_code == PLACE)
            ).mappings()
        ]
        connection.execute(ended.values(valid_to=house.clock.now()))
    house.at(12, 5)
    for _ in range(6):
        house.clock.move(hours=1)
        work(house)
    (told,) = incidents(house)
    assert "NotAllowed" in told and opened(house) == []
    with house.application.database.write() as connection:
        for row in kept:
            connection.execute(update(memberships).where(memberships.c.id == row["id"]).values(valid_to=None))
    standing = house.application.operator.standing(house.actor("operator"))
    house.application.operator.answer(house.actor("operator"), standing.incidents[0].id, "retry", "已配备")
    work(house)
    assert opened(house) == ["HT001 12"] and proved(house)


def test_two_workers_open_170_cases_once_each_though_one_dies_in_between(tmp_path: Path, server: Any) -> None:
    house = build_house(tmp_path, FOLDER, server=server)
    count = 170 if server else 20
    agree(house, count)
    house.clock.at = datetime(2026, 12, 5, 1, tzinfo=UTC)
    begun: list[None] = []
    house.application.worker.run_due(stop=lambda: len(begun) > count // 4, begins=lambda: begun.append(None))
    other = open_application(house.folder, house.clock, entrance=CHEAP)  # the first one is never asked to end
    threads = [Thread(target=one.worker.run_due) for one in (other, house.application)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work(house)
    found = opened(house)
    assert len(found) == len(set(found)) == count
    with house.application.database.read() as connection:
        assert not connection.execute(
            select(job_rows.c.id).where(job_rows.c.status != "done", job_rows.c.run_at <= house.clock.now())
        ).all()
    other.database.close()
    house.application.database.close()


WRONG = [
    ('<gw:forEach register="deal" when="=state = &quot;active&quot;" result="deal" round="month"/>', "", "gw:forEach"),
    ('<gw:opening organisation="=deal.office"/>', "", "gw:opening"),
    ('when="=state =', 'when="=stand =', "stand"),
    ('register="deal" when', 'register="dael" when', "dael"),
    ('register="deal" when', 'register="deal" kinds="county" when', "kinds"),
    ('register="deal" when', 'register="deal" having="deal" when', "having"),
    ('register="deal" when', 'kinds="county" having="deals" when', "没有台账“deals”"),
    ("R/2026-01-05T09:00/P1M", "R/2026-01-05T09:00/PT1S", "一分钟"),
    ("R/2026-01-05T09:00/P1M", "=deal.day", "常量"),
    ('organisation="=deal.office"', 'organisation="=start.office"', "start"),
]


def test_a_start_by_a_timer_that_says_too_little_or_names_what_is_not_is_refused() -> None:
    around = surroundings(OURS, {"deal": load_register("deal.schema.json", DEAL)})
    for before, after, told in WRONG:
        files = {name: text.encode() for name, text in replaced(FOLDER, (before, after)).items()}
        found = check("monthly", definitions_in(files)["monthly"], around)
        errors = [problem.text("zh") for problem in found if problem.severity == "error"]
        assert any(told in error for error in errors), (before, errors)
