"""An organisation that goes has a successor: cases, tasks, records, people and deadlines go there, each with an event."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine.directory.organisation_import import ImportRefused, load
from engine.errors import BadInput, NotAllowed
from engine.spiff import Stored
from storage.account_events import account_events
from storage.tables import cases, records
from tests.applications import filled_application
from tests.house import START, House, build_house

COUNTY, OTHER, CITY, OTHER_CITY = "130102", "130104", "130100", "130200"


@pytest.fixture
def house(tmp_path: Any, server: Any) -> Any:
    made = build_house(tmp_path, server=server)
    yield made
    made.application.database.close()


def approved(house: House) -> str:
    case = house.start("changan", "post_approval", COUNTY, filled_application()).case_id
    house.complete("shijiazhuang", case, "pass", opinion="同意")
    task = house.application.cases.reading.task(house.actor("province"), house.task_of("province", case))
    assert task.form is not None
    house.complete("province", case, "approve", **task.form.values, opinion="同意")
    return case


def row(house: House, case: str) -> Any:
    with house.application.database.read() as connection:
        return connection.execute(select(cases).where(cases.c.id == int(case))).one()


def owners(house: House) -> list[tuple[str, int]]:
    with house.application.database.read() as connection:
        found = select(records.c.data, records.c.version).where(
            records.c.valid_to.is_(None), records.c.register == "post"
        )
        return [(one.data["organisation"], one.version) for one in connection.execute(found)]


def test_a_county_that_goes_into_another_takes_everything_with_it(house: House) -> None:
    done = approved(house)
    running = house.start("changan", "post_approval", COUNTY, filled_application()).case_id
    before = owners(house)
    assert {owner for owner, _ in before} == {COUNTY}
    foreseen = house.application.succession.foresee(house.actor("operator"), COUNTY)
    assert (foreseen.cases, foreseen.records, foreseen.people > 0) == (1, len(before), True)
    house.application.succession.succeed(house.actor("operator"), COUNTY, OTHER, "区划调整")

    stands = row(house, running)
    assert (stands.organisation_code, stands.organisation_path.split("/")[-2]) == (OTHER, OTHER)
    assert Stored(stands.state).variables["case"]["organisation"]["code"] == OTHER
    assert set(owners(house)) == {(OTHER, version + 1) for _, version in before}
    line = house.application.cases.reading.case(house.actor("changan"), running).history[-1]
    assert (line.event, line.facts["successor"]) == ("case_handed_over", stands.organisation_name)
    assert house.actor("changan").has("county_officer", OTHER) and not house.actor("changan").has(
        "county_officer", COUNTY
    )
    assert house.proof(running) == [] and house.proof(done) == []
    # it goes on: what is returned comes back to the county that it belongs to now
    house.complete("shijiazhuang", running, "return", opinion="请补充说明")
    assert house.task_of("changan", running)
    assert house.proof(running) == []
    with pytest.raises(NotAllowed):
        house.start("changan", "post_approval", COUNTY, filled_application())


def test_what_was_done_where_an_organisation_has_gone_moves_on_with_its_heir(house: House) -> None:
    done = approved(house)
    house.application.succession.succeed(house.actor("operator"), COUNTY, OTHER, "区划调整")
    house.application.succession.succeed(house.actor("operator"), CITY, OTHER_CITY, "区划调整")
    assert row(house, done).organisation_path == f"/130000/{OTHER_CITY}/{OTHER}/"
    assert house.proof(done) == []


def test_a_city_that_goes_hands_over_the_tasks_of_cases_below_it(house: House) -> None:
    case = house.start("changan", "post_approval", COUNTY, filled_application()).case_id
    house.application.succession.succeed(house.actor("operator"), CITY, OTHER_CITY, "区划调整")
    task = house.task_of("tangshan", case)
    assert house.application.cases.reading.task(house.actor("tangshan"), task).may
    assert row(house, case).organisation_path.startswith(f"/130000/{OTHER_CITY}/{COUNTY}/")
    assert house.proof(case) == []
    house.complete("tangshan", case, "pass", opinion="同意")
    assert house.proof(case) == []


def test_an_organisation_that_is_renamed_is_known_to_its_running_cases(house: House) -> None:
    case = house.start("changan", "post_approval", COUNTY, filled_application()).case_id
    done = approved(house)
    house.application.succession.rename(house.actor("operator"), COUNTY, "长安新区总工会", "长安新区", "更名")
    assert row(house, case).organisation_name == "长安新区总工会"
    assert row(house, done).organisation_name != "长安新区总工会"  # what is done keeps the name under which it was done
    assert house.proof(case) == [] and house.proof(done) == []
    with house.application.database.read() as connection:
        kinds = list(connection.execute(select(account_events.c.kind).order_by(account_events.c.sequence)).scalars())
    assert kinds[-1] == "organisation_renamed"


def test_an_import_that_renames_tells_the_running_cases(house: House) -> None:
    case = house.start("changan", "post_approval", COUNTY, filled_application()).case_id
    table = "code,name\n130102,长安新区总工会\n130104,桥西区总工会\n".encode()
    house.application.organisations.take_in(house.actor("operator"), "names.csv", table)
    assert row(house, case).organisation_name == "长安新区总工会"
    assert house.application.cases.reading.case(house.actor("changan"), case).history[-1].event == "case_handed_over"
    assert house.proof(case) == []


@pytest.mark.parametrize(
    ("code", "successor", "said"),
    [
        (COUNTY, COUNTY, "自己或它的下级"), (CITY, COUNTY, "自己或它的下级"), (COUNTY, "999999", "没有编码为"),
        (COUNTY, OTHER_CITY, "不设"), (CITY, OTHER, "不"),
    ],
)  # fmt: skip
def test_a_successor_that_cannot_have_it_is_refused_by_name(house: House, code: str, successor: str, said: str) -> None:
    case = house.start("changan", "post_approval", COUNTY, filled_application()).case_id
    house.complete("shijiazhuang", case, "return", opinion="请补充说明")
    with pytest.raises(BadInput) as refused:
        house.application.succession.succeed(house.actor("operator"), code, successor, "区划调整")
    assert said in refused.value.message("zh")
    assert house.proof(case) == []


def test_only_who_may_import_the_tree_may_change_it(house: House) -> None:
    for login in ("changan", "province", "administrator"):
        with pytest.raises(NotAllowed):
            house.application.succession.succeed(house.actor(login), COUNTY, OTHER, "区划调整")


def test_an_import_does_not_close_an_organisation_in_whose_name_something_runs(house: House) -> None:
    house.start("changan", "post_approval", COUNTY, filled_application())
    table = b"code,valid\n130102,no\n"
    with pytest.raises(ImportRefused) as refused:
        load(house.application.database, "tree.csv", table, START)
    assert any("接替单位" in problem.text("zh") for problem in refused.value.problems)
    load(house.application.database, "tree.csv", b"code,valid\n130121,no\n", START)
