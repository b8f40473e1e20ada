"""When people are told outside: by the working calendar, its holidays and make-up workdays; and what a list says."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.calendar.in_force import Calendars
from engine.channels.settings import Channels
from engine.messages.kinds import ARRIVED, RETURNED, URGED
from engine.notifying.hours import DAILY, NO_DIGEST, WEEKLY, Hours
from tests.applications import filled_application
from tests.engine.notifying.correspondent import Correspondent
from tests.house import build_house
from tests.outside import Post


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LEGAL_ZONE)


OPENINGS = {
    "2026-11-23 08:00": None,  # a Monday, the first moment
    "2026-11-23 19:59:59": None,
    "2026-11-23 07:59": "2026-11-23 08:00",
    "2026-11-23 20:00": "2026-11-24 08:00",
    "2026-11-27 23:00": "2026-11-30 08:00",  # over the weekend
    "2026-09-30 20:30": "2026-10-08 08:00",  # over the National Day holidays, a whole week
    "2026-10-03 10:00": "2026-10-08 08:00",
    "2026-10-10 10:00": None,  # a Saturday that is worked
    "2026-10-09 21:00": "2026-10-10 08:00",
    "2026-10-11 10:00": "2026-10-12 08:00",
}
LISTS = {
    (DAILY, "2026-11-23 09:00"): "2026-11-24 08:00",
    (DAILY, "2026-11-23 07:00"): "2026-11-23 08:00",
    (DAILY, "2026-09-30 08:00"): "2026-10-08 08:00",
    (DAILY, "2026-10-09 08:00"): "2026-10-10 08:00",
    (WEEKLY, "2026-11-25 08:00"): "2026-11-30 08:00",
    (WEEKLY, "2026-09-23 08:00"): "2026-09-28 08:00",
    (WEEKLY, "2026-09-28 08:00"): "2026-10-08 08:00",  # the Monday of that week is no working day
    (NO_DIGEST, "2026-11-23 09:00"): None,
}


@pytest.fixture(scope="module")
def hours(tmp_path_factory: pytest.TempPathFactory):
    house = build_house(tmp_path_factory.mktemp("hours"))
    user = house.actor("shijiazhuang").user_id
    with house.application.database.read() as connection:
        yield Hours(Calendars(), Channels(opens=time(8), closes=time(20))), connection, user
    house.application.database.close()


@pytest.mark.parametrize(("at", "opens"), OPENINGS.items(), ids=OPENINGS)
def test_nobody_is_told_at_night_on_weekends_and_on_holidays(hours, at: str, opens: str | None) -> None:
    know, connection, user = hours
    assert know.opening(connection, user, moment(at)) == (moment(opens) if opens else None)


@pytest.mark.parametrize(("asked", "following"), LISTS.items(), ids=[" ".join(asked) for asked in LISTS])
def test_a_list_comes_when_the_next_working_day_or_week_opens(hours, asked, following: str | None) -> None:
    know, connection, user = hours
    assert know.digest_after(connection, user, asked[0], moment(asked[1])) == (moment(following) if following else None)


def test_what_was_held_over_a_holiday_week_goes_out_together_when_it_ends_but_what_is_urgent_at_once(
    office: Correspondent,
) -> None:
    office.verified()
    for day in (1, 3, 5):
        office.house.clock.at = moment(f"2026-10-0{day} 10:00")
        office.tell(RETURNED, step=f"第{day}步")
        assert office.look() == {}
    office.tell(URGED, by="张三", step="初审")
    assert office.look() == {"sent": 1, "not_sent": 0} and "催办" in office.text()
    office.house.clock.at = moment("2026-10-08 07:59")
    assert office.look() == {}
    office.house.clock.at = moment("2026-10-08 08:00")
    office.look()
    assert "3条新消息" in office.post.mails[1]["subject"] and office.text(1).count("退回") == 3
    assert len(office.post.mails) == 2 and office.look() == {}


def test_a_list_says_what_is_late_due_soon_and_new_and_there_is_none_when_there_is_nothing_to_say(
    tmp_path: Path, post: Post
) -> None:
    office = Correspondent(tmp_path, post)
    office.verified()
    house = office.house
    house.at(11, 24)
    assert office.look() == {}  # its hour has come, and nothing to say
    case_id = house.start("changan", "post_approval", "130102", filled_application()).case_id
    number = office.application.cases.reading.case(office.person, case_id).head.number
    assert office.look() == {}
    house.at(11, 25)
    office.look()
    assert "逾期0件，快到期0件，新消息1条" in post.mails[0]["subject"] and number in office.text(0)
    house.at(12, 31)
    office.look()
    assert "逾期1件" in post.mails[-1]["subject"] and "已逾期\r\n岗位开发设置审批 " + number in office.text(-1)
    assert "长安区" not in office.text(-1)
    before = len(post.mails)
    office.tell(ARRIVED, step="复核")
    number_of = office.application.addresses.page(office.person).addresses[0].id
    office.application.addresses.choose(office.person, number_of, NO_DIGEST, {})
    house.at(1, 5, year=2027)
    office.look()
    assert all("汇总" not in mail["subject"] for mail in post.mails[before:])
    office.close()
