"""What the holder of a task does with it beside deciding, and what those do whom he brings in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import BadInput, NotAllowed, NotFound, TaskNotOpen
from engine.views import Receipt
from storage import cases, deadlines, involvements
from storage.rows import TaskRow
from tests.house import ROOT, House, build_house
from tests.postgres import Server

FOLDER = ROOT / "tests" / "data" / "verbs"
A, B, COUNTY, PROVINCE = "shijiazhuang", "shijiazhuang2", "changan", "province"


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    made = build_house(tmp_path, FOLDER, server=server)
    yield made
    made.application.database.close()


def begun(house: House) -> str:
    """A case whose review waits; the id of the task."""
    receipt = house.start(COUNTY, "signed_together", "130102", {})
    return receipt.opened[0].id


def involve(house: House, who: str, task: str, kind: str, *people: str, reason: str = "请看一下") -> None:
    house.clock.move(minutes=1)
    ids = [house.actor(one).user_id for one in people]
    house.application.cases.verbs.involve(house.actor(who), task, kind, ids, reason)


def answer(house: House, who: str, task: str, answer: str = "", opinion: str = "看过了") -> None:
    house.clock.move(minutes=1)
    case_id, number = map(int, task.split("-"))
    with house.application.database.read() as connection:
        rows = involvements.of_task(connection, case_id, number)
    (row,) = [one for one in rows if one["user_id"] == house.actor(who).user_id and one["status"] == "open"]
    key = f"{task}-{row['seq']}-{row['place']}"
    house.application.cases.answering.answer(house.actor(who), key, answer, opinion)


def complete(house: House, who: str, task: str, outcome: str = "agree") -> Receipt:
    house.clock.move(minutes=1)
    return house.application.cases.acting.complete(house.actor(who), task, {"opinion": "好"}, outcome)


def row(house: House, task: str) -> TaskRow:
    case_id, number = map(int, task.split("-"))
    with house.application.database.read() as connection:
        found = cases.task(connection, case_id, number)
    assert found is not None
    return found


def proved(house: House, task: str) -> None:
    assert house.proof(task.split("-")[0]) == []


def todo(house: House, who: str) -> list[str | None]:
    return [one.task_id for one in house.application.cases.inbox.page(house.actor(who), "todo").rows]


def test_who_gets_a_task_for_good_decides_it_and_nobody_else(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "forward", B, reason="")
    with pytest.raises(NotAllowed):
        complete(house, A, task)
    assert (todo(house, A), todo(house, B)) == ([], [task])
    complete(house, B, task)
    proved(house, task)


def test_a_delegate_answers_and_the_holder_decides(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "delegate", PROVINCE)
    assert row(house, task)["claimed_by"] == house.actor(PROVINCE).user_id
    assert (todo(house, A), todo(house, PROVINCE)) == ([], [task])
    for who in (A, B, PROVINCE):
        with pytest.raises(NotAllowed):
            complete(house, who, task)
    answer(house, PROVINCE, task, "agree")
    assert (todo(house, A), todo(house, B), todo(house, PROVINCE)) == ([task], [], [])
    complete(house, A, task)
    proved(house, task)


def test_before_one_signs_after_another_and_then_the_holder_decides(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "before", B, PROVINCE)
    assert (todo(house, B), todo(house, PROVINCE)) == ([task], [])
    answer(house, B, task, "disagree")
    answer(house, PROVINCE, task, "agree")
    complete(house, A, task)
    proved(house, task)


def test_a_decision_waits_for_those_who_sign_beside_and_after(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "beside", B)
    involve(house, A, task, "after", PROVINCE)
    assert complete(house, A, task).opened == ()
    assert row(house, task)["status"] == "open" and todo(house, A) == []
    answer(house, PROVINCE, task, "agree")
    assert row(house, task)["status"] == "open"
    answer(house, B, task, "agree")
    done = row(house, task)
    assert (done["status"], done["completed_by"]) == ("completed", house.actor(A).user_id)
    proved(house, task)


def test_who_disagrees_gives_the_decision_back(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "after", B, PROVINCE)
    complete(house, A, task)
    answer(house, B, task, "agree")
    answer(house, PROVINCE, task, "disagree", "不妥")
    assert todo(house, A) == [task]
    complete(house, A, task)
    answer(house, B, task, "agree")  # he had agreed to another decision
    assert row(house, task)["status"] == "completed"
    proved(house, task)


def test_a_return_waits_for_nobody(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "after", B)
    complete(house, A, task, "back")
    assert row(house, task)["status"] == "completed" and todo(house, B) == []
    proved(house, task)


def test_the_last_signer_taken_out_lets_the_decision_go_on(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "after", B)
    complete(house, A, task)
    key = f"{task}-{house_row(house, task, 'after')}"
    with pytest.raises(NotAllowed):
        house.application.cases.answering.remove(house.actor(B), key, "")
    house.application.cases.answering.remove(house.actor(A), key, "不需要了")
    assert row(house, task)["status"] == "completed"
    proved(house, task)


def house_row(house: House, task: str, kind: str) -> str:
    case_id, number = map(int, task.split("-"))
    with house.application.database.read() as connection:
        rows = involvements.of_task(connection, case_id, number)
    (found,) = [one for one in rows if one["kind"] == kind]
    return f"{found['seq']}-{found['place']}"


def test_a_question_moves_nothing(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "ask", COUNTY, reason="编制是哪年的？")
    assert (todo(house, A), todo(house, COUNTY)) == ([task], [task])
    with pytest.raises(BadInput):
        answer(house, COUNTY, task, "", "")
    answer(house, COUNTY, task, "", "去年的")
    complete(house, A, task)
    proved(house, task)


def test_a_signer_has_acted_and_stands_aside_later(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "before", B)
    answer(house, B, task, "agree")
    receipt = complete(house, A, task)
    left = next(one.id for one in receipt.opened if one.element_id == "left")
    for who in (A, B):
        with pytest.raises((NotAllowed, NotFound)):
            complete(house, who, left, "done")
    assert row(house, left)["candidate"] == "province_approver@130000"
    proved(house, task)


def test_nobody_is_brought_in_who_may_not_be(house: House) -> None:
    task = begun(house)
    for kind, who in (("forward", PROVINCE), ("forward", A), ("delegate", "auditor"), ("sign", B)):
        with pytest.raises((NotAllowed, BadInput)):
            involve(house, A, task, kind, who)
    with pytest.raises((NotAllowed, NotFound)):
        involve(house, "tangshan", task, "ask", B)
    involve(house, A, task, "beside", B)
    with pytest.raises(NotAllowed, match="not answered"):
        involve(house, A, task, "ask", B)
    proved(house, task)


def test_a_timer_ends_what_was_asked(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "delegate", B)
    house.at(12, 10)
    assert row(house, task)["status"] == "cancelled" and todo(house, B) == []
    with pytest.raises(AssertionError):
        house_row_open(house, task)
    proved(house, task)


def house_row_open(house: House, task: str) -> None:
    case_id, number = map(int, task.split("-"))
    with house.application.database.read() as connection:
        rows = involvements.of_task(connection, case_id, number)
    assert any(one["status"] == "open" for one in rows)


def test_who_is_gone_is_taken_out(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "delegate", B)
    house.application.accounts.lock(None, house.actor(B).user_id)
    assert todo(house, A) == [task]
    complete(house, A, task)
    proved(house, task)


def test_urging_is_limited_by_the_day_and_copies_are_read(house: House) -> None:
    task = begun(house)
    house.application.cases.verbs.urge(house.actor(COUNTY), task, "请快一点")
    with pytest.raises(NotAllowed, match="tomorrow"):
        house.application.cases.verbs.urge(house.actor(COUNTY), task, "")
    house.clock.move(days=1)
    house.application.cases.verbs.urge(house.actor(COUNTY), task, "")
    house.application.cases.verbs.copy(house.actor(A), task, [house.actor("tangshan").user_id], "供参考")
    house.application.worker.run_due()
    assert house.application.cases.reading.case(house.actor("tangshan"), task.split("-")[0])
    proved(house, task)


def test_deadlines_stay(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "forward", B)
    with house.application.database.read() as connection:
        assert [one["status"] for one in deadlines.of_case(connection, int(task.split("-")[0]))] == ["open"]
    complete(house, B, task)
    with pytest.raises((TaskNotOpen, NotFound)):
        involve(house, B, task, "forward", A)


def take_back(house: House, who: str, task: str) -> None:
    house.clock.move(minutes=1)
    house.application.taking_back.take_back(house.actor(who), task.split("-")[0], "点错了")


def test_a_decision_is_taken_back_and_the_case_stands_as_before(house: House) -> None:
    task = begun(house)
    opened = complete(house, A, task).opened
    assert house.application.taking_back.may(house.actor(A), task.split("-")[0])
    for who in (B, COUNTY):
        with pytest.raises(NotAllowed):
            take_back(house, who, task)
    take_back(house, A, task)
    assert [row(house, one.id)["status"] for one in opened] == ["cancelled", "cancelled"]
    assert row(house, task)["status"] == "open"
    proved(house, task)
    again = complete(house, B, task).opened
    assert {one.id for one in again}.isdisjoint(one.id for one in opened)
    proved(house, task)
    take_back(house, B, task)
    take_back_twice(house, task)
    complete(house, A, task, "back")
    proved(house, task)


def take_back_twice(house: House, task: str) -> None:
    with pytest.raises(NotAllowed):
        take_back(house, B, task)


def test_what_somebody_has_opened_is_not_taken_back(house: House) -> None:
    task = begun(house)
    opened = complete(house, A, task).opened
    house.application.looks.write(house.actor(PROVINCE).user_id, "", "seen", "task", opened[0].id)
    with pytest.raises(NotAllowed, match="opened"):
        take_back(house, A, task)
    proved(house, task)


def test_a_forward_and_a_decision_that_waits_are_taken_back(house: House) -> None:
    task = begun(house)
    involve(house, A, task, "forward", B)
    take_back(house, A, task)
    involve(house, A, task, "after", B)
    complete(house, A, task)
    take_back(house, A, task)
    assert todo(house, A) == [task]
    proved(house, task)
    take_back_twice(house, task)
    complete(house, A, task)
    answer(house, B, task, "agree")
    with pytest.raises(NotAllowed):
        take_back(house, A, task)
    proved(house, task)
