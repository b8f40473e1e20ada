"""The auditor's pages: who enters, the filters, and the proof as a table."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date

import pytest

from engine.calendar.deadlines import Grounds
from engine.desks.looks import LookFilters
from engine.files.uploads import Upload
from storage.account_events import append
from tests.house import ROOT, build_house
from tests.web.office import Office
from tests.web.people_site import Site


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.house.add("auditor", ("auditor", "130000"))
    yield site
    site.close()


@pytest.fixture
def auditor(site):
    browser = site.browser()
    assert browser.sign_in("auditor").location == "/audit"
    return browser


def test_only_the_auditor_enters(site, auditor):
    for login in ("officer", "admin"):
        other = site.browser()
        other.sign_in(login)
        assert 'href="/audit"' not in other.get("/profile").text
        for address in ("/audit", "/audit?prove=1", "/audit/cases", "/audit/proof.csv"):
            assert other.get(address).status_code == 403
    assert 'aria-current="page"' in auditor.get("/audit").text


def test_the_chain_is_proved_when_asked(auditor):
    assert "环环相扣" not in auditor.get("/audit").text
    assert "环环相扣" in auditor.get("/audit?prove=1").text


def test_a_broken_chain_is_told_with_its_places(site, auditor):
    with site.house.database.write() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in rows:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE account_events SET kind = 'account_closed' WHERE sequence = 3")
    page = auditor.get("/audit?prove=1").text
    assert "有 1 处与记录链不符" in page and 'role="alert"' in page


def test_events_name_who_what_and_whom_in_words(site, auditor):
    with site.house.database.write() as connection:
        facts = {"role": "observer", "organisation": "130000", "unheard_of": "<b>"}
        by = site.house.admin.user_id
        append(connection, site.house.clock.now(), "role_granted", user_id=by, actor_id=by, facts=facts)
    page = auditor.get("/audit?kind=role_granted&person=admin").text
    assert "授予角色" in page and "查询员" in page and "测试admin" in page
    assert "&lt;b&gt;" in page and "<b>" not in page
    assert "测试officer" not in page
    assert "没有符合条件的记录" in auditor.get("/audit?person=nobody").text


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=Wzk5OTk5OTk5OTk5XQ", "kind=nothing", "person=%25"])
def test_an_address_that_makes_no_sense_does_not_fail(auditor, query):
    assert auditor.get(f"/audit?{query}").status_code == 200


def test_no_cases_is_said_plainly(auditor):
    assert "还没有事项" in auditor.get("/audit/cases?after=x&case=y").text
    assert "没有符合条件的事项" in auditor.get("/audit/cases?q=GW2026").text


def test_the_proof_is_downloaded_as_a_table(auditor):
    answer = auditor.get("/audit/proof.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][2] == "结论" and rows[1][0] == "账号记录" and rows[1][2] == "一致"
    assert len(rows[1][5]) == 64


def test_event_logs_are_taken_of_what_is_filtered_and_each_is_written_down_before_it_begins(tmp_path):
    office = Office(build_house(tmp_path, ROOT / "tests" / "data" / "deadlines"))
    house = office.house
    house.start("changan", "answer_in_time", "130102", {})
    page = office.desk("auditor").get("/audit/cases?state=running&opened_from=2026-11-23").text
    for form, media_type in (("xes", "application/xml"), ("ocel.json", "application/json")):
        address = f"/audit/cases.{form}?state=running&amp;opened_from=2026-11-23"
        assert f'href="{address}"' in page
        answer = office.desk("auditor").get(address.replace("&amp;", "&"), buffered=False)
        (look, *_) = house.application.look_desk.page(house.actor("auditor"), LookFilters()).rows
        assert (look.by and look.by[1], look.kind, look.what) == ("auditor", "exported", "event_log")
        assert answer.mimetype == media_type and answer.headers["Content-Disposition"].endswith(f"cases.{form}")
        assert "提出" in answer.text
        assert [office.desk(login).get(f"/audit/cases.{form}").status_code for login in ("changan", "operator")] == [
            403
        ] * 2
    assert "没有符合条件的事项" in office.desk("auditor").get("/audit/cases?state=completed&key=%3C").text
    house.application.database.close()


def test_the_ledgers_of_a_case_and_who_did_what_to_them_are_open_to_the_auditor_alone(tmp_path):
    office = Office(build_house(tmp_path, ROOT / "tests" / "data" / "deadlines"))
    house = office.house
    case_id = house.start("changan", "answer_in_time", "130102", {}).case_id
    task = house.task_of("shijiazhuang", case_id)
    order = Upload("中止决定.pdf", b"%PDF-1.7 order")
    house.application.cases.deadlines.suspend(
        house.actor("shijiazhuang"), task, date(2026, 11, 25), Grounds("补充材料", "第二十八条", order)
    )
    address = f"/audit/cases/{case_id}/deadlines"
    page = office.desk("auditor").get(address).text
    assert address in office.desk("auditor").get("/audit/cases").text
    for words in ("2026-12-09", "期限中止", "石家庄市审核员", "补充材料", "第二十八条", "中止决定.pdf", "已中止"):
        assert words in page, words
    assert hashlib.sha256(order.content).hexdigest() in page
    assert "<h1>Day count</h1>" in office.desk("auditor", english=True).get(address).text
    assert [office.desk(login).get(address).status_code for login in ("shijiazhuang", "operator", "observer")] == [
        403
    ] * 3
    assert office.desk("auditor").get("/audit/cases/9999/deadlines").status_code == 404
    house.application.database.close()
