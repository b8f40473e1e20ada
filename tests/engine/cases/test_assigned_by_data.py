"""The data of a case says who gets a task: an organisation, a person, a field of a record; never silently nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadInput, NoHolder, NotAllowed, NotFound
from storage import cases
from tests.house import ROOT, House, build_house

FOLDER = ROOT / "tests" / "data" / "assigned"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def begun(house: House, way: str, who: str = "", account: str = "", others: str = "") -> str:
    said = {"way": way, "who": who, "account": account, "others": others}
    return house.start("changan", "hand_out", "130102", said).case_id


def asked_of(house: House, case_id: str) -> list[str]:
    """Whose the open tasks of a case are: an office, or a person by login."""
    with house.application.database.read() as connection:
        return [
            task["organisation_name"] if "@" not in task["candidate"] else task["candidate"]
            for task in cases.tasks_of(connection, int(case_id)) if task["status"] == "open"
        ]  # fmt: skip


def test_the_data_names_an_organisation_a_person_or_a_field_of_a_record(house: House) -> None:
    person = house.actor("zhengding").name
    for said, expected in (
        ({"way": "office", "who": "130203"}, ["county_officer@130203"]),
        ({"way": "person", "who": "zhengding"}, [person]),
        ({"way": "partner", "who": "130123"}, ["county_officer@130123"]),
        ({"way": "clerk", "account": "zhengding"}, [person]),
        ({"way": "each", "others": "zhengding,lubei"}, [person, house.actor("lubei").name]),
    ):
        case_id = begun(house, **said)
        assert asked_of(house, case_id) == expected
        assert house.proof(case_id) == []
    house.complete("zhengding", case_id, "done")  # of a multi-instance each has his own
    with pytest.raises(AssertionError):
        house.task_of("zhengding", case_id)
    house.complete("lubei", case_id, "done")
    assert house.proof(case_id) == []


def test_whoever_must_stand_aside_is_passed_over_also_at_the_first_step(house: House) -> None:
    assert asked_of(house, begun(house, "other", "changan")) == ["city_reviewer@130100"]
    assert asked_of(house, begun(house, "other", "zhengding")) == [house.actor("zhengding").name]


def test_nobody_else_reaches_what_is_for_one_person(house: House) -> None:
    case_id = begun(house, "person", "zhengding")
    task = house.task_of("zhengding", case_id)
    for login in ("lubei", "changan", "shijiazhuang"):
        with pytest.raises((NotFound, NotAllowed)):
            house.application.cases.acting.complete(house.actor(login), task, {}, "done")


def test_who_cannot_be_asked_is_an_incident_that_says_why(house: House) -> None:
    wrong: list[tuple[dict[str, str], str]] = [
        ({"way": "office"}, "没有单位编码"),
        ({"way": "office", "who": "999999"}, "没有编码为“999999”的单位"),
        ({"way": "office", "who": "130100"}, "不属于规则要求的单位类型"),
        ({"way": "office", "who": "130104"}, "没有人担任“县级经办员”"),
        ({"way": "person", "who": "nobody"}, "没有账号“nobody”"),
        ({"way": "person", "who": "operator"}, "没有可以办理任务的角色"),
        ({"way": "partner"}, "没有单位编码"),
        ({"way": "clerk"}, "没有账号"),
        ({"way": "each", "others": "lubei,"}, "没有账号"),
    ]
    for said, why in wrong:
        with pytest.raises(NoHolder) as refused:
            begun(house, **said)
        assert why in refused.value.message("zh")
    incidents = house.application.operator.standing(house.actor("operator")).incidents
    assert [(one.code, one.answers) for one in incidents] == [("NoHolder", ("settle",))] * len(wrong)


def test_a_merged_organisation_is_asked_by_its_successor_and_a_left_person_not_at_all(house: House) -> None:
    operator, security = house.actor("operator"), house.actor("administrator")
    house.application.succession.succeed(operator, "130104", "130102", "合并。")
    assert asked_of(house, begun(house, "office", "130104")) == ["county_officer@130102"]
    house.application.accounts.lock(security, house.actor("lubei").user_id)
    with pytest.raises(NoHolder, match="is closed"):
        begun(house, "person", "lubei")


def test_the_operator_names_somebody_and_the_act_is_done_again(house: House) -> None:
    case_id = house.start("changan", "pass_on", "130102", {"who": "nobody"}).case_id
    with pytest.raises(NoHolder):
        house.complete("changan", case_id, "done")
    operator = house.actor("operator")
    (incident,) = house.application.operator.standing(operator).incidents
    assert incident.answers == ("settle", "terminate", "name")
    _, offered = house.application.operator.nameable(operator, incident.id, "路北")
    (lubei,) = [one for one in offered if one.login == "lubei"]
    for wrong in ("", "user:999999", "county_officer@130104", "user:x"):
        with pytest.raises(BadInput):
            house.application.operator.name_holder(operator, incident.id, wrong, "补正。")
    with pytest.raises(NotAllowed):
        house.application.operator.name_holder(house.actor("changan"), incident.id, lubei.key, "补正。")
    house.application.operator.name_holder(operator, incident.id, lubei.key, "补正。")
    with pytest.raises(NotFound):  # it is settled: a second click names nobody else
        house.application.operator.name_holder(operator, incident.id, lubei.office, "补正。")
    house.complete("changan", case_id, "done")
    assert asked_of(house, case_id) == [house.actor("lubei").name]
    house.complete("lubei", case_id, "done")
    assert house.proof(case_id) == []
    assert [one.event for one in house.application.cases.reading.case(house.actor("changan"), case_id).history][1] == (
        "holder_named"
    )
