"""A role, a kind and figures that the program has never heard of are dropped in, and used over HTTP to the end."""

from __future__ import annotations

import io
import json
import re

import pytest

from engine.publishing.folder import FolderFiles
from tests.console import ROOT
from tests.directory import SHIPPED
from tests.web.people_site import PASSWORD, Site

FOREIGN = ROOT / "tests" / "data" / "foreign_directory"
CAMP = "130102950"
TREE = f"编码,名称,类型,上级编码,床位数,开放季节\n{CAMP},雾灵山林区营地,营地,130102,24,夏季\n"


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.house.add("operator", ("operator", "130000"))
    opened = site.app.extensions["gangwei"]
    files = dict(FolderFiles(FOREIGN))
    for path in [path for path in files if path.startswith("_directory/")]:
        files[path] = SHIPPED[path] + files[path]
    opened.catalog.publish(files, opened.machine.now())
    yield site
    site.close()


def signed_in(site, login, password=PASSWORD):
    browser = site.browser()
    assert browser.sign_in(login, password).status_code == 303
    return browser


def imported(site):
    """The operator's upload of a table with an organisation of the new kind and its figures."""
    operator = signed_in(site, "operator")
    page = operator.get("/operations/organisations").text
    assert "林区营地" in page and "床位数" in page
    shown = operator.post("/operations/organisations", file=(io.BytesIO(TREE.encode()), "营地.csv")).text
    fields = dict(re.findall(r'name="(filename|mark|content)" value="([^"]*)"', shown))
    answer = operator.post("/operations/organisations/confirmed", **fields)
    assert answer.status_code == 303, answer.text


def hired(site):
    """The new role at that organisation, granted by the security administrator to an account of its own."""
    admin = signed_in(site, "admin")
    page = admin.post("/admin/users/new", login="ranger1", name="林护").text
    (word,) = re.findall(r'<strong class="once"[^>]*>([^<]+)<', page)
    address = f"/admin/users/{site.house.people.by_login(None, 'ranger1').user_id}"
    assert '<option value="ranger">护林员</option>' in admin.get(f"{address}?place=雾灵山").text
    refused = admin.post(f"{address}/grant", role="ranger", organisation="130102")
    assert refused.status_code == 403 and "不设这个角色" in refused.text
    assert admin.post(f"{address}/grant", role="ranger", organisation=CAMP).status_code == 303
    ranger = signed_in(site, "ranger1", word)
    ranger.get("/password")
    ranger.post("/password", old=word, new="a longer new word", again="a longer new word")
    return ranger


def the_task(browser):
    (found,) = set(re.findall(r'href="(/tasks/\d+-\d+)["?]', browser.get("/tasks").text))
    return found


def answered(browser, outcome):
    task = the_task(browser)
    browser.get(task)
    answer = browser.post(task, outcome=outcome, data=json.dumps({"note": "好"}))
    assert answer.status_code == 303, answer.text


def test_a_new_role_kind_and_figures_are_used_in_a_lane_an_import_an_account_and_on_the_pages(site):
    imported(site)
    ranger = hired(site)
    page = ranger.get(f"/organisations/{CAMP}").text
    for words in ("林区营地", "床位数", "24 张", "仅夏季", "护林员", "林护"):
        assert words in page, words
    ranger.get("/start/camp_supplies")
    started = ranger.post(f"/start/camp_supplies?organisation={CAMP}", data=json.dumps({"things": "帐篷"}))
    assert started.status_code == 303, started.text
    officer = signed_in(site, "officer")
    answered(officer, "sent")
    assert "24张床，summer" in ranger.get("/tasks").text  # what expressions know of the organisation
    case = the_task(ranger).partition("-")[0].replace("/tasks/", "/cases/")
    page = ranger.get(case).text
    for words in ("营地物资：帐篷", "雾灵山林区营地护林员"):
        assert words in page, words
    ranger.post("/language", language="en", next="/tasks")
    assert "Ranger, 雾灵山林区营地" in re.sub("<[^>]+>", "", ranger.get(case).text)
    answered(ranger, "received")
    assert "Delivered" in ranger.get(case).text
