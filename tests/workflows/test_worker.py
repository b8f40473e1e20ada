"""A worker signs in and sees what is his own, and nothing else."""

from __future__ import annotations

import io

import docx
import pytest

from engine.errors import NotAllowed, NotFound
from engine.trials.shapes import Scenario
from engine.views import RegisterFilters
from tests.workflows import player
from tests.workflows.world import WORKFLOWS, found

pytestmark = pytest.mark.any_day

ONE, OTHER = "worker: social_worker@130102", "colleague: social_worker@130102"
APPEALS = WORKFLOWS / "evaluation_appeal" / "scenarios"


@pytest.fixture
def told(tmp_path):
    """A city has entered the results of two workers; one of them has appealed."""
    world = found(tmp_path)
    scenario = player.read(APPEALS / "county_result_changed.toml")
    for person in (ONE, "city_reviewer@130100", OTHER, "city_reviewer@130100#2"):
        world.actor(person)
    people, results = scenario["step"][0]["data"]["people"], scenario["step"][1]["data"]["results"]
    people.append({**people[0], "worker_login": "colleague", "worker_name": "社工乙"})
    results.append({**results[0], "worker": "SG00002"})
    told_by: Scenario = {**scenario, "people": [], "step": scenario["step"][:6]}
    player.play(world, "evaluation_appeal", told_by)
    yield world
    world.application.database.close()


def case_of(world, actor):
    (row,) = world.application.cases.inbox.page(actor, "mine").rows
    return row.case_id


def filed_by(told, officer):
    """An appeal that an officer files for the colleague."""
    form = told.application.cases.reading.start_form(officer, "evaluation_appeal", "130102").form
    words = {"record": "PJ2025-0002", "kind": "appeal", "request": "请求重新评价。", "phone": "0311-80000000"}
    values = {**form.values, **words, "grounds": "评价没有听取本人意见。"}
    return told.application.cases.acting.start(officer, "evaluation_appeal", "130102", values)


def signed(told, officer, receipt):
    paper = told.application.cases.acting.attach(officer, receipt.case_id, "申请书.pdf", b"%PDF-1.4")
    return {"signed_paper": paper.digest}


def test_a_worker_sees_his_own_case_and_a_colleague_does_not(told):
    one, other = told.actor(ONE), told.actor(OTHER)
    case_id = case_of(told, one)
    assert told.application.cases.reading.case(one, case_id).head.number == "SS2026-00001"
    assert one.paths == ()
    with pytest.raises(NotFound):
        told.application.cases.reading.case(other, case_id)
    with pytest.raises(NotFound):
        told.application.cases.acting.withdraw(other, case_id, "不是我的")
    assert told.application.cases.inbox.page(other, "todo").rows == ()


def test_a_worker_sees_the_record_that_names_him_and_no_other(told):
    one, other = told.actor(ONE), told.actor(OTHER)
    registers = told.application.registers
    for_workers = {
        "daily_evaluation", "democratic_review", "evaluation", "incident", "key_task", "objection", "pay_sheet", "worker",
    }  # fmt: skip
    assert {head.name for head in registers.all(one)} == for_workers
    empty = for_workers - {"evaluation", "worker"}
    assert {name: registers.search(one, name, RegisterFilters()).total for name in empty} == dict.fromkeys(empty, 0)
    assert [row.number for row in registers.search(one, "worker", RegisterFilters()).rows] == ["SG00001"]
    assert [row.number for row in registers.search(one, "evaluation", RegisterFilters()).rows] == ["PJ2025-0001"]
    assert [row.number for row in registers.search(other, "evaluation", RegisterFilters()).rows] == ["PJ2025-0002"]
    assert registers.record(one, "evaluation", "PJ2025-0001").number == "PJ2025-0001"
    with pytest.raises(NotFound):
        registers.record(other, "evaluation", "PJ2025-0001")
    assert registers.search(one, "post", RegisterFilters()).total == 0


def test_a_record_leads_a_worker_to_the_line_of_his_own_case_that_changed_it(told):
    one = told.actor(ONE)
    newest = told.application.registers.record(one, "evaluation", "PJ2025-0001").versions[0]
    assert (newest.case_id, newest.case_number) == (case_of(told, one), "SS2026-00001")
    line = told.application.cases.reading.case(one, newest.case_id).history[newest.sequence - 1]
    assert (line.sequence, line.element_id, line.actor) == (newest.sequence, "sign_paper", newest.by)


def test_a_record_does_not_lead_its_reader_to_a_case_that_he_may_not_open(told):
    officer = told.actor("county_officer@130102")
    newest, *_, oldest = told.application.registers.record(officer, "evaluation", "PJ2025-0001").versions
    assert (newest.case_id is None, newest.case_number) == (False, "SS2026-00001")
    assert (oldest.case_id, oldest.case_number, oldest.sequence) == (None, "PJDJ2026-0001", 1)


def last_box(told, reader, case_id, sequence):
    _, content = told.application.cases.papers.document(reader, case_id, sequence, "zh")
    return docx.Document(io.BytesIO(content)).tables[-1].rows[-1].cells[-1].text


def test_the_paper_of_a_worker_ends_with_his_own_signature_and_that_of_an_office_with_its_seal(told):
    one, officer = told.actor(ONE), told.actor("county_officer@130102")
    submissions = told.application.cases.reading.case(one, case_of(told, one)).submissions
    for handed in submissions[:2]:
        box = last_box(told, one, case_of(told, one), handed.sequence)
        assert box.startswith("申请人（签名）") and "盖章" not in box, handed.name
    on_behalf = filed_by(told, officer)
    told.application.cases.acting.complete(officer, on_behalf.opened[0].id, signed(told, officer, on_behalf), "submit")
    for handed in told.application.cases.reading.case(officer, on_behalf.case_id).submissions:
        assert "长安区总工会（盖章）" in last_box(told, officer, on_behalf.case_id, handed.sequence), handed.name


def test_a_task_is_not_called_that_of_its_post_s_holder_who_must_stand_aside(told):
    case_id = case_of(told, told.actor(ONE))
    entered, colleague = told.actor("city_reviewer@130100"), told.actor("city_reviewer@130100#2")
    (seen,), (free,) = (told.application.cases.reading.case(one, case_id).tasks for one in (entered, colleague))
    assert (seen.mine, seen.aside) == (False, True)
    assert (free.mine, free.aside) == (True, False)


def test_a_task_that_is_for_one_person_alone_is_not_there_to_be_claimed(told):
    officer = told.actor("county_officer@130102")
    receipt = filed_by(told, officer)
    assert told.application.cases.reading.task(officer, receipt.opened[0].id).may == {"complete", "draft"}


def test_a_worker_is_offered_his_own_results_only(told):
    form = told.application.cases.reading.start_form(told.actor(OTHER), "evaluation_appeal", "130102").form
    assert [one["value"] for one in form.data["evaluations"]] == ["PJ2025-0002"]


def test_who_is_told_of_a_case_that_was_opened_for_him_may_read_it(told):
    officer, other = told.actor("county_officer@130102"), told.actor(OTHER)
    receipt = filed_by(told, officer)
    with pytest.raises(NotFound):
        told.application.cases.reading.case(other, receipt.case_id)
    told.application.cases.acting.complete(officer, receipt.opened[0].id, signed(told, officer, receipt), "submit")
    told.application.worker.run_due()
    assert told.application.cases.reading.case(other, receipt.case_id).head.number == receipt.number
    with pytest.raises(NotAllowed):
        told.application.cases.acting.withdraw(other, receipt.case_id, "不再申诉")


def test_the_written_answer_says_what_was_decided(tmp_path):
    world = found(tmp_path)
    player.play(world, "evaluation_appeal", player.read(APPEALS / "county_result_changed.toml"))
    one = world.actor(ONE)
    case = world.application.cases.reading.case(one, case_of(world, one))
    paper = next(file for file in case.attachments if file.filename.endswith(".docx"))
    _, content = world.application.cases.attachments.attachment(one, case.head.id, paper.id)
    text = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert text[0] == "石家庄市总工会"
    assert "关于社工甲同志2025年度岗位服务质量评价复核申请的答复" in text
    assert any("等次由“基本合格”变更为“合格”" in line for line in text)
    assert "2026年3月5日" in text
    assert not any("{{" in line for line in text)
    world.application.database.close()


def test_who_is_told_of_his_own_result_does_not_read_those_of_his_colleagues(told):
    told.application.worker.run_due()
    one = told.actor(ONE)
    boxes = told.application.messages.page(one).rows
    (about_the_result,) = [message for message in boxes if "评价结果已登记" in message.text[0]]
    assert about_the_result.case_id is None
    with pytest.raises(NotFound):
        told.application.cases.reading.case(one, "1")
    assert [row.number for row in told.application.cases.inbox.page(one, "copied").rows] == ["SS2026-00001"]
