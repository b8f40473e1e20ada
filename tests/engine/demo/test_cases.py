"""The demo's cases: there from the first start, in every state, and proved like any other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.demo import people as demo_people
from engine.demo.cases import load_cases
from engine.views import CaseFilters, RegisterFilters
from tests.house import House, build_house

pytestmark = pytest.mark.any_day

DAYS = {
    "after the Spring Festival": "2027-02-12 09:00",
    "the last evening of a year": "2028-12-31 23:30",
}
CASES = 39
AT_WORK = {
    "shijiazhuang": {"备案", "签署监督意见", "逐人记录"},  # an open filing, a recruitment half way, a year-end report
    "shijiazhuang.expert1": {"评审打分"},
    "contractor": {"密封投标"},
}
"""Who has what to do, of the stages that are under way."""


def count_of(house: House, login: str, register: str) -> int:
    """How many records of a register somebody sees; as many as the list of registers says and as he may open."""
    registers, actor = house.application.registers, house.actor(login)
    page = registers.search(actor, register, RegisterFilters())
    assert {head.name: head.count for head in registers.all(actor)}[register] == page.total
    assert all(registers.record(actor, register, row.number).number == row.number for row in page.rows)
    return page.total


def load(house: House) -> int:
    """The demo as ``gangwei demo`` makes it: those from outside come before the cases."""
    application = house.application
    demo_people.load_invited(application.database, house.clock, application.invitations)
    return load_cases(house.folder, house.clock.now())


def test_the_demo_has_late_near_returned_refused_and_approved_cases_and_posts_in_the_register(tmp_path: Path) -> None:
    house = build_house(tmp_path)
    assert load(house) == CASES
    first = house.application.cases.inbox.page(house.actor("baoding")).rows[0]
    assert first.deadline is not None and first.deadline.late
    observer, numbers = house.actor("observer"), [str(number) for number in range(1, CASES + 1)]
    reading = house.application.cases.reading
    assert {reading.case(observer, number).head.status for number in numbers} == {"running", "refused", "completed"}
    assert all(house.proof(number) == [] for number in numbers)
    heads = house.application.registers.all(observer)
    assert {head.name: head.count for head in heads if head.count} == {
        "award": 2, "bid": 3, "contract": 2, "contractor": 3, "cost_filing": 2, "evaluation": 6, "post": 12, "tender": 4,
        "worker": 7,
        "year_end_report": 1,
    }  # fmt: skip
    assert [count_of(house, login, "contractor") for login in ("shijiazhuang", "tangshan", "changan")] == [3, 0, 0]
    assert {row.title for row in house.application.cases.visible.page(house.actor("contractor"), CaseFilters(key="bid")).rows} == {
        f"石家庄益工社会工作服务中心投标：{tender}工会社会工作岗位服务" for tender in ("石家庄市本级", "长安区")
    }  # fmt: skip
    written = [
        one for step in house.application.playback.positions(house.actor("auditor"), "1", 1) for one in step.records
    ]
    assert {one.register[0] for one in written} == {"工会社会工作岗位台账"}
    assert not [
        field.label for one in written for field in one.fields if field.label[0].isascii()
    ]  # no names of fields
    (appeal,) = house.application.cases.inbox.page(house.actor("changan.worker1"), "mine").rows
    assert appeal.step[0] == "调查并拟定答复"
    told = house.application.messages.page(house.actor("changan")).rows
    unread = {one.text[0].partition("：")[0] for one in told if one.read_at is None}
    assert unread >= {"“修改申请”被退回，请您重新办理", "岗位申请已核定"}
    assert load(house) == 0  # a second start changes nothing


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_every_stage_from_filing_to_people_at_work_is_there_on_any_day(tmp_path: Path, day: str) -> None:
    house = build_house(tmp_path)
    house.clock.at = datetime.fromisoformat(day).replace(tzinfo=LEGAL_ZONE).astimezone(UTC)
    assert load(house) == CASES
    inbox, now = house.application.cases.inbox, house.clock.now().astimezone(LEGAL_ZONE).date()
    first = inbox.page(house.actor("baoding")).rows[0]
    assert first.deadline is not None and first.deadline.late
    waiting = {login: {row.step[0] for row in inbox.page(house.actor(login)).rows} for login in AT_WORK}
    assert all(waiting[login] >= steps for login, steps in AT_WORK.items()), waiting
    notices = {one.title for one in house.application.public.listed().rows}
    assert (
        "长安区工会社会工作岗位服务" in notices and "石家庄市本级工会社会工作岗位服务" not in notices
    )  # open, and over
    contracts = house.application.registers.search(house.actor("observer"), "contract", RegisterFilters()).rows
    assert (
        sum(now.isoformat() < str(one.values["ends_on"]) < (now + timedelta(days=180)).isoformat() for one in contracts)
        == 1
    )
