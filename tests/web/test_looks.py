"""Every look at what is personal is written down before it is sent, and the auditor reads who looked."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from engine.desks.looks import LookFilters
from engine.directory.looks import LookNotWritten
from storage import access_log
from tests.house import build_house
from tests.web.office import Office
from tests.web.pages import page_client
from tests.web.people_site import Site
from web.common.looks import PAGES


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    house = build_house(tmp_path_factory.mktemp("looks"))
    yield Office(house)
    house.application.database.close()
    house.application.looks.database.close()


def looked(office, last=1):
    page = office.house.application.look_desk.page(office.house.actor("auditor"), LookFilters())
    return [(line.by[1] if line.by else None, line.kind, line.what, line.subject) for line in page.rows[:last]]


def test_each_page_of_the_table_is_a_page_and_those_that_hand_out_or_show_people_are_in_it(office):
    pages = {rule.endpoint: rule for rule in office.app.url_map.iter_rules()}
    assert set(PAGES) <= set(pages)
    for name, shows in PAGES.items():
        assert set(shows.named_by) <= pages[name].arguments, name
    for name, rule in pages.items():
        table = rule.rule.endswith((".xlsx", ".csv")) and "template" not in rule.rule  # one to fill in is empty
        handed_out = table or "/files/<" in rule.rule or "/documents/<" in rule.rule
        about_people = name.startswith("people_pages.user")
        if (handed_out or about_people) and "GET" in (rule.methods or ()):
            assert name in PAGES, name


def test_a_look_is_written_with_who_when_what_and_how(office):
    desk = office.desk("province")
    assert desk.get("/registers/post").status_code == 200
    assert looked(office) == [("province", "seen", "register", "post")]
    assert desk.get("/registers/post/export.xlsx").status_code == 200
    assert looked(office) == [("province", "exported", "register", "post")]
    assert office.desk("changan").get("/start/post_approval?organisation=130102").status_code == 200
    assert looked(office) == [("changan", "seen", "form", "post_approval")]
    assert office.desk("auditor").get("/audit").status_code == 200
    assert looked(office) == [("auditor", "seen", "account_log", "")]


def test_what_was_refused_is_written_too(office):
    desk = office.desk("changan")
    assert desk.get("/audit").status_code == 403
    assert looked(office) == [("changan", "refused", "account_log", "")]
    assert desk.get("/cases/99").status_code == 404
    assert looked(office) == [("changan", "refused", "case", "99")]
    assert desk.get("/operations").status_code == 403
    assert looked(office) == [("changan", "refused", "page", "/operations")]


def test_a_stranger_and_a_page_without_people_leave_no_look(office):
    before = looked(office, 50)
    assert office.app.test_client().get("/healthz").status_code == 200
    assert office.desk("province").get("/calendar").status_code == 200
    assert looked(office, 50) == before


@pytest.mark.parametrize("address", ["/registers/post/export.xlsx", "/start/post_approval?organisation=130102"])
def test_what_cannot_be_written_down_is_not_sent(office, monkeypatch, address):
    desk = office.desk("changan")
    assert desk.get(address).status_code == 200
    monkeypatch.setattr(office.house.application.looks, "write", unwritten)
    answer = desk.get(address)
    assert answer.status_code == 503
    assert "个人信息暂不显示" in answer.text
    answer = desk.get(address, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (503, "LookNotWritten")
    assert desk.get("/tasks").status_code == 200  # work goes on
    assert office.desk("changan").get("/operations").status_code == 403  # a refusal stays one


def unwritten(*_: Any) -> None:
    raise LookNotWritten


def test_only_the_auditor_reads_the_log_and_his_reading_is_in_it(office):
    for login in ("administrator", "operator", "province", "changan"):
        for address in ("/audit/looks", "/audit/looks.csv"):
            assert office.desk(login).get(address).status_code == 403
    auditor = office.desk("auditor")
    page = auditor.get("/audit/looks").text
    assert "被拒绝" in page and 'aria-current="page"' in page
    assert looked(office) == [("auditor", "seen", "looks", "")]


def test_the_log_is_filtered_paged_proved_and_handed_out(office):
    desk, auditor = office.desk("province"), None
    for _ in range(55):
        desk.get("/registers/post")
    auditor = office.desk("auditor")
    page = auditor.get("/audit/looks?person=province&kind=seen&what=register").text
    assert page.count('class="row-number number"') == 50
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert 5 <= auditor.get(following).text.count('class="row-number number"') < 50
    assert "环环相扣" in auditor.get("/audit/looks?prove=1").text
    assert auditor.get("/audit/looks?kind=nonsense&after=x&what=y").status_code == 200
    assert "没有符合条件的记录" in auditor.get("/audit/looks?person=nobody").text
    answer = auditor.get("/audit/looks.csv?person=province&what=register&kind=exported")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert rows[0][0] == "序号" and {row[3] for row in rows[1:]} == {"province"}
    assert answer.headers["Content-Disposition"] == "attachment; filename=looks.csv"


def test_accounts_are_looked_at_by_whom(tmp_path):
    site = Site(tmp_path)
    browser = site.browser()
    browser.sign_in("admin")
    assert browser.get("/admin/users").status_code == 200
    assert browser.get(f"/admin/users/{site.house.officer}").status_code == 200
    with site.application.looks.database.read() as log:
        found = access_log.look_list().page(log, "", 9)
    by = site.house.admin.user_id
    told = [(row["user_id"], row["kind"], row["what"], row["subject"]) for row in found]
    assert told == [(by, "seen", "account", str(site.house.officer)), (by, "seen", "accounts", "")]
    site.house.add("auditor", ("auditor", "130000"))
    auditor = site.browser()
    auditor.sign_in("auditor")
    assert ">officer</a>" in auditor.get("/audit/looks").text
    site.close()


# --- when nobody can be written down -------------------------------------------------------------------------------


def silent_client():
    client, cases = page_client()
    cases.may = frozenset()
    client.application.extensions["gangwei"].looks.write = unwritten
    return client


def test_a_case_is_shown_without_what_is_personal_and_says_so():
    client, _ = page_client()
    shown = client.get("/cases/41").text
    personal = ("辖区企业多", "建北街道", "第 1 项等级偏高", "长安区经办员")
    assert [word for word in personal if word in shown] == list(personal)
    assert "个人信息已隐去" not in shown
    answer = silent_client().get("/cases/41")
    assert answer.status_code == 200
    assert [word for word in personal if word in answer.text] == []
    assert "个人信息已隐去" in answer.text and "＊＊＊" in answer.text
    assert "1 项" in answer.text  # what says nothing of a person stays


@pytest.mark.parametrize("address", ["/registers/post", "/registers/post/130102-001"])
def test_a_register_is_shown_without_what_is_personal_and_says_so(address):
    client, _ = page_client()
    assert "建北街道总工会" in client.get(address).text
    answer = silent_client().get(address)
    assert answer.status_code == 200
    assert "建北街道总工会" not in answer.text and "省级核定员" not in answer.text
    assert "个人信息已隐去" in answer.text and "＊＊＊" in answer.text


@pytest.mark.parametrize(
    "address", ["/cases/41?tab=history", "/cases/41?tab=files", "/tasks/41-2", "/registers/post/export.xlsx"]
)
def test_what_cannot_be_shown_without_it_is_not_sent(address):
    client, _ = page_client()
    assert client.get(address).status_code == 200
    answer = silent_client().get(address)
    assert answer.status_code == 503
    assert "个人信息暂不显示" in answer.text and "建北街道" not in answer.text
