"""Sealed submissions: nothing of them is found before two holders open them; late by the second; whole after a replay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.cases.acting.sealing import TooLate
from engine.cases.event_types import ENTRY_REFUSED
from engine.errors import InvalidForm, NotAllowed
from storage import sealed
from tests.engine.cases.sealed_house import (
    AUTHORS,
    CLOSES,
    CODE,
    FOLDER,
    MARK,
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
    shapes,
)
from tests.house import House, build_house
from tests.postgres import Server


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


@pytest.fixture
def either(tmp_path: Path, server: Server | None) -> Iterator[House]:
    """On SQLite, then on PostgreSQL."""
    made = build_house(tmp_path, FOLDER, server=server)
    yield made
    made.application.database.close()


def test_nothing_of_it_lies_anywhere_until_it_is_opened(either: House, server: Server | None) -> None:
    """Database with its log and free pages, files, and what is asked of the product itself."""
    house = either
    case_id = contest(house)
    key = key_of(house, case_id)
    cases = {login: piece(house, login, key) for login in AUTHORS}
    for count, (login, one) in enumerate(cases.items()):
        hand_in(house, login, one, PRICE + count, paper(MARK + login))
    first = cases["changan"]
    hand_in(house, "changan", first, PRICE + 9, paper(MARK * 2))  # a better one takes its place
    with pytest.raises(InvalidForm):
        hand_in(house, "changan", first, 0, words=MARK)
    with pytest.raises(NotAllowed, match="in your browser"):
        house.application.cases.drafts.save(house.actor("changan"), house.task_of("changan", first), {"words": MARK})
    with pytest.raises(NotAllowed):  # the door of ordinary steps
        house.application.cases.acting.complete(
            house.actor("changan"), house.task_of("changan", first), {"price": PRICE, "words": MARK}, "hand_in"
        )
    held = everything(house, server)
    for wanted in (*shapes(MARK), str(PRICE).encode(), *(text.encode() for text in PHRASES), CODE.encode()):
        assert wanted not in held
    view = house.application.cases.reading.case(house.actor("changan"), first)
    told = repr([(one.fields("zh"), one.fields("en")) for one in view.submissions]) + repr(view)
    assert MARK[:4] not in told
    assert str(PRICE)[:5] not in told
    assert view.submissions[-1].fields("en")[1].value.startswith("2026-")
    for one in (case_id, *cases.values()):
        assert house.proof(one) == []
    at(house, CLOSES + timedelta(hours=10))
    run(house)
    opened(house, case_id)
    assert str(PRICE + 9).encode() in everything(house, server)  # the search above would have found it


def test_two_of_three_open_and_the_event_alone_gives_it_back(house: House) -> None:
    case_id = contest(house)
    key = key_of(house, case_id)
    cases = {login: piece(house, login, key) for login in AUTHORS}
    for count, (login, one) in enumerate(cases.items()):
        hand_in(house, login, one, PRICE + count, paper(MARK + login))
    hand_in(house, "lubei", cases["lubei"], 5, paper("别的"))
    house.application.cases.acting.withdraw(house.actor("zhuozhou"), cases["zhuozhou"], "不参加了。")
    at(house, CLOSES + timedelta(hours=10))
    with pytest.raises(NotAllowed):
        house.application.cases.acting.withdraw(house.actor("lubei"), cases["lubei"], "想反悔。")
    run(house)
    opened(house, case_id, {0: PHRASES[0], 2: CODE})
    run(house)
    submission = cast(
        "dict[str, Any]",
        next(one for one in log(house, case_id) if "opened" in one["data"].get("submission", {}))["data"]["submission"],
    )
    found = {one["case"]: one for one in submission["opened"]}
    assert [one["data"]["price"] for one in submission["opened"]] == [PRICE, PRICE + 1, 5]
    assert [one["data"]["twice"] for one in submission["opened"]] == [PRICE * 2, (PRICE + 1) * 2, 10]
    assert len(found) == 3
    files = house.application.cases.reading.case(house.actor("shijiazhuang"), case_id).attachments
    assert [one.filename.partition(" ")[2] for one in files] == ["曲谱.txt"] * 3
    _, content = house.application.cases.attachments.attachment(house.actor("shijiazhuang"), case_id, files[0].id)
    assert content.decode().startswith(MARK + "changan")
    assert [names(house, cases[login])[-1] for login in ("changan", "lubei")] == ["message_received"] * 2
    assert log(house, cases["lubei"])[-1]["data"]["payload"]["data"]["price"] == 5
    shown = house.application.cases.reading.task(house.actor("shijiazhuang"), house.task_of("shijiazhuang", case_id))
    assert shown.form is not None
    assert shown.form.values["lowest"] == 5
    for one in (case_id, *cases.values()):
        assert house.proof(one) == []
    with pytest.raises(NotAllowed, match="already"):
        house.clock.at = CLOSES - timedelta(days=1)
        late = piece(house, "changan", key)
        hand_in(house, "changan", late)


def test_fewer_than_three_are_not_opened(house: House) -> None:
    case_id = contest(house)
    key = key_of(house, case_id)
    first = piece(house, "changan", key)
    hand_in(house, "changan", first)
    hand_in(house, "changan", first)  # the same desk twice is one
    hand_in(house, "lubei", piece(house, "lubei", key))
    at(house, CLOSES + timedelta(hours=10))
    run(house)
    assert log(house, case_id)[-1]["data"]["ended"] == "void"
    assert house.proof(case_id) == []


def test_late_is_what_has_come_after_the_last_second_whatever_the_clock_does(house: House) -> None:
    key = key_of(house, contest(house))
    case_id = piece(house, "changan", key)
    midnight = datetime(2026, 12, 11, tzinfo=LEGAL_ZONE)
    for moment in (CLOSES, midnight):  # 24:00 itself is in time
        at(house, moment)
        hand_in(house, "changan", case_id)
    at(house, midnight + timedelta(microseconds=1))
    with pytest.raises(TooLate) as refused:
        hand_in(house, "changan", case_id, words=MARK)
    assert "00:00:00" in refused.value.message("zh")
    assert names(house, case_id)[-1] == ENTRY_REFUSED
    at(house, midnight + timedelta(seconds=1))
    with pytest.raises(TooLate):
        hand_in(house, "changan", case_id)
    at(house, CLOSES - timedelta(hours=2))  # the clock is put back: what has happened has happened
    with pytest.raises(TooLate):
        hand_in(house, "changan", case_id)
    other = piece(house, "lubei", key)
    at(house, CLOSES + timedelta(days=3))  # and forward
    with pytest.raises(TooLate):
        hand_in(house, "lubei", other)
    assert house.proof(case_id) == house.proof(other) == []
    with house.application.database.read() as connection:
        assert [one["received_at"] for one in sealed.entries_of(connection, int(case_id))] == [CLOSES, midnight]


def test_it_is_in_time_by_when_it_had_come_however_long_it_waits_for_its_turn(house: House) -> None:
    key = key_of(house, contest(house))
    case_id = piece(house, "changan", key)
    put = house.application.files.put

    def slow(content: bytes) -> str:
        at(house, CLOSES + timedelta(minutes=1))
        return put(content)

    at(house, CLOSES)
    object.__setattr__(house.application.cases.parts.files, "put", slow)
    hand_in(house, "changan", case_id)
    with house.application.database.read() as connection:
        (entry,) = sealed.entries_of(connection, int(case_id))
    assert entry["received_at"] == CLOSES
    assert log(house, case_id)[-1]["at"] == CLOSES + timedelta(minutes=1)


@pytest.mark.parametrize("when", ["before it is looked at", "while it waits for the case"])
def test_what_happens_in_its_case_after_it_has_come_makes_it_no_later(house: House, when: str) -> None:
    """A deadline that passes at the last moment is an event of the case, and so is a remark of somebody else."""
    key = key_of(house, contest(house))
    case_id = piece(house, "changan", key)
    after = CLOSES + timedelta(minutes=1)
    put = house.application.files.put

    def remark() -> None:
        at(house, after)
        house.application.cases.acting.comment(house.actor("changan"), case_id, "时间到了")

    def slow(content: bytes) -> str:
        remark()
        return put(content)

    at(house, CLOSES)
    if when == "before it is looked at":
        remark()
    else:
        object.__setattr__(house.application.cases.parts.files, "put", slow)
    waited = timedelta(minutes=1) if when == "before it is looked at" else timedelta()
    data = {"price": PRICE, "words": MARK, "score": []}
    acting = house.application.cases.sealed_handing
    task = house.task_of("changan", case_id)
    acting.hand_in(house.actor("changan"), task, data, [], "hand_in", waited=waited)
    with house.application.database.read() as connection:
        (entry,) = sealed.entries_of(connection, int(case_id))
    assert entry["received_at"] == CLOSES
    assert house.proof(case_id) == []


def test_what_is_handed_in_sealed_is_passed_on_to_nobody_beside_whose_it_would_count_twice(house: House) -> None:
    key = key_of(house, contest(house))
    case_id = piece(house, "changan", key)
    task, verbs = house.task_of("changan", case_id), house.application.cases.verbs
    for verb in ("forward", "delegate"):
        with pytest.raises(NotAllowed, match="this step does not allow it"):
            verbs.involve(house.actor("changan"), task, verb, [house.actor("lubei").user_id], "请办理")
    hand_in(house, "changan", case_id)
    assert house.proof(case_id) == []
