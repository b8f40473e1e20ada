"""A running case is about records, and whoever is about the same is told: at filing, meanwhile, and when it is written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from engine.errors import DefinitionInvalid, ExpressionFailed, UnderWay
from engine.views import OtherCase
from storage import records
from storage.tables import records as versions
from tests.engine.operations.test_writing import FOLDER, LOAN, OFFICER, PLACE, enrolled, lent, newest, wished
from tests.house import House, build_house, replaced
from tests.postgres import Server

HEAD = 'title="=&quot;借阅&quot;"/>'
ABOUT = HEAD + '<gw:concerns register="loan" records="=if wish.record = &quot;&quot; then [] else [wish.record]"{}/>'
READS_NOT = '<bpmn:sequenceFlow id="f1" sourceRef="wish" targetRef="confirm"/>'
READS = (
    '<bpmn:serviceTask id="look" name="查看"><bpmn:extensionElements><gw:operation name="register.get" result="loan">'
    '<gw:parameter name="register" value="=&quot;loan&quot;"/><gw:parameter name="number" value="=wish.record"/>'
    "</gw:operation></bpmn:extensionElements></bpmn:serviceTask>"
    '<bpmn:sequenceFlow id="f0" sourceRef="wish" targetRef="look"/>'
    '<bpmn:sequenceFlow id="f1" sourceRef="look" targetRef="confirm"/>'
)
BACK: dict[str, Any] = {"action": "back", "record": "JY001", "seen": "lent"}


def opened(folder: Path, more: str, server: Server | None = None) -> House:
    house = build_house(folder, FOLDER, server=server)
    enrolled(house)
    lent(house)
    house.publish(replaced(FOLDER, (HEAD, ABOUT.format(more))))
    return house


@pytest.fixture
def alone(tmp_path: Path, server: Server | None) -> Iterator[House]:
    """A case has the loan that it is about for itself."""
    house = opened(tmp_path, ' exclusive="true"', server)
    yield house
    house.application.database.close()


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    """The same, on both databases."""
    made = opened(tmp_path, "", server)
    yield made
    made.application.database.close()


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[House]:
    """Several cases may be about one loan."""
    house = opened(tmp_path, "")
    yield house
    house.application.database.close()


def test_a_second_filing_is_told_where_the_same_is_under_way_until_that_case_ends(alone: House) -> None:
    first = wished(alone, **BACK)
    with pytest.raises(UnderWay) as refused:
        wished(alone, **BACK)
    assert "JY001" in refused.value.message("zh") and "JY2026-002" in refused.value.message("zh")
    assert "already under way in case JY2026-002" in refused.value.message("en")
    wished(alone)  # about no record yet
    alone.application.cases.acting.withdraw(alone.actor(OFFICER), first, "不还了")
    second = wished(alone, **BACK)
    alone.complete(OFFICER, second, "yes")
    third = wished(alone, **BACK | {"action": "lent", "seen": "back"})
    assert [alone.proof(one) for one in (first, second, third)] == [[], [], []]


def test_of_several_filings_at_once_one_is_taken(alone: House) -> None:
    ends: list[str] = []

    def run() -> None:
        try:
            alone.application.cases.acting.start(alone.actor(OFFICER), "lend", PLACE, LOAN | BACK)
            ends.append("filed")
        except UnderWay:
            ends.append("under way")

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["filed", *["under way"] * 3]


def test_nobody_else_writes_what_a_case_has_for_itself(tmp_path: Path) -> None:
    for more, free in ((' exclusive="true"', False), (' exclusive="true" fields="standing"', True)):
        house = opened(tmp_path / more[-4:-1], more)
        wished(house, **BACK)
        house.publish(replaced(FOLDER))  # a process that does not say what it is about
        other = wished(house, action="due", record="JY001", due_on="2026-12-01")
        if free:
            house.complete(OFFICER, other, "yes")
            assert newest(house, "loan", "JY001")["data"]["due_on"] == "2026-12-01"
        else:
            with pytest.raises(UnderWay, match="JY2026-002"):
                house.complete(OFFICER, other, "yes")
        stopped = wished(house, **BACK)
        with pytest.raises(UnderWay):
            house.complete(OFFICER, stopped, "yes")
        house.application.database.close()


def test_the_holder_of_a_case_is_told_while_it_runs_that_its_record_is_under_way_or_has_changed(beside: House) -> None:
    first, second = wished(beside, **BACK), wished(beside, **BACK)
    reading, officer = beside.application.cases.reading, beside.actor(OFFICER)
    (seen,) = reading.case(officer, first).concerns
    assert (seen.record, seen.title[0], seen.under_way, seen.changed_by) == (
        "JY001", "借阅", (OtherCase("JY2026-003", second),), (),
    )  # fmt: skip
    beside.complete(OFFICER, second, "yes")
    beside.application.worker.run_due()
    (seen,) = reading.case(officer, first).concerns
    assert (seen.under_way, seen.changed_by) == ((), (OtherCase("JY2026-003", second),))
    (told,) = beside.application.messages.page(officer).rows
    assert told.case_id == first and "JY001" in told.text[0] and "JY2026-003" in told.text[0]
    assert reading.case(officer, second).concerns == ()  # it has ended
    assert beside.proof(first) == beside.proof(second) == []


def test_a_change_that_began_before_a_case_and_was_committed_after_it_is_told(house: House) -> None:
    """Which came first no time says: a clock is set back here, and elsewhere one waits for another."""
    other, own = wished(house, **BACK), wished(house, **BACK)
    opened_at = house.clock.now()
    house.clock.move(minutes=-2)
    house.complete(OFFICER, other, "yes")
    (seen,) = house.application.cases.reading.case(house.actor(OFFICER), own).concerns
    assert seen.changed_by == (OtherCase("JY2026-002", other),)
    assert newest(house, "loan", "JY001")["valid_from"] < opened_at


def test_at_no_moment_two_versions_of_a_record_are_in_force(house: House) -> None:
    """The third one was written last, by who had begun before the second."""
    first = newest(house, "loan", "JY001")
    names = ("register", "number", "data", "organisation_path", "search", "case_id", "event_seq")
    row = {name: first[name] for name in names}  # type: ignore[literal-required]
    with house.application.database.write() as connection:
        for minutes in (11, 10):
            moment = first["valid_from"] + timedelta(minutes=minutes)
            records.add_version(connection, {**row, "valid_from": moment, "valid_to": None})  # type: ignore[typeddict-item]
        found: dict[float, list[int]] = {}
        for later in (0, 9, 10, 10.5, 11, 99):
            at = records.standing_at(first["valid_from"] + timedelta(minutes=later))
            query = select(versions.c.version).where(versions.c.number == "JY001", at)
            found[later] = list(connection.execute(query).scalars())
    assert found == {0: [1], 9: [1], 10: [3], 10.5: [3], 11: [3], 99: [3]}


def test_what_was_written_between_a_run_s_reading_and_its_end_is_told_to_its_people(
    tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two transactions side by side, neither of which sees the other."""
    house = opened(tmp_path, "", postgresql)
    house.publish(replaced(FOLDER, (HEAD, ABOUT.format("")), (READS_NOT, READS)))
    other, held, officer = wished(house, **BACK), records.held, house.actor(OFFICER)

    def beside() -> None:
        house.application.cases.acting.complete(officer, house.task_of(OFFICER, other), {}, "yes")

    def first(*words: Any) -> int:
        monkeypatch.setattr(records, "held", held)
        writes = threading.Thread(target=beside)
        writes.start()
        writes.join()
        return held(*words)

    monkeypatch.setattr(records, "held", first)
    own = wished(house, **BACK)
    (seen,) = house.application.cases.reading.case(officer, own).concerns
    assert seen.changed_by == (OtherCase("JY2026-002", other),)
    told = [one for one in house.application.messages.page(officer).rows if one.case_id == own]
    assert len(told) == 1 and "JY2026-002" in told[0].text[0]
    assert house.proof(own) == house.proof(other) == []
    house.application.database.close()


def test_the_proof_sees_a_concern_that_no_event_tells(alone: House) -> None:
    first = wished(alone, **BACK)
    with alone.application.database.write() as connection:
        connection.execute(text("DELETE FROM concerns"))
    assert alone.proof(first) == ["the records that it concerns differ"]


def test_what_gives_no_number_is_the_diagram_s_fault(tmp_path: Path) -> None:
    house = build_house(tmp_path, FOLDER)
    house.publish(replaced(FOLDER, (HEAD, HEAD + '<gw:concerns register="loan" records="=[1]"/>')))
    with pytest.raises(ExpressionFailed):
        wished(house)
    house.application.database.close()


@pytest.mark.parametrize(
    "word",
    [
        'records="=[]" fields="standin"',
        'records="=wihs.record"',
        'records="=["',
        'records="=[]" exclusiv="true"',
        'records="=[]" exclusive="yes"',
    ],
)
def test_a_wrong_word_about_concerns_is_refused_when_it_is_published(tmp_path: Path, word: str) -> None:
    house = build_house(tmp_path, FOLDER)
    with pytest.raises(DefinitionInvalid):
        house.publish(replaced(FOLDER, (HEAD, f'{HEAD}<gw:concerns register="loan" {word}/>')))
    house.application.database.close()


def test_a_register_that_is_not_there_is_named_when_it_is_published(tmp_path: Path) -> None:
    house = build_house(tmp_path, FOLDER)
    wrong = '<gw:concerns register="laon" records="=[]"/>'
    with pytest.raises(DefinitionInvalid, match="laon"):
        house.publish({name: text for name, text in replaced(FOLDER, (HEAD, HEAD + wrong)).items() if name[0] != "_"})
    expects = '"=[{action: &quot;change&quot;, number: wish.record, expect: {standin: 1}}]"'
    with pytest.raises(DefinitionInvalid, match="standin"):
        house.publish(replaced(FOLDER, ('"=changes"', expects)))
    house.application.database.close()
