"""The operator's pages: who enters, what they show, settling, and the import that is all or nothing."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner

from engine.desks.operator import SETTLE
from engine.files.sheets import read_here
from engine.publishing.folder import FolderFiles
from storage import jobs, restores, timetable
from storage.mapped import newest_account_events
from tests.engine.jobs.sleepers import WORKFLOWS
from tests.house import ROOT, build_house
from tests.web.office import Office
from tests.web.people_site import Site
from tests.workbooks import excel, inline, one_sheet, sheet_xml
from web.console.jobs import jobs as jobs_command

HEADER = "编码,名称,类型,上级编码\n"


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.house.add("operator", ("operator", "130000"))
    yield site
    site.close()


@pytest.fixture
def operator(site):
    browser = site.browser()
    assert browser.sign_in("operator").location == "/operations"
    browser.get("/operations")
    return browser


def add_incident(site):
    words = {"message_zh": "出错：张三的申请", "message_en": "Failed: the form of Zhang"}
    with site.house.database.write() as connection:
        jobs.add_incident(
            connection, {"act": "complete", "code": "Broken", "opened_at": site.house.clock.now(), **words}
        )
        return list(jobs.incident_list().every(connection))[-1]["id"]


def upload(browser, text, name="单位.csv"):
    sent = {"file": (io.BytesIO(text if isinstance(text, bytes) else text.encode()), name), "csrf_token": browser.token}
    return browser.client.post("/operations/organisations", data=sent, content_type="multipart/form-data")


def confirm(browser, shown, **other):
    """Send back what was shown; ``other`` fields instead of its own."""
    fields = dict(re.findall(r'name="(filename|mark|content)" value="([^"]*)"', shown.text)) | other
    assert fields.keys() == {"filename", "mark", "content"}
    fields["csrf_token"] = browser.token
    return browser.client.post("/operations/organisations/confirmed", data=fields)


def test_only_the_operator_enters(site, operator):
    for login in ("officer", "admin"):
        other = site.browser()
        other.sign_in(login)
        for address in ("/operations", "/operations/organisations"):
            assert other.get(address).status_code == 403
            assert address not in other.get("/profile").text
        assert other.post("/operations/incidents/1", answer=SETTLE, reason="理由").status_code == 403
        assert upload(other, HEADER).status_code == 403
    page = operator.get("/operations").text
    assert "没有故障" in page
    assert 'href="/operations/organisations"' in page


def test_an_incident_is_shown_without_business_and_settled_with_a_reason(site, operator):
    number = add_incident(site)
    page = operator.get("/operations").text
    assert "出错" in page and "Broken" in page and "办理任务" in page
    assert "张三" not in page
    refused = operator.post(f"/operations/incidents/{number}", answer=SETTLE, reason=" ")
    assert refused.status_code == 422
    assert "处理原因" in refused.text and 'aria-invalid="true"' in refused.text
    assert operator.post(f"/operations/incidents/{number}", answer=SETTLE, reason="已修正").status_code == 303
    page = operator.get("/operations").text
    assert "没有故障" in page and "已修正" in page
    assert operator.post(f"/operations/incidents/{number}", answer=SETTLE, reason="已修正").status_code == 409
    assert operator.post("/operations/incidents/77", answer=SETTLE, reason="已修正").status_code == 404
    assert "incident_settled" in site.house.events()


def test_the_page_tells_what_is_due_who_looks_and_what_a_downtime_held_up(site, operator):
    application = site.app.extensions["gangwei"]
    assert "没有程序在执行后台任务" in operator.get("/operations").text
    application.scheduler.tick()
    began = site.house.clock.time
    with site.house.database.write() as connection:
        jobs.add(connection, {"kind": "remind", "payload": {}, "run_at": began + timedelta(hours=3), "case_id": 1})
    site.house.clock.time = began + timedelta(hours=10)
    application.scheduler.tick()
    operator.sign_in("operator")  # ten hours are too long for a session
    page = operator.get("/operations").text
    assert "没有程序在执行后台任务" not in page and "停机 10 小时" in page and "其间到期 1 项" in page
    (address,) = re.findall(r'href="(/operations/downtimes/\d+)"', page)
    report = operator.get(address).text
    assert "到期提醒" in report and "等待执行" in report
    assert operator.get("/operations/downtimes/999").status_code == 404
    other = site.browser()
    other.sign_in("officer")
    assert other.get(address).status_code == 403


def test_the_page_and_the_console_tell_how_each_routine_went_and_which_notice_is_missing(site, operator):
    assert "定时工作" not in operator.get("/operations").text
    last = {"worker": "w", "last_at": site.house.clock.time, "outcome": "failed", "error": "OSError", "next_at": None}
    with site.house.database.write() as connection:
        timetable.add(connection, "clean_up", last | {"told": {"drafts": 3}}, {"executed": 6, "failed": 1})
    page = operator.get("/operations").text
    assert "清理过期数据" in page and "OSError" in page and "清除草稿 3" in page
    assert "放假通知尚未生效" not in page
    site.house.clock.time = site.house.clock.time.replace(month=12, day=1)
    operator.sign_in("operator")
    assert f"{site.house.clock.time.year + 1} 年的放假通知尚未生效" in operator.get("/operations").text
    with site.app.app_context():
        said = CliRunner().invoke(jobs_command, env={"LC_ALL": "zh_CN.UTF-8"}).output
    assert "清理过期数据" in said and "出错 OSError；共执行 6，出错 1，错过 0" in said
    assert f"{site.house.clock.time.year + 1} 年的放假通知尚未生效" in said


def test_the_report_of_a_downtime_says_which_rounds_of_a_cycle_were_missed(site, operator):
    application, began = site.app.extensions["gangwei"], site.house.clock.time
    application.catalog.publish(FolderFiles(WORKFLOWS), began)
    application.cases.acting.start(site.house.actor(site.house.officer), "hourly", "130102", {})
    application.scheduler.tick()
    site.house.clock.time = began + timedelta(hours=10, minutes=30)
    application.scheduler.tick()
    operator.sign_in("operator")
    with site.app.app_context():
        (gap,) = application.operator.watched().downtimes
        said = CliRunner().invoke(jobs_command, ["--downtime", str(gap.id)], env={"LC_ALL": "zh_CN.UTF-8"}).output
    report = operator.get(f"/operations/downtimes/{gap.id}").text
    told = "循环：应触发 10 次，合并为 1 次；错过 9 次：2026-11-22 13:00 – 2026-11-22 21:00"
    assert told in " ".join(report.split()) and told in said


def test_an_import_with_bad_rows_lists_all_of_them_and_changes_nothing(site, operator):
    operator.get("/operations/organisations")
    rows = "139991,新单位甲,县级总工会,999999\n139992,,没有的类型,130100\n139993,新单位丙,县级总工会,130100\n"
    answer = upload(operator, HEADER + rows)
    assert answer.status_code == 422
    assert "第 2 行" in answer.text and "第 3 行" in answer.text and "第 4 行" not in answer.text
    assert operator.get("/organisations/139993").status_code == 404
    assert "organisations_imported" not in site.house.events()[-1:]


def test_a_good_file_is_imported_and_counted(site, operator):
    operator.get("/operations/organisations")
    shown = upload(operator, HEADER + "139993,新单位丙,县级总工会,130100\n")
    assert shown.status_code == 200 and "新增 1 个" in shown.text and "新单位丙" in shown.text
    assert operator.get("/organisations/139993").status_code == 404, "shown, and not done"
    assert confirm(operator, shown).status_code == 303
    assert "新增 1 个" in operator.get("/operations/organisations").text
    assert operator.get("/organisations/139993").status_code == 200
    assert site.house.events()[-1] == "organisations_imported"


def test_what_was_shown_is_done_or_nothing(site, operator):
    operator.get("/operations/organisations")
    first = upload(operator, HEADER + "139993,新单位丙,县级总工会,130100\n130102,改了的名称,,\n")
    assert "长安区总工会" in first.text and "改了的名称" in first.text
    other = upload(operator, HEADER + "139994,新单位丁,县级总工会,130100\n")
    mixed = dict(re.findall(r'name="(content)" value="([^"]*)"', other.text))
    assert "预览之后" in confirm(operator, first, **mixed).text
    assert confirm(operator, first, content="!").status_code == 400 == confirm(operator, first, mark="").status_code
    assert confirm(operator, upload(operator, HEADER + "130102,别人改的,,\n")).status_code == 303
    refused = confirm(operator, first)
    assert refused.status_code == 409 and "没有导入" in refused.text
    assert operator.get("/organisations/139993").status_code == 404


def test_a_sheet_is_refused_by_the_address_of_each_cell_and_what_is_not_read_is_told(site, operator):
    operator.get("/operations/organisations")
    head = inline("编码", "名称", "类型", "上级编码")
    bad = head + '<row><c r="A2"><v>139993</v></c><c r="B2" t="e"><v>#N/A</v></c></row>' + inline("１39/9")
    said = upload(operator, one_sheet(bad), "单位.xlsx").text
    assert (
        "“表一”第 2 行，名称（B2）" in said
        and "#N/A" in said
        and "“表一”第 3 行，编码（A3）" in said
        and "39/9" in said
    )
    twins = HEADER + "139995,同名工会,县级总工会,130100\n139996,同名工会,县级总工会,130100\n"
    assert "与 139995 的名称、类型、上级都相同" in upload(operator, twins).text
    good = sheet_xml(head + inline("139993", "新单位丙", "县级总工会", "130100"))
    shown = upload(operator, excel(("单位", "", good), ("说明", "", good)), "单位.xlsx")
    assert shown.status_code == 200 and "工作表“说明”没有读入" in shown.text


@pytest.mark.parametrize("login", ["operator", "officer"])
def test_a_template_holds_every_column_and_is_read_again(site, operator, login):
    browser = site.browser()
    browser.sign_in(login)
    answer = browser.client.get("/operations/organisations/template.xlsx")
    if login != "operator":
        assert answer.status_code == 403
        return
    sheet = read_here(answer.data)
    assert {"编码", "名称", "类型", "上级编码", "职工数"} <= set(sheet.header)


def test_in_a_demo_put_forward_every_event_of_the_chain_keeps_the_machines_time(tmp_path):
    site = Site(tmp_path, GANGWEI_ENV="demo")
    site.house.add("operator", ("operator", "130000"))
    browser = site.browser()
    browser.sign_in("operator")
    browser.post("/clock", move="ten_working_days")
    number, _ = add_incident(site), browser.get("/operations/organisations")
    assert confirm(browser, upload(browser, HEADER + "139993,新单位丙,县级总工会,130100\n")).status_code == 303
    assert browser.post(f"/operations/incidents/{number}", answer=SETTLE, reason="已处理").status_code == 303
    assert site.house.events()[-3:] == ["clock_moved", "organisations_imported", "incident_settled"]
    with site.house.database.session() as session:
        assert {row.at for row in newest_account_events(session, 3)} == {site.house.clock.now()}
    site.close()


def test_a_file_that_is_no_table_or_missing_is_refused_in_words(operator):
    operator.get("/operations/organisations")
    assert upload(operator, "", "空.csv").status_code == 422
    missing = operator.post("/operations/organisations")
    assert missing.status_code == 422
    assert "请先选择文件" in missing.text


def test_an_incident_says_in_words_what_was_being_done(tmp_path):
    office = Office(build_house(tmp_path, ROOT / "tests" / "data" / "called_off"))
    case_id = office.house.start("changan", "put_in_order", "130102", {}).case_id
    assert office.desk("changan").post(f"/cases/{case_id}/withdraw", data={"reason": "坏"}).status_code == 422
    assert office.house.application.cases.reading.case(office.house.actor("changan"), case_id).head.status == "running"
    page = office.desk("operator").get("/operations").text
    assert "撤回事项 ·" in page and "case_withdrawn" not in page
    office.house.application.database.close()


def test_the_outbox_of_a_restored_installation_is_told_and_released_by_a_button(site, operator):
    now = site.house.clock.now()
    with site.house.database.write() as connection:
        restores.note(connection, {"backup": "b" * 64, "made_at": now, "restored_at": now, "ahead": 100})
        jobs.add(
            connection, {"kind": "message", "payload": {"user": 1, "title": "提醒", "text": "内容"}, "run_at": now}
        )
    page = operator.get("/operations").text
    assert (
        "由" in page
        and "恢复，后台任务和消息暂不执行" in page
        and "共 1 项等待放行" in page
        and "发送消息：1 项" in page
    )
    assert "gangwei_outbox_held 1" in operator.get("/metrics").text
    assert operator.post("/operations/outbox").status_code == 303
    assert "暂不执行" not in operator.get("/operations").text
    assert site.house.events()[-1] == "outbox_released"
    assert operator.post("/operations/outbox").status_code == 409
