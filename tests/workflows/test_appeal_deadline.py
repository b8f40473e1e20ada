"""Ten working days from the signed paper, over all steps: a reminder at three left, a report one level up when they end."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.evidence import replay
from tests.workflows import player
from tests.workflows.world import WORKFLOWS, found

pytestmark = pytest.mark.any_day

APPEALS = WORKFLOWS / "evaluation_appeal" / "scenarios"
HANDLER, LEADER, PROVINCE = "city_reviewer@130100#2", "city_leader@130100", "province_approver@130000"
UNIT = "county_officer@130102"
APPEAL = "SS2026-00001"


def told(world, names):
    """What somebody was told of the appeal, but for what arrived at his inbox."""
    texts = [message.text[0].partition("：") for message in world.application.messages.page(world.actor(names)).rows]
    return [text for text, _, of in texts if of.startswith(APPEAL) and not text.endswith("待您办理")]


def accepted(tmp_path, steps):
    """The county's appeal, played for so many steps: by the eighth it is accepted, on 2 March 2026."""
    world = found(tmp_path)
    for person in ("worker: social_worker@130102", "city_reviewer@130100", HANDLER, LEADER, UNIT, PROVINCE):
        world.actor(person)
    scenario = player.read(APPEALS / "county_result_changed.toml")
    player.play(world, "evaluation_appeal", {**scenario, "step": scenario["step"][:steps]})
    return world


def at(world, text):
    world.clock.time = datetime.fromisoformat(text).replace(tzinfo=LEGAL_ZONE)
    while world.application.worker.run_due():
        pass


def test_the_handler_and_his_leader_are_reminded_and_the_province_hears_of_lateness(tmp_path):
    world = accepted(tmp_path, 8)
    at(world, "2026-03-10T23:59")
    assert told(world, LEADER) == []
    at(world, "2026-03-11T00:01")  # 12, 13 and 16 March are left
    assert told(world, LEADER) == ["“调查并拟定答复”快到期"]
    assert told(world, HANDLER) == ["“调查并拟定答复”快到期"]
    assert told(world, PROVINCE) == []

    at(world, "2026-03-17T00:01")
    assert told(world, PROVINCE) == ["“调查并拟定答复”已逾期"]
    (row,) = world.application.cases.inbox.page(world.actor(HANDLER)).rows
    assert row.deadline is not None and row.deadline.late
    assert row.state == "running"
    world.application.database.close()


def test_a_unit_that_keeps_its_material_back_holds_up_neither_reminder_nor_report(tmp_path):
    world = accepted(tmp_path, 10)  # asked for material on 3 March, within three working days

    at(world, "2026-03-05T00:01")
    assert told(world, UNIT) == ["“提供评价材料”快到期"]
    at(world, "2026-03-07T00:01")
    assert told(world, LEADER) == ["“提供评价材料”已逾期"]

    at(world, "2026-03-11T00:01")
    assert told(world, HANDLER)[0] == told(world, LEADER)[0] == "“调查并拟定答复”快到期"
    assert told(world, PROVINCE) == []
    at(world, "2026-03-17T00:01")
    assert told(world, PROVINCE) == ["“调查并拟定答复”已逾期"]
    world.application.database.close()


def test_an_answer_may_be_given_without_the_material_and_ends_the_wait_for_it(tmp_path):
    world = accepted(tmp_path, 10)
    handler, leader, unit = (world.actor(names) for names in (HANDLER, LEADER, UNIT))
    cases = world.application.cases

    def does(actor, values, outcome):
        mine = next(row for row in cases.inbox.page(actor).rows if row.task_id)
        form = cases.reading.task(actor, mine.task_id).form
        cases.acting.complete(actor, mine.task_id, {**(form.values if form else {}), **values}, outcome)
        return mine.case_id

    form = cases.reading.task(handler, cases.inbox.page(handler).rows[0].task_id).form
    assert form is not None and form.values["awaited"] is True
    draft = {"findings": "评价组织单位没有提供材料，依现有材料查明。", "basis": "依据验收记录，应予维持。"}
    does(handler, {**draft, "conclusion": "uphold"}, "submit")
    does(leader, {}, "sign")
    case_id = does(handler, {"method": "hand", "received_on": "2026-03-03", "receiver": "社工甲"}, "delivered")
    assert cases.reading.case(handler, case_id).head.status == "completed"
    assert APPEAL not in [row.number for row in cases.inbox.page(unit).rows]
    with world.application.database.read() as connection:
        assert replay.differences(connection, world.application.catalog, int(case_id)) == []
    world.application.database.close()
