"""Opening by two of three: at the time, with their own words, told when they are wrong; and making the three shares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.cases.acting.sealing import NotCheckable
from engine.cases.acting.unsealing import MustWait, SealedLost
from engine.cases.event_types import UNSEALING_FAILED
from engine.damage import listening
from engine.errors import BadInput, InvalidForm, NotAllowed, TaskNotOpen
from engine.sealing.codes import CodeWrong, new_code
from engine.sealing.keys import SecretWrong
from storage import sealed
from storage.organisations import organisations
from tests.engine.cases.sealed_house import (
    AUTHORS,
    CLOSES,
    CODE,
    FOLDER,
    PHRASES,
    PRICE,
    at,
    contest,
    everything,
    hand_in,
    key_of,
    log,
    names,
    opened,
    paper,
    piece,
    run,
)
from tests.house import House, build_house, replaced


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def test_nobody_opens_before_the_time_or_with_the_wrong_words_and_wrong_words_are_counted(house: House) -> None:
    case_id = contest(house)
    key = key_of(house, case_id)
    for login in ("changan", "lubei", "zhengding"):
        hand_in(house, login, piece(house, login, key))
    at(house, CLOSES + timedelta(hours=10))
    run(house)
    task = house.task_of("shijiazhuang", case_id)
    unseal, actor = house.application.cases.unsealing.unseal, house.actor("shijiazhuang")
    at(house, CLOSES)  # the clock is put back, but the case has seen its time come
    with pytest.raises(BadInput):
        unseal(actor, task, {0: PHRASES[0]}, {}, "open")
    with pytest.raises(BadInput):
        unseal(actor, task, {0: PHRASES[0], 1: PHRASES[1], 2: CODE}, {}, "open")
    for wrong in ({0: PHRASES[0], 1: PHRASES[0]}, {0: PHRASES[1], 1: PHRASES[0]}, {1: PHRASES[1], 2: new_code()}):
        with pytest.raises(SecretWrong):
            unseal(actor, task, wrong, {}, "open")
    assert names(house, case_id).count(UNSEALING_FAILED) == 3
    with pytest.raises(MustWait):
        unseal(actor, task, {0: PHRASES[0], 1: PHRASES[1]}, {}, "open")
    assert names(house, case_id)[-3:] == [UNSEALING_FAILED] * 3
    at(house, CLOSES + timedelta(hours=10, minutes=5))
    unseal(actor, task, {1: PHRASES[1], 2: CODE}, {}, "open")
    with pytest.raises(TaskNotOpen):
        unseal(actor, task, {1: PHRASES[1], 2: CODE}, {}, "open")
    assert house.proof(case_id) == []


PEEK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1"
 targetNamespace="urn:gangwei:tests"><bpmn:process id="peek" name="另行开启" isExecutable="true" gw:nameEn="Open apart">
<bpmn:extensionElements><gw:case number="LK{year}-{seq:03}" title="=&quot;另行开启&quot;"/></bpmn:extensionElements>
<bpmn:laneSet id="lanes"><bpmn:lane id="office" name="主办" gw:nameEn="Host"><bpmn:extensionElements>
<gw:assignment role="city_reviewer" where="same"/></bpmn:extensionElements><bpmn:flowNodeRef>begin</bpmn:flowNodeRef>
<bpmn:flowNodeRef>look</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
<bpmn:startEvent id="begin" name="报名" gw:nameEn="Begin"><bpmn:extensionElements><gw:form ref="begin"/></bpmn:extensionElements>
</bpmn:startEvent><bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="look"/><bpmn:userTask id="look" name="开启"
gw:nameEn="Open"><bpmn:extensionElements><gw:unseal key="=begin.key" at="=begin.closes"/><gw:outcome id="open" name="开启"
nameEn="Open" kind="submit" opinion="none"/></bpmn:extensionElements></bpmn:userTask>
<bpmn:sequenceFlow id="f2" sourceRef="look" targetRef="over"/><bpmn:endEvent id="over" name="办结" gw:nameEn="Over"/>
</bpmn:process></bpmn:definitions>"""


def test_wrong_words_for_a_key_are_counted_in_all_cases_together(house: House) -> None:
    files = replaced(FOLDER)
    house.publish(
        {**files, "peek/process.bpmn": PEEK, "peek/forms/begin.form.json": files["piece/forms/begin.form.json"]}
    )
    key, other = (key_of(house, contest(house)) for _ in range(2))
    at(house, CLOSES + timedelta(minutes=1))
    apart = [
        house.start("shijiazhuang", "peek", "130100", {"key": one, "closes": "2026-12-10"}).case_id
        for one in (key, key, key, other)
    ]
    unseal, actor = house.application.cases.unsealing.unseal, house.actor("shijiazhuang")
    *tried, fresh, others = (house.task_of("shijiazhuang", one) for one in (apart[0], *apart))
    for task in tried:
        with pytest.raises(SecretWrong):
            unseal(actor, task, {0: PHRASES[0], 1: PHRASES[0]}, {}, "open")
    assert [names(house, one).count(UNSEALING_FAILED) for one in apart] == [2, 1, 0, 0]
    with pytest.raises(MustWait):
        unseal(actor, fresh, {0: PHRASES[0], 1: PHRASES[1]}, {}, "open")
    unseal(actor, others, {0: PHRASES[0], 1: PHRASES[1]}, {}, "open")  # another key has failures of its own
    assert [house.proof(one) for one in apart] == [[]] * 4


def test_what_still_may_come_keeps_all_from_being_opened(house: House) -> None:
    case_id = contest(house, opens="2026-12-09T09:00:00+08:00")
    key = key_of(house, case_id)
    for login in ("changan", "lubei", "zhengding"):
        hand_in(house, login, piece(house, login, key, "2026-12-08"))
    hand_in(house, "zhuozhou", piece(house, "zhuozhou", key, "2026-12-10T17:00:00+08:00"))
    at(house, datetime(2026, 12, 9, 10, tzinfo=LEGAL_ZONE))
    run(house)
    with pytest.raises(NotAllowed, match="2026-12-10"):
        opened(house, case_id)


def test_a_cipher_text_that_was_changed_is_told_and_keeps_no_other_from_being_opened(house: House) -> None:
    case_id = contest(house)
    key = key_of(house, case_id)
    cases = [piece(house, login, key) for login in ("changan", "lubei", "zhengding")]
    for login, one in zip(("changan", "lubei", "zhengding"), cases, strict=True):
        hand_in(house, login, one)
    with house.application.database.read() as connection:
        entries = [sealed.entries_of(connection, int(one))[0] for one in cases]
    files = house.folder.data_dir / "files"
    (files / entries[0]["digest"][:2] / entries[0]["digest"]).write_bytes(b"changed")
    at(house, CLOSES + timedelta(hours=10))
    run(house)
    opened(house, case_id)
    (said,) = [
        one["data"]["submission"] for one in log(house, case_id) if "opened" in one["data"].get("submission", {})
    ]
    assert [one["readable"] for one in said["opened"]] == [False, True, True]
    view = house.application.cases.reading.case(house.actor("shijiazhuang"), case_id)
    table = next(one for each in view.submissions for one in each.fields("en") if one.kind == "table")
    assert table.marked == {0}


def test_a_cipher_text_that_is_gone_keeps_all_shut_until_it_has_been_restored(house: House) -> None:
    case_id = contest(house)
    key = key_of(house, case_id)
    cases = {login: piece(house, login, key) for login in ("changan", "lubei", "zhengding")}
    for login, one in cases.items():
        hand_in(house, login, one)
    one = cases["changan"]
    with house.application.database.read() as connection:
        (entry,) = sealed.entries_of(connection, int(one))
    file = house.folder.data_dir / "files" / entry["digest"][:2] / entry["digest"]
    kept = file.read_bytes()
    file.unlink()
    at(house, CLOSES + timedelta(hours=10))
    run(house)
    with listening() as met, pytest.raises(SealedLost, match=r"changan|长安"):
        opened(house, case_id)
    assert [damage.case_id for damage in met.damages] == [int(one)]  # which is told to an operator
    file.write_bytes(kept)
    opened(house, case_id)
    (said,) = [
        each["data"]["submission"] for each in log(house, case_id) if "opened" in each["data"].get("submission", {})
    ]
    assert [each["readable"] for each in said["opened"]] == [True, True, True]
    assert house.proof(case_id) == []


def test_shares_are_three_peoples_and_phrases_are_hard_to_guess(house: House) -> None:
    people = {"first": "shijiazhuang", "second": "tangshan", "third": "shijiazhuang", "opens": "2026-12-11T09:00:00"}
    case_id = house.start("shijiazhuang", "contest", "130100", people).case_id
    share, actor = house.application.cases.unsealing.share, house.actor("shijiazhuang")
    task = house.task_of("shijiazhuang", case_id)
    for phrase, repeated in (
        ("短", "短"),
        ("a" * 20, "a" * 20),
        (PHRASES[0], PHRASES[1]),
        ("shijiazhuang2026", "shijiazhuang2026"),
    ):
        with pytest.raises(BadInput):
            share(actor, task, phrase, repeated, {}, "set")
    share(actor, task, PHRASES[0], PHRASES[0], {}, "set")
    share(house.actor("tangshan"), house.task_of("tangshan", case_id), PHRASES[1], PHRASES[1], {}, "set")
    task = house.task_of("shijiazhuang", case_id)
    with pytest.raises(CodeWrong):
        share(actor, task, CODE, "0000", {}, "made")
    with pytest.raises(BadInput):
        share(actor, task, CODE, new_code(), {}, "made")
    with pytest.raises(NotAllowed, match="third one"):  # he has a phrase already
        share(actor, task, CODE, CODE, {}, "made")
    assert house.proof(case_id) == []


GAP = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="gaps" name="gaps" namespace="t">
<decision id="gap" name="gap"><decisionTable id="t" hitPolicy="FIRST"><input id="i"><inputExpression id="e" typeRef="number">
<text>price</text></inputExpression></input><output id="o" typeRef="string"/><rule id="r"><inputEntry id="c"><text>1</text>
</inputEntry><outputEntry id="d"><text>"one"</text></outputEntry></rule></decisionTable></decision></definitions>"""


def test_a_rule_of_the_form_that_fails_leaves_no_incident_with_what_was_filled_in(house: House) -> None:
    files = {name: text for name, text in replaced(FOLDER).items() if name.startswith("piece/")}
    files["piece/forms/offer.form.json"] = files["piece/forms/offer.form.json"].replace(
        "=price * 2", "=gap(price: price)"
    )
    house.publish({**files, "piece/gap.dmn": GAP})
    case_id = piece(house, "changan", key_of(house, contest(house)))
    with pytest.raises((InvalidForm, NotCheckable)):
        hand_in(house, "changan", case_id)
    assert str(PRICE).encode() not in everything(house, None)


WEIGH = """<bpmn:sequenceFlow id="f10" sourceRef="opening" targetRef="weigh"/><bpmn:userTask id="weigh" name="评议"
gw:nameEn="Weigh"><bpmn:extensionElements><gw:form ref="weigh"/><gw:outcome id="done" name="评毕" nameEn="Done" kind="submit"
opinion="none"/></bpmn:extensionElements></bpmn:userTask><bpmn:sequenceFlow id="f13" sourceRef="weigh" targetRef="hand_back"/>"""
WEIGH_FORM = """{"type": "default", "id": "weigh", "schemaVersion": 18, "components": [
 {"type": "textfield", "id": "view_field", "key": "view", "label": "看法"}], "gangwei": {"en": {"view": "View"}}}"""


def test_files_that_were_opened_at_a_confidential_step_are_as_confidential_as_it(house: House) -> None:
    files = replaced(
        FOLDER,
        (
            "<bpmn:flowNodeRef>opening</bpmn:flowNodeRef>",
            "<bpmn:flowNodeRef>opening</bpmn:flowNodeRef><bpmn:flowNodeRef>weigh</bpmn:flowNodeRef>",
        ),
        ("<gw:unseal key", '<gw:confidential until="hand_back"/><gw:unseal key'),
        ('<bpmn:sequenceFlow id="f10" sourceRef="opening" targetRef="hand_back"/>', WEIGH),
    )
    house.publish({**files, "contest/forms/weigh.form.json": WEIGH_FORM})
    case_id = contest(house)
    key = key_of(house, case_id)
    for login in ("changan", "lubei", "zhengding"):
        hand_in(house, login, piece(house, login, key), PRICE, paper(f"{login}的曲谱"))
    at(house, CLOSES + timedelta(hours=10))
    run(house)
    opened(house, case_id)
    reading = house.application.cases.reading

    def seen_by(login: str) -> int:
        return len(reading.case(house.actor(login), case_id).attachments)

    assert (seen_by("shijiazhuang"), seen_by("province")) == (3, 0)
    house.complete("shijiazhuang", case_id, "done", view="好")
    assert (seen_by("shijiazhuang"), seen_by("province")) == (3, 3)
    assert house.proof(case_id) == []


def test_a_case_that_ends_after_the_last_moment_takes_nothing_back_and_one_before_it_does(house: House) -> None:
    case_id = contest(house)
    key = key_of(house, case_id)
    pieces = {login: piece(house, login, key) for login in AUTHORS}
    for login, number in pieces.items():
        hand_in(house, login, number)
    ending = house.application.cases.endings
    with house.application.database.write() as connection:
        ending.terminate(connection, house.actor("operator"), int(pieces["lubei"]), "重复")
    at(house, CLOSES + timedelta(minutes=1))
    with house.application.database.write() as connection:
        ending.terminate(connection, house.actor("operator"), int(pieces["changan"]), "误操作")
        counted = {one["case_id"] for one in sealed.counted(connection, key)}
    assert counted == {int(pieces[login]) for login in ("changan", "zhengding", "zhuozhou")}
    at(house, CLOSES + timedelta(hours=10))
    run(house)
    opened(house, case_id)
    assert house.proof(case_id) == []


def test_the_desk_of_an_organisation_that_has_gone_into_another_is_that_ones(house: House) -> None:
    case_id = contest(house)
    key = key_of(house, case_id)
    number = piece(house, "changan", key)
    hand_in(house, "changan", number)
    with house.application.database.write() as connection:
        (own,) = sealed.entries_of(connection, int(number))
        role, _, _ = own["candidate"].partition("@")
        heir = f"{role}@{AUTHORS['zhengding']}"
        later: sealed.SealedEntryRow = {**own, "event_seq": own["event_seq"] + 1, "candidate": heir}
        sealed.add_entry(connection, later)
        assert len(sealed.counted(connection, key)) == 2
        gone = organisations.update().where(organisations.c.code == AUTHORS["changan"])
        connection.execute(gone.values(successor_code=AUTHORS["zhengding"]))
        assert [one["event_seq"] for one in sealed.counted(connection, key)] == [later["event_seq"]]
