"""What people may do to cases, and what they are told when they may not."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from engine.errors import (
    BadInput,
    CaseNotOpen,
    InvalidForm,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Refusal,
    TaskNotOpen,
)
from storage.events import events
from storage.tables import incidents, tasks
from tests.house import House, build_house, replaced
from tests.postgres import Server

pytestmark = pytest.mark.any_day

APPROVAL = Path(__file__).resolve().parents[2] / "benchmarks" / "workflows"
REQUEST = {"subject": "购置桌椅", "amount": 1200, "kind": "a", "reason": ""}
PLACE = "130102"


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, APPROVAL, server=server)
    yield made
    made.application.database.close()


def begun(house: House) -> str:
    return house.start("changan", "approval", PLACE, REQUEST).case_id


def test_a_case_gets_a_number_a_title_and_a_task_with_a_due_date(house: House) -> None:
    receipt = house.start("changan", "approval", PLACE, REQUEST)
    assert receipt.number == "SP2026-000001"
    head = house.application.cases.reading.case(house.actor("changan"), receipt.case_id).head
    assert (head.title, head.summary, head.status) == ("购置桌椅", "1200元", "running")
    (task,) = receipt.opened
    assert task.waits_for[0] == "石家庄市总工会市级审核员"
    assert task.deadline is not None and task.deadline.days_left == 10


def test_only_one_of_many_who_complete_a_task_at_once_succeeds(house: House) -> None:
    task = house.task_of("province", _to_second_step(house))
    barrier, answers = threading.Barrier(8), []

    def try_it() -> None:
        actor = house.actor("province")
        barrier.wait()
        try:
            answers.append(house.application.cases.acting.complete(actor, task, {}, "agree").status)
        except Refusal as refusal:
            answers.append(refusal.code)

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["TaskNotOpen"] * 7 + ["running"]


def _to_second_step(house: House) -> str:
    case_id = begun(house)
    house.complete("shijiazhuang", case_id, "agree")
    return case_id


def test_a_completed_task_is_not_open_any_more(house: House) -> None:
    case_id = begun(house)
    task = house.task_of("shijiazhuang", case_id)
    house.complete("shijiazhuang", case_id, "agree")
    with pytest.raises(TaskNotOpen, match="was completed by 石家庄市审核员 at 11-23 09:0") as told:
        house.application.cases.acting.complete(house.actor("shijiazhuang"), task, {}, "agree")
    assert "由石家庄市审核员办结" in told.value.message("zh")


def test_a_remark_or_a_file_of_somebody_else_does_not_send_a_reviewer_back(house: House) -> None:
    case_id = begun(house)
    task = house.task_of("shijiazhuang", case_id)
    seen = house.application.cases.reading.task(house.actor("shijiazhuang"), task).revision
    house.application.cases.acting.comment(house.actor("changan"), case_id, "补充说明")
    house.application.cases.acting.attach(house.actor("changan"), case_id, "说明.txt", b"text")
    assert house.application.cases.acting.complete(house.actor("shijiazhuang"), task, {}, "agree", revision=seen).opened


@pytest.mark.parametrize("login", ["tangshan", "zhengding", "designer", "operator", "auditor", "administrator"])
def test_who_has_nothing_to_do_with_a_case_does_not_even_learn_that_it_exists(house: House, login: str) -> None:
    case_id = begun(house)
    task = house.task_of("shijiazhuang", case_id)
    for reading in (
        lambda who: house.application.cases.reading.case(who, case_id),
        lambda who: house.application.cases.reading.task(who, task),
        lambda who: house.application.cases.reading.diagram(who, case_id),
        lambda who: house.application.cases.acting.comment(who, case_id, "看看"),
        lambda who: house.application.cases.acting.complete(who, task, {}, "agree"),
    ):
        with pytest.raises(NotFound):
            reading(house.actor(login))


def test_an_observer_sees_the_case_and_may_not_act(house: House) -> None:
    case_id = begun(house)
    observer = house.actor("observer")
    assert house.application.cases.reading.case(observer, case_id).head.number
    with pytest.raises(NotAllowed):
        house.application.cases.acting.complete(observer, house.task_of("shijiazhuang", case_id), {}, "agree")


def test_a_person_starts_only_for_his_own_organisation(house: House) -> None:
    with pytest.raises(NotAllowed):
        house.start("changan", "approval", "130123", REQUEST)
    with pytest.raises(NotAllowed):
        house.start("shijiazhuang", "approval", PLACE, REQUEST)


def test_a_wrong_field_is_named_and_nothing_is_kept(house: House) -> None:
    with pytest.raises(InvalidForm) as refused:
        house.start("changan", "approval", PLACE, {**REQUEST, "amount": -1, "kind": "z"})
    assert set(refused.value.errors) == {"amount", "kind"}
    assert house.application.cases.inbox.page(house.actor("changan"), "mine").total == 0
    assert house.start("changan", "approval", PLACE, REQUEST).number.endswith("000001")


def test_an_outcome_must_be_one_of_the_diagrams(house: House) -> None:
    with pytest.raises(OutcomeUnknown):
        house.complete("shijiazhuang", begun(house), "maybe")


def test_a_refusal_needs_an_opinion(house: House) -> None:
    case_id = begun(house)
    with pytest.raises(InvalidForm) as refused:
        house.complete("shijiazhuang", case_id, "refuse", opinion="  ")
    assert "opinion" in refused.value.errors
    assert house.complete("shijiazhuang", case_id, "refuse", opinion="超出预算").status == "refused"


def test_a_case_can_be_withdrawn_until_somebody_has_decided(house: House) -> None:
    early, late = begun(house), begun(house)
    assert house.application.cases.acting.withdraw(house.actor("changan"), early, "写错了").status == "withdrawn"
    house.complete("shijiazhuang", late, "agree")
    with pytest.raises(NotAllowed):
        house.application.cases.acting.withdraw(house.actor("changan"), late, "写错了")
    with pytest.raises(CaseNotOpen):
        house.application.cases.acting.withdraw(house.actor("changan"), early, "再撤一次")


def test_a_withdrawn_case_waits_for_nobody(house: House) -> None:
    case_id = begun(house)
    house.application.cases.acting.withdraw(house.actor("changan"), case_id, "写错了")
    assert house.application.cases.inbox.page(house.actor("shijiazhuang"), "todo").total == 0


def test_only_whom_the_diagram_names_may_cancel(house: House) -> None:
    with pytest.raises(NotAllowed):
        house.application.cases.acting.cancel(house.actor("province"), begun(house), "不需要了")


def test_a_reason_is_needed_and_must_be_text(house: House) -> None:
    case_id = begun(house)
    for reason in ("", "  ", "x" * 5000, "a\0b"):
        with pytest.raises(BadInput):
            house.application.cases.acting.withdraw(house.actor("changan"), case_id, reason)


def test_a_claimed_task_is_left_to_who_claimed_it(house: House) -> None:
    case_id = _to_second_step(house)
    task = house.task_of("province", case_id)
    house.application.cases.claims.claim(house.actor("province"), task)
    assert house.application.cases.inbox.page(house.actor("province2"), "todo").total == 0
    with pytest.raises(NotAllowed):
        house.application.cases.acting.complete(house.actor("province2"), task, {}, "agree")
    house.application.cases.claims.release(house.actor("province"), task)
    assert house.complete("province2", case_id, "agree").opened


def test_a_draft_belongs_to_its_writer_and_goes_when_the_task_is_done(house: House) -> None:
    task = house.task_of("province", _to_second_step(house))
    house.application.cases.drafts.save(house.actor("province"), task, {"note": "待核"})
    mine, other = (house.application.cases.reading.task(house.actor(who), task) for who in ("province", "province2"))
    assert mine.form is not None and mine.form.values["note"] == "待核"
    assert other.form is not None and other.form.values["note"] == ""
    house.application.cases.acting.complete(house.actor("province2"), task, {}, "agree")
    with house.application.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM drafts")).scalar() == 0


def test_every_act_leaves_exactly_one_event_and_one_revision(house: House) -> None:
    case_id = begun(house)
    house.application.cases.acting.comment(house.actor("changan"), case_id, "请尽快办理")
    house.complete("shijiazhuang", case_id, "agree")
    with house.application.database.read() as connection:
        names = connection.execute(select(events.c.name).order_by(events.c.seq)).scalars().all()
    assert names == ["case_started", "comment_added", "task_completed"]
    assert (
        house.application.cases.reading.task(house.actor("province"), house.task_of("province", case_id)).revision == 3
    )


def test_what_a_diagram_does_wrong_is_rolled_back_and_kept_as_an_incident(house: House) -> None:
    house.publish(replaced(APPROVAL, ('=first.outcome = "agree"', "=request.amount &gt; &quot;x&quot;")))
    case_id = begun(house)
    with pytest.raises(Refusal) as refused:
        house.complete("shijiazhuang", case_id, "agree")
    assert refused.value.code == "ExpressionFailed"
    with house.application.database.read() as connection:
        assert connection.execute(select(tasks.c.status)).scalars().all() == ["open"]
        assert connection.execute(select(incidents.c.code)).scalars().all() == ["ExpressionFailed"]
    assert house.proof(case_id) == []
