"""Ten working days from the signed paper, over all steps: a reminder at three left, a report one level up when they end."""

from __future__ import annotations

from datetime import datetime

from engine.calendar import LEGAL_ZONE
from tests.workflows import player
from tests.workflows.world import WORKFLOWS, found

APPEALS = WORKFLOWS / "evaluation_appeal" / "scenarios"
HANDLER, LEADER, PROVINCE = "city_reviewer@130100#2", "city_leader@130100", "province_approver@130000"


def told(world, names):
    return [message.text[0].partition("：")[0] for message in world.service.cases.messages(world.actor(names)).rows]


def at(world, text):
    world.clock.time = datetime.fromisoformat(text).replace(tzinfo=LEGAL_ZONE)
    while world.service.worker.run_due():
        pass


def test_the_handler_and_his_leader_are_reminded_and_the_province_hears_of_lateness(tmp_path):
    world = found(tmp_path)
    for person in ("city_reviewer@130100", "worker: social_worker@130102", HANDLER, LEADER, PROVINCE):
        world.actor(person)
    scenario = player.read(APPEALS / "county_result_changed.toml")
    player.play(world, "evaluation_appeal", {**scenario, "step": scenario["step"][:6]})  # accepted on 2 March 2026

    at(world, "2026-03-10T23:59")
    assert told(world, LEADER) == []
    at(world, "2026-03-11T00:01")  # 12, 13 and 16 March are left
    assert told(world, LEADER) == ["“调查并拟定答复”快到期"]
    assert told(world, HANDLER) == ["“调查并拟定答复”快到期"]
    assert told(world, PROVINCE) == []

    at(world, "2026-03-17T00:01")
    assert told(world, PROVINCE) == ["“调查并拟定答复”已逾期"]
    (row,) = world.service.cases.inbox(world.actor(HANDLER)).rows
    assert row.deadline is not None and row.deadline.late
    assert row.state == "running"
    world.service.database.close()
