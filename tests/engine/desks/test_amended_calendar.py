"""A further notice amends its year: what it does not speak of stays, until another notice tells the whole year."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine.calendar.office import Office

pytestmark = pytest.mark.any_day

# Invented: no notice of 2027 is known yet. It has the form of those that are.
NOTICE_2027 = """一、元旦：2026年12月31日（周四）至2027年1月2日（周六）放假调休，共3天。2026年12月27日（周日）上班。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。"""
READABLE_2027 = NOTICE_2027.replace("2026年12月27日", "1月3日")


@pytest.fixture
def office(database_url):
    made = Office(database_url)
    yield made
    made.database.close()


def test_a_notice_may_correct_a_year_that_is_known(office):
    assert office.calendar().is_working_day(date(2026, 12, 25))
    line = "日期,安排,节日\n2026-01-01,放假,元旦\n2026-12-25,放假,加放一天\n"
    office.accept(office.desk.propose_notice(office.operator, 2026, "更正", line))
    assert not office.calendar().is_working_day(date(2026, 12, 25))
    assert not office.calendar().is_working_day(date(2026, 10, 1))  # what it does not speak of stays
    assert office.calendar().source(2026).number == "国办发明电〔2025〕7号、更正"


def test_what_amends_stands_beside_the_notice_until_another_one_of_the_whole_year(office):
    whole = office.desk.propose_notice(office.operator, 2027, "一号", READABLE_2027)
    office.accept(whole)
    labour = "2027年5月1日至5日放假调休，共5天。4月25日（星期日）上班。"
    view = office.desk.change(office.operator, office.desk.propose_notice(office.operator, 2027, "二号", labour))
    assert view.proposal.amends and view.change is not None
    assert [(one.after.day.isoformat(), one.before.counted, one.after.counted) for one in view.change.days] == [
        ("2027-04-25", False, True), ("2027-05-03", True, False), ("2027-05-04", True, False), ("2027-05-05", True, False),
    ]  # fmt: skip
    before = office.calendar()
    office.accept(view.proposal.id)
    after = office.calendar()
    assert after.source(2027).number == "一号、二号" and after.is_official(2027)
    spoken = {date(2027, 4, 25), *(date(2027, 5, day) for day in range(1, 6))}
    assert all(after.is_working_day(one.day) is one.counted for one in before.days(2027) if one.day not in spoken)

    extended = office.desk.propose_notice(
        office.operator, 2027, "三号", "延长2027年春节假期至2月14日，2月15日（星期一）起正常上班。"
    )
    office.accept(extended)
    off = [
        day.day for day in office.calendar().days(2027) if day.day.month == 2 and not day.counted and day.day.day < 15
    ]
    assert off[-3:] == [date(2027, 2, 12), date(2027, 2, 13), date(2027, 2, 14)]  # the 14th was to be worked
    assert not office.calendar().is_working_day(date(2027, 5, 4))
    assert [one.replaced for one in office.desk.changes(office.operator)] == [False, False, False]

    office.accept(
        office.desk.propose_notice(office.operator, 2027, "四号", READABLE_2027 + "劳动节：5月1日至5日放假，共5天。")
    )
    assert office.calendar().source(2027).number == "四号"
    assert [one.replaced for one in office.desk.changes(office.operator)] == [False, True, True, True]
    assert office.calendar().is_working_day(date(2027, 2, 12))


def test_what_amends_a_year_without_a_notice_leaves_the_holidays_by_law_and_the_year_provisional(office):
    labour = "2027年5月1日至5日放假调休，共5天。4月25日（星期日）上班。"
    office.accept(office.desk.propose_notice(office.operator, 2027, "一号", labour))
    calendar = office.calendar()
    assert not calendar.is_official(2027)
    assert not calendar.is_working_day(date(2027, 2, 8))  # Spring Festival
    assert not calendar.is_working_day(date(2027, 5, 5)) and calendar.is_working_day(date(2027, 4, 25))
