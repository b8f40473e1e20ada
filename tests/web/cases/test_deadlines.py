"""Deadlines on the pages: how they stand, their ledgers, what people do to them, and the list of all that run."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest

from engine.calendar.days import Calendar
from engine.calendar.in_force import Change
from tests.house import ROOT, build_house
from tests.web.office import Office
from web.app import create_app

FOLDER = ROOT / "tests" / "data" / "deadlines"
HOLDER, ASKER, ABOVE = "shijiazhuang", "changan", "province"


class AnswerOffice(Office):
    """A house with cases that must be answered in ten working days, and the pages of it."""

    def asked(self) -> str:
        """A case begun now; on Monday, 23 November 2026 its answer falls due on 7 December."""
        return self.house.start(ASKER, "answer_in_time", "130102", {}).case_id

    def tab(self, case_id: str, login: str = HOLDER, english: bool = False) -> str:
        answer = self.desk(login, english).get(f"/cases/{case_id}?tab=deadlines")
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, case_id: str, act: str, login: str = HOLDER, seen: str | None = None, **typed: str):
        """Hand in a form of the tab as the page gave it."""
        page = self.tab(case_id, login)
        if seen is None:
            found = re.search(r'name="seen" value="([^"]+)"', page)
            seen = found[1] if found else ""
        address = f"/cases/{case_id}/deadlines/{self.task(case_id)}/{act}"
        return self.desk(login).post(address, data={"seen": seen, **typed})

    def task(self, case_id: str) -> str:
        return self.house.task_of(HOLDER, case_id)


@pytest.fixture
def office(tmp_path):
    made = AnswerOffice(build_house(tmp_path, FOLDER))
    yield made
    made.house.application.database.close()


def days(page):
    """Of each day in the strip: its date and its mark."""
    found = re.findall(r'<time datetime="([\d-]+)">[\d-]+</time>\s*<span class="strip-mark">([^<]+)</span>', page)
    return dict(found)


@pytest.mark.parametrize("login", [HOLDER, ASKER, ABOVE, "observer"])
def test_the_ledger_of_a_deadline_is_open_to_everybody_who_sees_the_case(office, login):
    page = office.tab(office.asked(), login)
    marks = days(page)
    assert len(marks) == 15 and marks["2026-11-23"] == "收到" and marks["2026-11-28"] == "休"
    assert marks["2026-11-24"] == "第1天" and marks["2026-12-07"] == "第10天"
    assert "第 10 个工作日" in page and "收到当日不计入" in page and "计入 10 天，不计入 5 天" in page
    assert Calendar.official().version not in page  # a name for auditors, not for who must act


def test_a_stranger_finds_no_ledger_and_no_act(office):
    case_id = office.asked()
    client = office.desk("tangshan")
    assert client.get(f"/cases/{case_id}?tab=deadlines").status_code == 404
    for act in ("suspend", "resume", "extend"):
        assert client.post(f"/cases/{case_id}/deadlines/{office.task(case_id)}/{act}").status_code == 404
    assert "XD2026" not in client.get("/deadlines").text


@pytest.mark.parametrize(("month", "day", "words", "icon"), [
    (11, 24, "办理中", "clock-play"), (12, 2, "即将到期", "clock-exclamation"), (12, 8, "已逾期", "alert-triangle"),
])  # fmt: skip
def test_how_a_running_deadline_stands_is_told_by_word_shape_and_colour(office, month, day, words, icon):
    case_id = office.asked()
    office.house.at(month, day)
    chip = re.search(r'<summary>.*?<span class="chip chip-(\w+)">(.*?)</span>', office.tab(case_id), re.S)
    assert chip and words in chip[2] and f"#{icon}" in chip[2]


def test_an_answer_in_time_and_a_late_one_are_told_apart_with_who_gave_it(office):
    early, late = office.asked(), office.asked()
    office.house.complete(HOLDER, early, "answered")
    office.house.at(12, 9)
    office.house.complete(HOLDER, late, "answered")
    assert "按时办结" in office.tab(early) and "逾期办结" in office.tab(late)
    office.house.at(12, 18)
    assert "石家庄市审核员 <time" in office.tab(late) and "逾期 2 个工作日办结" in office.tab(late)
    assert "Done 2 working days late" in office.tab(late, english=True)
    assert 'class="deadline-left' not in office.tab(early)


def test_a_suspension_is_recorded_with_limit_reason_and_article_and_shown_day_by_day(office):
    case_id = office.asked()
    office.house.at(11, 26)
    answer = office.send(case_id, "suspend", until="2026-12-02", reason="申请人补充材料", article="28")
    assert answer.status_code == 303 and answer.location.endswith(f"#deadline-{office.task(case_id)}")
    page = office.tab(case_id, ASKER)
    assert "已中止" in page and days(page)["2026-11-26"] == days(page)["2026-12-02"] == "中止"
    assert "剩 8 个工作日（中止期间不计）" in page
    assert office.desk(HOLDER).get(f"/tasks/{office.task(case_id)}").text.count("剩 8 个工作日（已中止）") == 2
    for words in ("中止了“书面答复”的期限", "申请人补充材料", "第 28 条", "2026-12-14"):
        assert words in page
        assert words in office.desk(ABOVE).get(f"/cases/{case_id}?tab=history&only=deadline").text


def test_a_suspended_deadline_offers_to_resume_and_no_second_suspension(office):
    case_id = office.asked()
    office.house.at(11, 26)
    office.send(case_id, "suspend", until="2026-12-02", reason="补充材料")
    page = office.tab(case_id)
    assert "/resume" in page and "/suspend" not in page
    office.house.at(11, 27)
    assert office.send(case_id, "resume", reason="材料已齐").status_code == 303
    page = office.tab(case_id)
    assert "（提前恢复）" in page and "材料已齐" in page and '应办结日</span><strong class="number">2026-12-09' in page


def test_an_extension_says_how_many_days_in_all_and_where_it_ends(office):
    case_id = office.asked()
    answer = office.send(case_id, "extend", login=ABOVE, days="3", reason="情况复杂", article="第二十八条")
    assert answer.status_code == 303
    page = office.tab(case_id)
    assert "10 个工作日，延长 3 个工作日" in page and "累计延长" in page and "最多还可延长 2 个工作日" in page
    assert '应办结日</span><strong class="number">2026-12-10' in page


@pytest.mark.parametrize(("act", "typed", "field", "words"), [
    ("suspend", {"until": "", "reason": "理由"}, "until", "请填写日期"),
    ("suspend", {"until": "2027-02-30", "reason": "理由"}, "until", "请填写日期"),
    ("suspend", {"until": "2026-11-01", "reason": "理由"}, "until", "应在今天或以后"),
    ("suspend", {"until": "2026-12-31", "reason": "理由"}, "until", "最多中止8个工作日"),
    ("suspend", {"until": "2026-11-26", "reason": " "}, "reason", "请填写"),
    ("extend", {"days": "6", "reason": "理由"}, "days", "还可延长5个工作日"),
    ("extend", {"days": "-1", "reason": "理由"}, "days", "还可延长5个工作日"),
    ("extend", {"days": "三", "reason": "理由"}, "days", "还可延长5个工作日"),
    ("extend", {"days": "1", "reason": "理由", "article": "长" * 30_000}, "article", "应为不超过"),
])  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_nothing_that_was_typed_is_lost(office, act, typed, field, words):
    case_id = office.asked()
    answer = office.send(case_id, act, **typed)
    assert answer.status_code == 422
    told = re.search(rf'id="{act}-{office.task(case_id)}-{field}-error" role="alert">([^<]+)<', answer.text)
    assert told and words in told[1]
    assert '<details class="deadline-act" open>' in answer.text and 'aria-invalid="true"' in answer.text
    assert typed["reason"] in answer.text
    assert "已中止" not in office.tab(case_id) and "，延长" not in office.tab(case_id)


def test_of_two_who_act_on_what_they_saw_the_second_is_told_and_keeps_his_words(office):
    case_id = office.asked()
    before = re.search(r'name="seen" value="([^"]+)"', office.tab(case_id))
    assert before and office.send(case_id, "extend", login=ABOVE, days="2", reason="情况复杂").status_code == 303
    late = office.send(case_id, "extend", seen=before[1], days="2", reason="我也要延长")
    assert late.status_code == 409
    assert "刚才已有人改动了这个期限" in late.text and "我也要延长" in late.text
    assert "，延长 2 个工作日" in office.tab(case_id)
    assert office.send(case_id, "extend", days="2", reason="看过之后再延长").status_code == 303


def test_an_act_that_another_has_made_pointless_is_told_though_its_form_is_gone(office):
    case_id = office.asked()
    before = re.search(r'name="seen" value="([^"]+)"', office.tab(case_id))
    assert before
    office.send(case_id, "suspend", until="2026-11-26", reason="先中止的")
    late = office.send(case_id, "suspend", seen=before[1], until="2026-11-26", reason="后中止的")
    assert late.status_code == 409 and "刚才已有人改动了这个期限" in late.text and "/suspend" not in late.text


@pytest.mark.parametrize("login", [ASKER, "observer"])
def test_who_may_not_act_is_offered_nothing_and_refused(office, login):
    case_id = office.asked()
    assert 'deadline-act"' not in office.tab(case_id, login)
    for act, typed in (("suspend", {"until": "2026-11-26"}), ("extend", {"days": "1"})):
        assert office.send(case_id, act, login=login, reason="试试", **typed).status_code == 403


def test_a_finished_task_takes_no_act_and_another_case_has_no_such_deadline(office):
    case_id, other = office.asked(), office.asked()
    task = office.task(case_id)
    office.house.complete(HOLDER, case_id, "answered")
    client = office.desk(HOLDER)
    typed = {"days": "1", "reason": "太晚"}
    assert client.post(f"/cases/{case_id}/deadlines/{task}/extend", data=typed).status_code == 409
    assert client.post(f"/cases/{other}/deadlines/{task}/extend", data=typed).status_code == 404


def test_an_act_needs_the_token_of_the_page(office):
    case_id = office.asked()
    page = office.tab(case_id)
    assert page.count('name="csrf_token"') > page.count('class="deadline-act"') > 0
    settings = {
        "APPLICATION": office.house.application,
        "ACTOR": lambda: office.house.actor(HOLDER),
        "SECRET_KEY": "k" * 32,
    }
    guarded = create_app(settings).test_client()
    answer = guarded.post(f"/cases/{case_id}/deadlines/{office.task(case_id)}/extend", data={"days": "1"})
    assert answer.status_code == 400 and "安全凭证" in answer.text


def test_a_program_is_told_by_problem_details(office):
    case_id = office.asked()
    address = f"/cases/{case_id}/deadlines/{office.task(case_id)}/extend"
    answer = office.desk(HOLDER).post(address, data={"days": "1"}, headers={"Accept": "application/json"})
    assert answer.status_code == 409 and answer.get_json(force=True)["code"] == "Conflict"


def test_a_day_of_an_unannounced_year_makes_the_deadline_provisional(office):
    office.house.at(12, 21)
    page = office.tab(office.asked())
    assert "暂定" in page and "公布并生效后自动重新计算" in page
    assert "暂定" in office.desk(HOLDER).get("/deadlines").text


def test_a_newer_calendar_is_told_with_the_day_before_and_after(office):
    case_id = office.asked()
    cases = office.house.application.cases
    closed = Calendar(closures={date(2026, 12, 1): ("临时放假", "Closed")})
    cases.calendars.by_path = lambda _: lambda _: closed
    with office.house.application.database.write() as connection:
        cases.following.follow(connection, Change(1, "/130000/130100/", (2026,), ()))
    page = office.tab(case_id)
    assert "因工作日历变更，重新计算了“书面答复”的期限" in page
    assert re.search(r"原应办结日：</span>2026-12-07.*应办结日：</span>2026-12-08", page)
    assert days(page)["2026-12-01"] == "假" and "临时放假" in page


def test_the_task_and_the_course_of_the_case_lead_to_the_ledger(office):
    case_id = office.asked()
    task = office.task(case_id)
    ledger = f'href="/cases/{case_id}?tab=deadlines#deadline-{task}"'
    assert office.desk(HOLDER).get(f"/tasks/{task}").text.count(ledger) == 2
    office.house.at(12, 8)
    told = office.desk(ASKER).get(f"/cases/{case_id}").text
    assert "“书面答复”已经逾期" in told and told.count(ledger) == 3  # reminded, late, and the open task


def test_a_case_without_deadlines_says_so_and_who_has_no_business_has_no_list(office):
    assert "没有正在计算的期限" in office.desk("auditor").get("/deadlines").text
    assert "期限督办</a>" not in office.desk("auditor").get("/profile").text


def test_the_pages_speak_english(office):
    case_id = office.asked()
    office.house.at(11, 26)
    office.send(case_id, "suspend", until="2026-12-02", reason="wait for papers", article="28")
    page = office.tab(case_id, english=True)
    for words in ("Suspended", "8 working days left", "Day of receipt, not counted", "Article 28", "Working day 10"):
        assert words in page
    assert "the earliest first" in office.desk(HOLDER, english=True).get("/deadlines").text


def test_the_document_that_orders_a_suspension_comes_with_it_and_is_found_beside_it(office):
    case_id = office.asked()
    file = (BytesIO(b"%PDF-1.7 order"), "中止决定.pdf")
    assert office.send(case_id, "suspend", until="2026-11-25", reason="补充材料", file=file).status_code == 303
    page = office.tab(case_id, ASKER)
    (address,) = re.findall(r'<a href="(/cases/\d+/files/\d+)" download>中止决定.pdf</a>', page)
    assert office.desk(ASKER).get(address).data == b"%PDF-1.7 order"


def test_a_document_that_is_not_taken_is_named_beside_its_field_and_what_was_typed_stays(office):
    case_id = office.asked()
    file = (BytesIO(b"MZ"), "决定.exe")
    answer = office.send(case_id, "extend", days="2", reason="案情复杂", file=file)
    assert answer.status_code == 422
    assert re.search(r'id="extend-[\d-]+-file-error" role="alert">不接收“决定.exe”', answer.text)
    assert "案情复杂" in answer.text and "2026-12-07" in answer.text


def test_a_time_that_the_calendar_gave_shows_the_days_that_were_counted_for_it(tmp_path):
    office = AnswerOffice(build_house(tmp_path, ROOT / "tests" / "data" / "periods"))
    case_id = office.house.start(ASKER, "shared_period", "130102", {}).case_id
    for login in (HOLDER, ABOVE, HOLDER):
        office.house.complete(login, case_id, "done")
    chinese, english = office.tab(case_id, ASKER), office.tab(case_id, ASKER, english=True)
    assert "异议期满" in chinese and "到期日 2026-11-30" in chinese and days(chinese)["2026-11-30"] == "第5天"
    assert "Time for objections over" in english and "5 working days" in english
    office.house.application.database.close()
