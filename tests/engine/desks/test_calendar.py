"""Changes of the calendar: one person proposes, another decides; what is in force holds for whom it is meant."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.calendar.days import LEGAL_ZONE, Calendar
from engine.calendar.notice_text import NoticeUnreadable
from engine.desks import calendar as calendar_desk
from engine.desks.calendar import ACCEPT, REFUSE, WITHDRAW
from engine.directory import organisations
from engine.errors import BadInput, Conflict, NotAllowed, NotFound
from engine.words import worded
from tests.engine.calendar.office import Office

pytestmark = pytest.mark.any_day

# Invented: no notice of 2027 is known yet. It has the form of those that are.
NOTICE_2027 = """一、元旦：2026年12月31日（周四）至2027年1月2日（周六）放假调休，共3天。2026年12月27日（周日）上班。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。"""
READABLE_2027 = NOTICE_2027.replace("2026年12月27日", "1月3日")
SNOW = (date(2026, 12, 1), date(2026, 12, 2), "暴雪停办")


@pytest.fixture
def office(database_url):
    made = Office(database_url)
    yield made
    made.database.close()


def end(calendar, received, days):
    due = calendar.add_working_days(calendar.start_of(received), days)
    return due.at.astimezone(LEGAL_ZONE).date(), due.provisional


def test_without_any_change_everybody_has_the_official_calendar(office):
    assert office.calendar("130102") is office.calendar() is Calendar.official()


def test_a_notice_holds_for_everybody_once_another_person_has_put_it_in_force(office):
    received = date(2027, 2, 4)
    assert end(office.calendar(), received, 1) == (date(2027, 2, 11), True)
    before = office.calendar().version
    made = office.desk.propose_notice(office.operator, 2027, "国办发明电〔2026〕9号", READABLE_2027)
    assert office.calendar().version == before
    change = office.accept(made)
    assert end(office.calendar("130102"), received, 1) == (date(2027, 2, 12), False)
    assert office.calendar().version != before
    assert (change.path, change.years) == ("/", (2026, 2027))
    assert [(one.after.day, one.after.counted) for one in change.days if one.after.day.year == 2026] == [
        (date(2026, 12, 31), False)
    ]
    assert office.calendar().source(2027).number == "国办发明电〔2026〕9号"
    assert office.events() == ["calendar_proposed", "calendar_put_in_force"]


def test_nobody_decides_on_his_own_proposal_and_only_he_withdraws_it(office):
    made = office.desk.propose_notice(office.operator, 2027, "文号", READABLE_2027)
    for answer in (ACCEPT, REFUSE):
        with pytest.raises(NotAllowed):
            office.desk.decide(office.operator, made, answer, "理由")
    with pytest.raises(NotAllowed):
        office.desk.decide(office.approver, made, WITHDRAW, "理由")
    assert office.desk.change(office.operator, made).answers == (WITHDRAW,)
    assert office.desk.change(office.approver, made).answers == (ACCEPT, REFUSE)
    office.desk.decide(office.operator, made, WITHDRAW, "写错了")
    assert office.desk.change(office.approver, made).answers == ()
    with pytest.raises(Conflict):
        office.accept(made)
    assert not office.calendar().is_official(2027)


def test_only_the_duty_opens_proposals(office):
    made = office.desk.propose_notice(office.operator, 2027, "文号", READABLE_2027)
    acts = (
        lambda: office.desk.propose_notice(office.officer, 2027, "文号", "看不懂"),
        lambda: office.desk.propose_closure(office.officer, "130102", *SNOW),
        lambda: office.desk.propose_reopening(office.officer, made, "理由"),
        lambda: office.desk.decide(office.officer, made, ACCEPT),
        lambda: office.desk.change(office.officer, made),
        lambda: office.desk.changes(office.officer),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert office.events() == ["calendar_proposed"]


def test_a_refusal_needs_a_reason_and_changes_nothing(office):
    made = office.desk.propose_notice(office.operator, 2027, "文号", READABLE_2027)
    with pytest.raises(BadInput):
        office.desk.decide(office.approver, made, REFUSE, "  ")
    assert office.desk.decide(office.approver, made, REFUSE, "与公报不符") is None
    assert not office.calendar().is_official(2027)
    told = office.desk.changes(office.operator)[0]
    assert (told.decision, told.reason, told.proposed_by, told.decided_by) == (
        REFUSE, "与公报不符", "operator", "province_approver",
    )  # fmt: skip
    assert office.events()[-1] == "calendar_refused"


def test_a_later_notice_takes_the_place_of_the_one_before_and_both_stay(office):
    first = office.desk.propose_notice(office.operator, 2027, "一号", READABLE_2027)
    office.accept(first)
    second = office.desk.propose_notice(
        office.operator,
        2027,
        "二号",
        READABLE_2027.replace("至11日（周四）", "至12日（周五）").replace("共7天", "共8天"),
    )
    office.accept(second)
    assert office.calendar().source(2027).number == "二号"
    assert [(one.id, one.replaced) for one in office.desk.changes(office.operator)] == [(second, False), (first, True)]


def test_a_closure_holds_for_its_organisation_and_everybody_under_it(office):
    made = office.desk.propose_closure(office.operator, "130100", *SNOW)
    change = office.accept(made)
    assert change.path.endswith("/130100/")
    assert [one.after.day.day for one in change.days] == [1, 2]
    for code, closed in (("130100", True), ("130102", True), ("130203", False), ("130000", False), ("", False)):
        assert office.calendar(code).is_working_day(date(2026, 12, 1)) is not closed, code
    ledger = office.calendar("130102").add_working_days(datetime(2026, 11, 30, 2, tzinfo=UTC), 1).ledger
    assert [worded(entry.why, "zh") for entry in ledger] == [
        "收到当日不计入",
        "停办：暴雪停办",
        "停办：暴雪停办",
        "工作日",
    ]
    assert office.calendar("130102") is office.calendar("130102")


def test_a_closure_is_replaced_or_lifted_by_another_proposal_only(office):
    first = office.desk.propose_closure(office.operator, "130100", *SNOW)
    office.accept(first)
    longer = office.desk.propose_closure(
        office.operator, "130100", date(2026, 12, 1), date(2026, 12, 4), "暴雪延长", replaces=first
    )
    office.accept(longer)
    assert not office.calendar("130100").is_working_day(date(2026, 12, 4))
    with pytest.raises(Conflict):
        office.desk.propose_reopening(office.operator, first, "已被取代")
    lifted = office.accept(office.desk.propose_reopening(office.operator, longer, "雪停了"))
    assert [one.after.counted for one in lifted.days] == [True] * 4
    assert office.calendar("130100").version == Calendar().version


def test_of_many_who_decide_at_once_one_does_and_the_others_are_told(office):
    made = office.desk.propose_closure(office.operator, "130100", *SNOW)
    start, answers = threading.Barrier(8), []

    def decide(number):
        start.wait()
        try:
            office.desk.decide(office.approver, made, ACCEPT if number % 2 else REFUSE, "理由")
            answers.append("decided")
        except Conflict:
            answers.append("told")

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["decided"] + ["told"] * 7
    assert len(office.events()) == 2


def test_two_replacements_of_one_closure_cannot_both_come_in_force(office):
    first = office.desk.propose_closure(office.operator, "130100", *SNOW)
    office.accept(first)
    one, other = (office.desk.propose_reopening(office.operator, first, f"恢复{n}") for n in (1, 2))
    office.accept(one)
    with pytest.raises(Conflict):
        office.accept(other)


def test_who_follows_is_asked_before_and_told_in_the_same_transaction(office):
    told = []

    class Follower:
        def foresee(self, connection, change, calendar_of):
            place = organisations.get(connection, "130102")
            told.append(("asked", calendar_of(place).is_working_day(date(2026, 12, 1))))
            return [("一项期限将改变", "one deadline moves")]

        def follow(self, connection, change):
            place = organisations.get(connection, "130102")
            told.append(("told", office.calendars.of(connection, place).is_working_day(date(2026, 12, 1))))
            if len(told) == 2:
                raise RuntimeError("the follower fails")

    office.calendars.add_follower(Follower())
    made = office.desk.propose_closure(office.operator, "130100", *SNOW)
    view = office.desk.change(office.approver, made)
    assert view.foreseen == (("一项期限将改变", "one deadline moves"),)
    assert office.desk.change(office.operator, made).foreseen == ()  # sees no business: only how many
    assert office.desk.change(office.operator, made).expected == 1
    told[:] = told[:1]
    with pytest.raises(RuntimeError):
        office.accept(made)
    assert office.calendar("130102").is_working_day(date(2026, 12, 1))  # nothing of it was kept
    office.accept(made)
    assert told == [("asked", False), ("told", False), ("told", False)]
    assert not office.calendar("130102").is_working_day(date(2026, 12, 1))


def test_who_follows_is_told_when_the_program_itself_is_newer(office):
    told: list[tuple[int, str]] = []

    class Follower:
        def foresee(self, connection, change, calendar_of):
            return [("一项期限将改变", "one deadline moves")] * (not told)

        def follow(self, connection, change):
            told.append((change.proposal_id, change.path))

    office.calendars.add_follower(Follower())
    assert office.desk.outdated() == 1 and told == [] and not office.desk.is_followed()
    assert office.desk.recount() == (("一项期限将改变", "one deadline moves"),)
    assert told == [(0, "/")]
    assert office.desk.outdated() == 0 and office.desk.is_followed()


def test_a_notice_that_cannot_be_read_is_refused_with_every_problem(office):
    with pytest.raises(NoticeUnreadable) as refused:
        office.desk.propose_notice(office.operator, 2027, "文号", NOTICE_2027)
    assert [problem.place for problem in refused.value.problems] == ["2026-12-27"]
    assert office.events() == []


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (date(2026, 12, 2), date(2026, 12, 1), "倒置"),
        (date(2026, 12, 1), date(2027, 2, 28), "太长"),
        (date(2003, 12, 1), date(2003, 12, 2), "太早"),
        (date(2026, 12, 1), date(2026, 12, 2), "  "),
    ],
)
def test_a_closure_that_makes_no_sense_is_refused(office, first, last, reason):
    with pytest.raises(BadInput):
        office.desk.propose_closure(office.operator, "130100", first, last, reason)


def test_a_closure_of_an_unknown_organisation_and_an_unknown_proposal_are_not_found(office):
    with pytest.raises(NotFound):
        office.desk.propose_closure(office.operator, "999999", *SNOW)
    with pytest.raises(NotFound):
        office.accept(77)


def test_everybody_sees_the_calendar_of_his_own_organisation_and_of_those_under_it(office):
    office.accept(office.desk.propose_closure(office.operator, "130102", *SNOW))
    view = office.desk.view(office.officer)
    assert view.organisation.code == "130102" and view.calendar.closed(date(2026, 12, 1))
    with pytest.raises(NotFound):
        office.desk.view(office.officer, "130203")
    assert office.desk.view(office.approver, "130102").calendar.closed(date(2026, 12, 1))
    assert not office.desk.view(office.approver).calendar.closed(date(2026, 12, 1))
    due = office.desk.count(office.officer, date(2026, 11, 30), 1, natural=False)
    assert due.ledger[-1].day == date(2026, 12, 3)


def test_proposals_and_decisions_are_evidence(office):
    office.accept(office.desk.propose_closure(office.operator, "130100", *SNOW))
    for table in ("calendar_proposals", "calendar_decisions"):
        replaced = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}" if office.database.is_sqlite else ""
        for change in filter(None, (f"DELETE FROM {table}", replaced)):
            with pytest.raises(DBAPIError, match="evidence"), office.database.write() as connection:
                connection.execute(text(change))
    with pytest.raises(DBAPIError, match="evidence"), office.database.write() as connection:
        connection.execute(text("UPDATE calendar_decisions SET decision = 'refused'"))


def test_two_installations_with_the_same_changes_have_the_same_version(office, tmp_path):
    other = Office(f"sqlite:///{tmp_path / 'other.db'}")
    for each in (office, other):
        each.accept(each.desk.propose_notice(each.operator, 2027, "文号", READABLE_2027))
    assert office.calendar().version == other.calendar().version != Calendar().version
    assert calendar_desk.ACCEPT == "in_force"
    other.database.close()
