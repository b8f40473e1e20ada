"""A definition whose expressions take too long twice waits for an operator; nothing of its cases is lost."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from engine.application import open_application
from engine.errors import BadInput, NotAllowed, NotFound, Resting, Suspended
from engine.feel import Allowance, BudgetExceeded
from engine.publishing.suspending import Suspensions
from storage import account_events, schedule
from storage import cases as case_rows
from tests.engine.cases.slow import KEY, slow_folder
from tests.house import House, build_house

PLACE = "130102"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, slow_folder())
    yield made
    made.application.database.close()


def start(house: House, note: str) -> str:
    return house.start("changan", KEY, PLACE, {"note": note}).case_id


def work_of(house: House, case_id: str) -> str:
    return house.task_of("changan", case_id)


def finish(house: House, case_id: str) -> None:
    house.application.cases.acting.complete(house.actor("changan"), work_of(house, case_id), {}, "done")


def standing(house: House) -> Any:
    return house.application.operator.standing(house.actor("operator"))


def run_jobs(house: House) -> None:
    while house.application.worker.run_due():
        pass


def suspend(house: House) -> str:
    """A case that was opened and has made its definition run into its limit twice."""
    case_id = start(house, "slow")
    for _ in range(2):
        with pytest.raises(BudgetExceeded):
            finish(house, case_id)
    return case_id


def test_the_second_time_suspends_the_definition_and_the_first_does_not(house: House) -> None:
    case_id, other = start(house, "slow"), start(house, "quick")
    with pytest.raises(BudgetExceeded) as refused:
        finish(house, case_id)
    assert "work" in str(refused.value) or "which" in str(refused.value), "it names the element"
    finish(house, other)
    with pytest.raises(BudgetExceeded):
        finish(house, case_id)
    third = house.actor("changan")
    with pytest.raises(Suspended) as told:
        finish(house, case_id)
    assert "慢流程" in told.value.message()
    with pytest.raises(Suspended):
        start(house, "quick")
    with pytest.raises(Suspended):
        house.application.cases.reading.task(third, work_of(house, case_id))
    with pytest.raises(Suspended):
        house.application.cases.reading.start_form(third, KEY, PLACE)
    run_jobs(house)
    (one,) = standing(house).suspended
    assert (one.key, one.waiting) == (KEY, 2) and "1000000000" in one.what[0] and one.name[0] == "慢流程"


def test_everything_else_goes_on_and_the_case_stays_readable(house: House) -> None:
    case_id = suspend(house)
    reader = house.actor("changan")
    view = house.application.cases.reading.case(reader, case_id)
    assert view.history and view.tasks
    shown = [field.value for one in view.submissions for field in one.fields("zh")]
    assert shown == ["slow"], "what needs no expression is shown"
    assert house.application.cases.reading.diagram(reader, case_id)
    assert house.start("changan", "quick", PLACE, {"note": "n"}).case_id
    assert house.proof(case_id) == []


def test_a_time_that_is_due_meanwhile_waits_and_costs_no_try(house: House) -> None:
    case_id = suspend(house)
    house.clock.move(hours=2)
    run_jobs(house)
    with house.application.database.read() as connection:
        assert schedule.counts(connection).get("failed", 0) == 0
        row = case_rows.get(connection, int(case_id))
        assert row is not None
        before = row["revision"]
    (one,) = standing(house).suspended
    house.application.operator.resume(house.actor("operator"), one.digest, "已核实，数据有误")
    run_jobs(house)  # its timer is tried again at once, and runs into the limit once more
    with house.application.database.read() as connection:
        row = case_rows.get(connection, int(case_id))
        assert row is not None and row["revision"] == before
        assert schedule.counts(connection)["waiting"] >= 1
    assert standing(house).suspended == ()


def test_an_operator_lets_it_go_on_with_a_reason_that_is_kept(house: House) -> None:
    suspend(house)
    run_jobs(house)
    (one,) = standing(house).suspended
    desk, operator = house.application.operator, house.actor("operator")
    with pytest.raises(NotAllowed):
        desk.resume(house.actor("changan"), one.digest, "我来")
    with pytest.raises(BadInput):
        desk.resume(operator, one.digest, " ")
    with pytest.raises(NotFound):
        desk.resume(operator, "0" * 64, "理由")
    desk.resume(operator, one.digest, "已请设计员修正")
    finish(house, start(house, "quick"))
    with house.application.database.read() as connection:
        assert list(account_events.broken(connection)) == []
        rows = connection.execute(account_events.account_events.select()).mappings().all()
    assert (rows[-1]["kind"], rows[-1]["facts"]["reason"]) == ("definition_resumed", "已请设计员修正")
    with pytest.raises(NotFound):
        desk.resume(operator, one.digest, "再一次")


def test_another_process_knows_it_too_and_learns_that_it_may_go_on(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr("engine.publishing.suspending.LOOK_SECONDS", -1.0)
    suspend(house)
    run_jobs(house)
    other = open_application(house.folder, house.clock)
    other.catalog.suspensions.look()
    with pytest.raises(Suspended):
        other.cases.acting.start(house.actor("changan"), KEY, PLACE, {"note": "n"})
    (one,) = standing(house).suspended
    house.application.operator.resume(house.actor("operator"), one.digest, "理由")
    assert other.cases.acting.start(house.actor("changan"), KEY, PLACE, {"note": "n"}).case_id
    other.database.close()


def test_two_times_that_lie_far_apart_are_not_twice(house: House) -> None:
    case_id = start(house, "slow")
    with pytest.raises(BudgetExceeded):
        finish(house, case_id)
    run_jobs(house)
    house.clock.move(days=2)
    again = open_application(house.folder, house.clock)  # a program that has just started
    with pytest.raises(BudgetExceeded):
        again.cases.acting.complete(house.actor("changan"), work_of(house, case_id), {}, "done")
    again.catalog.suspensions.keep(house.clock.now())
    assert standing(house).suspended == ()
    again.database.close()


def test_an_operator_may_end_a_case_of_it(house: House) -> None:
    case_id = suspend(house)
    incident = standing(house).incidents[0]
    assert "terminate" in incident.answers
    house.application.operator.answer(house.actor("operator"), incident.id, "terminate", "无法办理")
    with house.application.database.read() as connection:
        row = case_rows.get(connection, int(case_id))
    assert row is not None and row["status"] == "cancelled"


def test_what_takes_long_within_its_limits_gets_a_share_and_others_their_turn(house: House, monkeypatch: Any) -> None:
    now = [1000.0]
    monkeypatch.setattr("engine.publishing.suspending.time.monotonic", lambda: now[0])
    suspensions = house.application.catalog.suspensions
    with house.application.database.read() as connection:
        digest = house.application.catalog.current(connection, KEY).digest
    assert suspensions.took(digest, 1.9, Allowance())
    case_id = start(house, "quick")  # a little more than its share at once is nobody's harm
    assert suspensions.took(digest, 1.1, Allowance())
    with pytest.raises(Resting) as refused:
        finish(house, case_id)
    assert refused.value.seconds == 10 and "10" in refused.value.message()
    assert house.start("changan", "quick", PLACE, {"note": "n"}).case_id, "others go on"
    now[0] += 10.1
    finish(house, case_id)


def test_a_step_that_took_much_is_heard_of_and_usual_ones_are_not(house: House, monkeypatch: Any) -> None:
    heard: list[float] = []
    took = Suspensions.took

    def hear(self: Suspensions, digest: str, seconds: float, one: Allowance) -> bool:
        heard.append(seconds)
        return took(self, digest, seconds, one)

    monkeypatch.setattr(Suspensions, "took", hear)
    finish(house, start(house, "quick"))
    assert heard == []
    monkeypatch.setattr("engine.feel.budget.MUCH", 0.0)
    finish(house, start(house, "quick"))
    assert heard and sum(heard) < 0.2


def test_one_step_that_takes_long_goes_on_at_a_time(house: House) -> None:
    suspensions, first, second = house.application.catalog.suspensions, Allowance(), Allowance()
    assert suspensions.took("one", 0.2, first) and suspensions.took("one", 0.2, first)
    assert not suspensions.took("two", 0.2, second)
    first.over = True
    assert suspensions.took("two", 0.2, second), "the first is over"
    del second
    assert suspensions.took("three", 0.2, Allowance()), "the second has ended in whatever way"


def test_nobody_else_meets_an_error_while_four_attack(house: House) -> None:
    victims = [house.start("changan", "quick", PLACE, {"note": str(n)}).case_id for n in range(6)]
    cases = [start(house, "slow") for _ in range(4)]
    tasks = {case_id: work_of(house, case_id) for case_id in [*victims, *cases]}
    person, acting = house.actor("changan"), house.application.cases.acting
    met: list[BaseException] = []

    def attack(case_id: str) -> None:
        for _ in range(5):
            try:
                acting.complete(person, tasks[case_id], {}, "done")
            except (BudgetExceeded, Suspended):
                continue
            except BaseException as error:
                met.append(error)

    def work(case_id: str) -> None:
        try:
            acting.complete(person, tasks[case_id], {}, "done")
        except BaseException as error:
            met.append(error)

    threads = [Thread(target=attack, args=(one,)) for one in cases] + [
        Thread(target=work, args=(one,)) for one in victims
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert met == []
    run_jobs(house)
    assert len(standing(house).suspended) == 1 and standing(house).suspended[0].waiting == 4
    assert all(house.proof(case_id) == [] for case_id in cases)
