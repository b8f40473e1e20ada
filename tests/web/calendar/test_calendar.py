"""The pages of the working calendar: the year, the calculator, and changes that take two persons."""

from __future__ import annotations

import html
import io
import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from tests.web.people_site import Site
from web.console.calendar import calendar

# Invented: no notice of 2027 is known. It has the form of those that are.
NOTICE = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。"""
SNOW = {"first": "2026-12-01", "last": "2026-12-02", "reason": "暴雪停办"}


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    made.house.add("operator", ("operator", "130000"))
    made.house.add("approver", ("province_approver", "130000"))
    yield made
    made.close()


@pytest.fixture
def visitors(site):
    def visit(login):
        browser = site.browser()
        browser.sign_in(login)
        return browser

    return visit


def words(answer):
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def proposed(browser, address, **fields):
    browser.get("/calendar/changes")
    answer = browser.post(address, **fields)
    assert answer.status_code == 303, words(answer)
    return answer.location


def test_everybody_finds_the_calendar_and_only_the_duty_its_changes(visitors):
    for login, duty in (("officer", False), ("admin", False), ("operator", True), ("approver", True)):
        browser = visitors(login)
        page = browser.get("/calendar")
        assert page.status_code == 200 and 'href="/calendar"' in browser.get("/profile").text
        assert ("/calendar/changes" in page.text) is duty
        assert browser.get("/calendar/changes").status_code == (200 if duty else 403)
        assert browser.post("/calendar/notices", year="2027", source="文号", text=NOTICE).status_code == (
            303 if duty else 403
        )


def test_the_year_names_its_notice_and_marks_days_by_words(visitors):
    page = visitors("officer").get("/calendar?year=2026")
    told = words(page)
    assert "国办发明电〔2025〕7号" in told and "已发布" in told and "暂定。" not in told
    assert page.text.count("<caption>") == 12
    assert 'title="2026-02-14 春节调休上班"' in page.text and 'title="2026-10-01 国庆节放假"' in page.text
    assert 'title="2026-12-31 工作日（暂定）"' in page.text
    assert page.text.count('aria-current="date"') == 1
    assert len(re.findall(r'<td class="day day-shift', page.text)) == 6
    assert "2026-02-15 周日 – 2026-02-23 周一 放假 春节放假 9 天" in told


def test_a_year_without_notice_is_provisional_on_every_day(visitors):
    page = visitors("officer").get("/calendar?year=2027")
    assert "放假通知尚未发布" in words(page)
    assert len(re.findall(r'<td class="day day-\w+ day-provisional', page.text)) == 365


@pytest.mark.parametrize("asked", ["", "year=9", "year=3000", "year=x", "year=2026&organisation="])
def test_a_year_that_makes_no_sense_shows_this_one(visitors, asked):
    assert "2026 年" in words(visitors("officer").get(f"/calendar?{asked}"))


def test_another_organisation_is_shown_to_those_who_see_it_only(visitors):
    assert visitors("officer").get("/calendar?organisation=130203").status_code == 404
    assert visitors("officer").get("/calendar/count?organisation=nowhere").status_code == 404
    assert visitors("approver").get("/calendar?organisation=130203").status_code == 200


def test_the_calculator_tells_the_last_day_and_every_day_before(visitors):
    told = words(visitors("officer").get("/calendar/count?from=2026-09-18&days=6&unit=working"))
    assert "2026-09-28 周一 24:00 止" in told and "计入 6 天，不计入 5 天" in told
    assert "2026-09-20 周日 第 1 天 国庆节调休上班" in told and "2026-09-25 周五 不计入 中秋放假" in told
    assert "《民法典》第二百零一条第一款" in told


def test_the_calculator_counts_natural_days_and_says_what_may_change(visitors):
    told = words(visitors("officer").get("/calendar/count?from=2026-11-20&days=1&unit=natural"))
    assert "2026-11-23 周一 24:00 止" in told and "末日顺延至本日" in told and "暂定" not in told
    told = words(visitors("officer").get("/calendar/count?from=2026-12-25&days=5"))
    assert "2027-01-04 周一 24:00 止 暂定" in told


@pytest.mark.parametrize(
    "asked",
    [
        "from=2026-13-01&days=5",
        "from=2026-12-01&days=-1",
        "from=2026-12-01&days=9999",
        "days=5",
        "from=0001-01-01&days=5",
        "from=9999-12-31&days=5",
    ],
)
def test_a_question_that_makes_no_sense_is_refused_on_the_page(visitors, asked):
    answer = visitors("officer").get(f"/calendar/count?{asked}")
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_a_notice_takes_two_persons_and_then_holds(site, visitors):
    operator, approver = visitors("operator"), visitors("approver")
    address = proposed(operator, "/calendar/notices", year="2027", source="国办发明电〔2026〕9号", text=NOTICE)
    page = words(operator.get(address))
    assert "撤回提议" in page and 'value="in_force"' not in operator.get(address).text
    told = words(approver.get(address))
    assert "2027-02-14 周日 休息 周日 上班 春节调休上班" in told
    assert "法定节日不在放假之列：2027-04-05 清明节" in told
    assert operator.post(address, answer="in_force").status_code == 403
    assert approver.post(address, answer="refused", reason=" ").status_code == 422
    assert approver.post(address, answer="in_force").status_code == 303
    assert approver.post(address, answer="in_force").status_code == 409
    year = words(approver.get("/calendar?year=2027"))
    assert "国办发明电〔2026〕9号 本系统导入并审定" in year and "已发布" in year
    assert "已生效" in words(operator.get("/calendar/changes"))
    happened = [kind for kind in site.house.events() if kind.startswith("calendar_")]
    assert happened == ["calendar_proposed", "calendar_put_in_force"]


def test_a_notice_may_come_as_a_table(visitors):
    operator = visitors("operator")
    operator.get("/calendar/changes")
    table = io.BytesIO("日期,至,安排,节日\n2027-01-01,2027-01-03,放假,元旦\n".encode("gb18030"))
    sent = {"year": "2027", "source": "文号", "file": (table, "放假.csv"), "csrf_token": operator.token}
    answer = operator.client.post("/calendar/notices", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert "2027-01-01 周五 – 2027-01-03 周日 放假 元旦放假 3 天" in words(operator.get(answer.location))


def test_a_notice_with_mistakes_lists_all_of_them_and_keeps_what_was_typed(visitors):
    operator = visitors("operator")
    operator.get("/calendar/changes")
    wrong = NOTICE.replace("（周五）至3日", "（周四）至3日").replace("共7天", "共8天")
    answer = operator.post("/calendar/notices", year="2027", source="某号", text=wrong)
    told = words(answer)
    assert answer.status_code == 422
    assert "2027-01-01 是周五，不是周四" in told and "写明共 8 天，日期却是 7 天" in told and "某号" in answer.text
    assert "还没有变更" in told


def test_a_closure_is_proposed_put_in_force_and_lifted(visitors):
    operator, approver, officer = map(visitors, ("operator", "approver", "officer"))
    address = proposed(operator, "/calendar/closures", organisation="130102 长安区总工会", **SNOW)
    assert "没有期限会改变" in words(approver.get(address))
    assert approver.post(address, answer="in_force").status_code == 303
    assert "停办：暴雪停办" in words(officer.get("/calendar?year=2026"))
    assert "停办：暴雪停办" not in words(operator.get("/calendar?year=2026"))
    assert operator.get(address).status_code == 200
    lifted = operator.post(f"{address}/reopening", reason="雪停了").location
    approver.get(lifted)
    assert approver.post(lifted, answer="in_force").status_code == 303
    assert "停办：暴雪停办" not in words(officer.get("/calendar?year=2026"))
    assert "已被取代" in words(operator.get(address))


@pytest.mark.parametrize(
    "wrong", [{"organisation": "999999"}, {"first": "x"}, {"last": "2026-11-01"}, {"reason": ""}, {"organisation": ""}]
)
def test_a_closure_with_a_mistake_is_refused_on_the_page(visitors, wrong):
    operator = visitors("operator")
    operator.get("/calendar/changes")
    answer = operator.post("/calendar/closures", **{"organisation": "130102", **SNOW, **wrong})
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_what_is_withdrawn_needs_a_reason_and_waits_no_more(visitors):
    operator = visitors("operator")
    address = proposed(operator, "/calendar/closures", organisation="130102", **SNOW)
    operator.get(address)
    assert operator.post(address, answer="withdrawn").status_code == 422
    assert operator.post(address, answer="withdrawn", reason="改期").status_code == 303
    assert "已撤回" in words(operator.get(address)) and "改期" in words(operator.get(address))
    assert operator.get("/calendar/changes/77").status_code == 404


def test_the_auditor_reads_what_was_changed(site, visitors):
    site.house.add("auditor", ("auditor", "130000"))
    proposed(visitors("operator"), "/calendar/closures", organisation="130102", **SNOW)
    told = words(visitors("auditor").get("/audit"))
    assert "提出日历变更" in told and "暴雪停办" in told


def test_the_console_shows_counts_and_proposes(site, visitors, tmp_path):
    def run(*asked):
        with site.app.app_context():
            done = CliRunner().invoke(calendar, asked, env={"LC_ALL": "zh_CN.UTF-8"}, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    assert "2026-02-15 – 2026-02-23" in run("year", "2026") and "国办发明电〔2025〕7号" in run("year", "2026")
    assert run("count", "2026-09-18", "6").endswith("最后一日：2026-09-28\n")
    notice = tmp_path / "notice.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    assert "第 1 号变更" in run("propose", "2027", "文号", str(notice))
    assert "待审定" in run("changes")
    approver = visitors("approver")
    assert "控制台" in words(approver.get("/calendar/changes/1"))
    assert approver.post("/calendar/changes/1", answer="in_force").status_code == 303
    assert "已按现行日历核对" in run("recount")
    assert "已生效" in run("changes") and "依据：文号" in run("year", "2027")


def test_today_is_the_day_in_shanghai(site, visitors):
    site.house.clock.time = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    page = visitors("officer").get("/calendar").text
    assert re.search(r'day-today" aria-current="date" title="2026-11-23', page)
