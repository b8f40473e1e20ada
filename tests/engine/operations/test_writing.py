"""What a case writes into a register is checked again when it writes: on foreign registers, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from engine.directory import organisations
from engine.errors import BadInput, DefinitionInvalid, RecordRefused
from engine.operations.registry import ask
from engine.registers.rules import Unique
from engine.views import RegisterFilters
from storage import jobs, record_keys, records
from tests.house import ROOT, House, build_house
from tests.postgres import Server

FOLDER = ROOT / "tests" / "data" / "registers"
OFFICER, PLACE = "changan", "130102"
READER = {"action": "create", "called": "张三", "account": ""}
LOAN = {"action": "create", "book": "红楼梦", "reader": "DZ001", "lent_on": "", "due_on": ""}


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    made = build_house(tmp_path, FOLDER, server=server)
    yield made
    made.application.database.close()


@pytest.fixture
def one_house(tmp_path: Path) -> Iterator[House]:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def enrolled(house: House, **said: Any) -> str:
    return house.start(OFFICER, "enrol", PLACE, READER | said).case_id


def wished(house: House, **said: Any) -> str:
    return house.start(OFFICER, "lend", PLACE, LOAN | said).case_id


def lent(house: House, **said: Any) -> str:
    case_id = wished(house, **said)
    house.complete(OFFICER, case_id, "yes")
    return case_id


def newest(house: House, register: str, number: str) -> records.MadeRecord:
    with house.application.database.read() as connection:
        return records.versions(connection, register, number)[0]


def incidents(house: House) -> int:
    with house.application.database.read() as connection:
        return jobs.incident_list().count(connection, 99)


def test_the_second_of_two_cases_that_saw_the_same_is_told_what_changed_and_by_which_case(house: House) -> None:
    enrolled(house)
    lent(house)
    first, second = (wished(house, action="back", record="JY001", seen="lent") for _ in range(2))
    house.complete(OFFICER, first, "yes")
    with pytest.raises(RecordRefused) as refused:
        house.complete(OFFICER, second, "yes")
    told = refused.value.message("zh")
    assert "JY001" in told and "“状态”应为“借出”，现为“已还”" in told and "JY2026-002" in told, told
    assert "JY2026-002" in refused.value.message("en") and "状态" in refused.value.message("en")
    assert newest(house, "loan", "JY001")["version"] == 2
    assert incidents(house) == 0  # nobody's fault: the person decides what to do
    assert [task.element_id for task in house.application.cases.reading.case(house.actor(OFFICER), second).tasks] == [
        "confirm"
    ]
    assert house.proof(first) == house.proof(second) == []


def test_two_cases_at_once_write_one_after_the_other_and_one_is_refused(house: House) -> None:
    enrolled(house)
    lent(house)
    asked = [wished(house, action="back", record="JY001", seen="lent") for _ in range(4)]
    ends = at_once(lambda case_id: house.complete(OFFICER, case_id, "yes"), asked)
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", *["RecordRefused"] * 3]
    assert newest(house, "loan", "JY001")["version"] == 2


def test_of_what_stands_once_two_cases_at_once_write_one(house: House) -> None:
    enrolled(house)
    asked = [wished(house) for _ in range(4)]
    ends = at_once(lambda case_id: house.complete(OFFICER, case_id, "yes"), asked)
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", *["RecordRefused"] * 3]
    with house.application.database.read() as connection:
        assert len(records.in_force(connection, "loan")) == 1
    assert all(house.proof(case_id) == [] for case_id in asked)


def at_once(act: Any, asked: list[str]) -> list[BaseException | None]:
    ends: list[BaseException | None] = []

    def run(one: str) -> None:
        try:
            act(one)
            ends.append(None)
        except BaseException as error:
            ends.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_what_stands_once_may_stand_again_when_it_is_given_up(one_house: House) -> None:
    enrolled(one_house)
    lent(one_house)
    again = wished(one_house)
    with pytest.raises(RecordRefused, match="JY001"):
        one_house.complete(OFFICER, again, "yes")
    lent(one_house, action="back", record="JY001", seen="lent")
    one_house.complete(OFFICER, again, "yes")
    assert newest(one_house, "loan", "JY002")["data"]["book"] == "红楼梦"
    assert one_house.proof(again) == []


def test_a_reference_to_nothing_and_a_login_of_nobody_are_refused_by_field(one_house: House) -> None:
    case_id = wished(one_house)
    with pytest.raises(RecordRefused, match=r"读者.*DZ001"):
        one_house.complete(OFFICER, case_id, "yes")
    for login in ("nobody.here", "CHANGAN", "ｃｈａｎｇａｎ"):
        with pytest.raises(RecordRefused, match="账号"):
            enrolled(one_house, account=login)
    enrolled(one_house, account="changan")
    with pytest.raises(RecordRefused, match="DZ001"):  # one account, one reader
        enrolled(one_house, account="changan")
    one_house.complete(OFFICER, case_id, "yes")


def test_a_rule_between_fields_is_told_in_its_words_and_asked_only_of_what_changes(one_house: House) -> None:
    enrolled(one_house)
    case_id = wished(one_house, lent_on="2026-11-20", due_on="2026-11-19")
    with pytest.raises(RecordRefused) as refused:
        one_house.complete(OFFICER, case_id, "yes")
    assert "应还日期不早于借出日期" in refused.value.message("zh")
    assert "due on the day of lending or later" in refused.value.message("en")
    lent(one_house, lent_on="2026-11-20", due_on="2026-11-20")
    with one_house.application.database.write() as connection:  # as if the rule were newer than the record
        connection.execute(
            text('UPDATE records SET data = replace(data, \'"due_on":"2026-11-20"\', \'"due_on":"2026-11-01"\')')
        )
    lent(one_house, action="back", record="JY001", seen="lent")
    assert newest(one_house, "loan", "JY001")["data"]["due_on"] == "2026-11-01"


def test_a_version_may_be_presupposed(one_house: House) -> None:
    enrolled(one_house)
    one_house.clock.move(minutes=1)
    for version, right in ((1, True), (2, False)):
        with one_house.application.database.write() as connection:
            place = organisations.get(connection, PLACE)
            scene = one_house.application.cases.parts.scene(connection, place, 1, one_house.clock.now())
            change = {"action": "change", "number": "DZ001", "data": {"called": "李四"}, "version": version}
            if right:
                assert ask(scene, "register.apply", {"register": "reader", "changes": [change]})["result"] == ["DZ001"]
                continue
            with pytest.raises(RecordRefused, match=r"version 1.*expected: 2"):
                ask(scene, "register.apply", {"register": "reader", "changes": [change]})


@pytest.mark.parametrize(
    "more",
    [
        {"expects": {"called": "x"}},
        {"expect": {"caled": "x"}},
        {"action": "create", "number": None, "expect": {"called": "x"}},
    ],
)
def test_a_precondition_that_could_never_be_asked_is_the_diagram_s_fault(one_house: House, more: Any) -> None:
    enrolled(one_house)
    with one_house.application.database.write() as connection:
        place = organisations.get(connection, PLACE)
        scene = one_house.application.cases.parts.scene(connection, place, 1, one_house.clock.now())
        change = {"action": "change", "number": "DZ001", "data": {"called": "李四", "office": PLACE}} | more
        with pytest.raises(BadInput):
            ask(scene, "register.apply", {"register": "reader", "changes": [change]})


def test_the_proof_sees_a_key_that_is_gone_and_a_reference_to_nothing(one_house: House) -> None:
    enrolled(one_house)
    case_id = lent(one_house)
    assert one_house.proof(case_id) == []
    with one_house.application.database.write() as connection:
        assert set(record_keys.of_record(connection, "loan", "JY001")) == {"book"}
        connection.execute(text("DELETE FROM record_keys WHERE register = 'loan'"))
    assert one_house.proof(case_id) == ["the keys of loan JY001 differ"]
    with one_house.application.database.write() as connection:
        connection.execute(text("UPDATE records SET number = 'DZ009' WHERE number = 'DZ001'"))
    assert "event 2 refers to reader DZ001, which is not there" in one_house.proof(case_id)


def test_a_person_sees_the_records_that_lead_to_his_account_through_another_record(one_house: House) -> None:
    enrolled(one_house, account="changan.worker1")
    enrolled(one_house, called="李四")
    lent(one_house)
    lent(one_house, book="三国演义", reader="DZ002")
    worker = one_house.actor("changan.worker1")
    seen = one_house.application.registers.search(worker, "loan", RegisterFilters())
    assert [row.number for row in seen.rows] == ["JY001"]
    assert one_house.application.registers.record(worker, "loan", "JY001").number == "JY001"
    assert (
        one_house.application.registers.search(one_house.actor("changan.worker2"), "loan", RegisterFilters()).total == 0
    )


def with_rule(**own: Any) -> dict[str, bytes]:
    """The schemas of the folder, with other words in the one of readers."""
    files = {f"_registers/{path.name}": path.read_bytes() for path in (FOLDER / "_registers").iterdir()}
    schema = orjson.loads(files["_registers/reader.schema.json"])
    schema["gangwei"] |= own
    return files | {"_registers/reader.schema.json": orjson.dumps(schema)}


def test_a_new_rule_of_uniqueness_is_asked_of_the_records_that_stand(one_house: House) -> None:
    enrolled(one_house)
    enrolled(one_house)
    with pytest.raises(DefinitionInvalid, match=r"DZ001.*DZ002"):
        one_house.publish(with_rule(unique=[{"fields": ["called"]}]))
    one_house.publish(with_rule(unique=[{"fields": ["called", "number"]}]))
    with one_house.application.database.read() as connection:
        assert set(record_keys.of_record(connection, "reader", "DZ001")) == {"called+number"}


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"version": 3}, "3"),
        ({"uniqe": []}, "uniqe"),
        ({"unique": [{"fields": ["nmae"]}]}, "nmae"),
        ({"unique": [{"fields": ["called"], "unless": {"goen": True}}]}, "goen"),
        ({"holds": [{"rule": "=nmae != null", "zh": "有姓名"}]}, "nmae"),
        ({"holds": [{"rule": "=called !", "zh": "有姓名"}]}, "called"),
        ({"person": "number.account"}, "number"),
    ],
)
def test_a_word_of_the_schema_that_is_wrong_is_named(one_house: House, own: dict[str, Any], said: str) -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        one_house.publish(with_rule(**own))
    assert any(said in problem.text("zh") for problem in refused.value.problems)


@pytest.mark.parametrize(("gone", "left_out"), [("sold", True), ("lost", True), ("kept", False), (None, False)])
def test_several_values_may_leave_a_record_out_of_what_stands_once(gone: str | None, left_out: bool) -> None:
    rule = Unique(("name",), (("gone", ["sold", "lost"]),))
    assert (rule.key({"name": "一", "gone": gone}) is None) is left_out


def test_a_reference_to_a_register_that_is_not_there_is_named(one_house: House) -> None:
    files = {name: data for name, data in with_rule().items() if "reader" not in name}
    with pytest.raises(DefinitionInvalid, match="reader"):
        one_house.publish(files)
