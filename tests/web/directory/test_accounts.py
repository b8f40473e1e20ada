"""Pages of accounts, of one's own account and of the tree of organisations."""

from __future__ import annotations

import re

import pytest

from tests.web.people_site import PASSWORD, Site
from web.console.organisations import organisations
from web.console.people import user


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    yield site
    site.close()


@pytest.fixture
def admin(site):
    browser = site.browser()
    browser.sign_in("admin")
    return browser


@pytest.fixture
def officer(site):
    browser = site.browser()
    browser.sign_in("officer")
    return browser


def told_password(page):
    found = re.search(r'<strong class="once"[^>]*>([^<]+)<', page.text)
    assert found
    return found[1]


# --- one's own account -------------------------------------------------------------------------------------------


def test_the_profile_shows_roles_and_sign_ins(site, officer):
    site.house.fail("officer")
    page = officer.get("/profile").text
    assert "县级经办员" in page
    assert "长安区总工会" in page
    assert "失败" in page


def test_other_devices_are_signed_out_from_the_profile(site, officer):
    other = site.browser()
    other.sign_in("officer")
    assert "退出其他设备" in officer.get("/profile").text
    assert officer.post("/profile/sessions/end").location == "/profile"
    assert "已退出其他设备上的 1 次登录" in officer.get("/profile").text
    assert other.client.get("/profile").status_code == 303


def test_a_new_password_is_asked_twice_and_checked(site, officer):
    def change(old, new, again):
        return officer.post("/password", old=old, new=new, again=again)

    assert "两次输入的新密码不一致" in change(PASSWORD, "a longer new word", "another word").text
    assert "至少需要 10 个字符" in change(PASSWORD, "short", "short").text
    wrong = change("wrong", "a longer new word", "a longer new word")
    assert (wrong.status_code, "当前密码不正确" in wrong.text) == (422, True)
    assert change(PASSWORD, "a longer new word", "a longer new word").location == "/profile"
    assert site.browser().sign_in("officer", "a longer new word").location == "/"


# --- the administrator -------------------------------------------------------------------------------------------


def test_an_administrator_makes_an_account_that_must_change_its_password(site, admin):
    page = admin.post("/admin/users/new", login="newcomer", name="新来的经办员")
    assert page.status_code == 201
    word = told_password(page)
    newcomer = site.browser()
    assert newcomer.sign_in("newcomer", word).status_code == 303
    assert newcomer.get("/profile").location == "/password"
    assert newcomer.get("/").location == "/password"
    assert "临时密码" in newcomer.get("/password").text
    newcomer.post("/password", old=word, new="a longer new word", again="a longer new word")
    assert newcomer.get("/profile").status_code == 200
    assert word not in admin.get(f"/admin/users/{site.house.people.by_login(None, 'newcomer').user_id}").text


def test_a_mistake_in_a_new_account_is_said_and_the_words_are_kept(admin):
    page = admin.post("/admin/users/new", login="Officer", name="第二个")
    assert page.status_code == 422
    assert "已被使用" in page.text
    assert 'value="第二个"' in page.text


def test_accounts_are_listed_and_searched(admin):
    assert "测试officer" in admin.get("/admin/users").text
    page = admin.get("/admin/users?q=长安").text
    assert "测试officer" in page
    assert "测试admin2" not in page
    assert "没有找到账号" in admin.get("/admin/users?q=nobody").text


def test_roles_are_granted_and_taken_back_on_the_page(site, admin):
    address = f"/admin/users/{site.house.officer}"
    assert '<option value="130203">' in admin.get(f"{address}?place=路北").text
    assert admin.post(f"{address}/grant", role="county_officer", organisation="130203").location == address
    assert "路北区总工会" in admin.get(address).text
    admin.post(f"{address}/revoke", role="county_officer", organisation="130203")
    assert site.house.actor(site.house.officer).candidates[:-1] == ("county_officer@130102",)  # the last is his own


def test_a_grant_that_breaks_the_separation_of_duties_is_explained(site, admin):
    page = admin.post(f"/admin/users/{site.house.officer}/grant", role="auditor", organisation="130000")
    assert page.status_code == 403
    assert "不能由同一人担任" in page.text
    assert not site.house.actor(site.house.officer).has("auditor")


def test_locking_and_resetting_work_at_once(site, admin, officer):
    address = f"/admin/users/{site.house.officer}"
    admin.post(f"{address}/lock")
    assert officer.client.get("/profile").status_code == 303
    assert "已停用" in admin.get(address).text
    admin.post(f"{address}/unlock")
    word = told_password(admin.post(f"{address}/reset-password"))
    assert site.browser().sign_in("officer", PASSWORD).status_code == 422
    assert site.browser().sign_in("officer", word).status_code == 303


def test_one_s_own_account_offers_no_change_and_takes_none(site, admin):
    address = f"/admin/users/{site.house.admin.user_id}"
    assert "由另一位安全管理员变更" in admin.get(address).text
    for act in ("lock", "reset-password", "grant", "revoke"):
        answer = admin.post(f"{address}/{act}", role="observer", organisation="130000")
        assert answer.status_code == 403


def test_others_find_no_account_pages(site, officer):
    for address in ("/admin/users", "/admin/users/new", f"/admin/users/{site.house.officer}"):
        assert officer.client.get(address).status_code == 403
    for act in ("lock", "unlock", "grant", "revoke", "reset-password"):
        assert officer.post(f"/admin/users/{site.house.admin.user_id}/{act}").status_code == 403
    assert officer.post("/admin/users/new", login="mine", name="我的").status_code == 403
    assert site.house.people.find(None).total == 3


def test_an_act_that_does_not_exist_is_not_found(site, admin):
    assert admin.post(f"/admin/users/{site.house.officer}/promote").status_code == 404
    assert admin.get("/admin/users/999").status_code == 404


# --- organisations -----------------------------------------------------------------------------------------------


def test_the_tree_shows_the_reader_s_own_subtree(site, admin, officer):
    page = officer.get("/organisations").text
    assert "和平里街道总工会" in page
    assert "石家庄市总工会" not in page
    assert "路北区" not in page
    assert "围场满族蒙古族自治县总工会" in admin.get("/organisations").text


def test_an_organisation_s_page_shows_figures_children_and_people(officer):
    page = officer.get("/organisations/130102").text
    for words in ("120,000 人", "长安区职工服务中心", "测试officer", "河北省总工会", "县级总工会"):
        assert words in page
    assert '<a href="/organisations/130100"' not in page  # above him: named, not opened
    assert "示范型" in officer.get("/organisations/130102991").text


def test_an_organisation_outside_the_subtree_is_not_found(officer):
    for code in ("130100", "130123", "130000", "999999"):
        assert officer.get(f"/organisations/{code}").status_code == 404


def test_a_search_stays_inside_the_subtree(officer):
    page = officer.get("/organisations?q=街道").text
    assert "向阳里街道" in page
    assert "滨河街道" not in page


# --- the console -------------------------------------------------------------------------------------------------


def run(site, group, *words):
    return site.app.test_cli_runner().invoke(group, words)


def test_the_console_keeps_accounts(site, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    made = run(site, user, "add", "clerk", "新经办员", "--role", "county_officer", "130123")
    assert made.exit_code == 0
    word = made.output.strip().rsplit("：", 1)[1]
    assert site.house.signin.enter("clerk", word).actor.candidates[:-1] == ("county_officer@130123",)
    assert "county_officer@130123" in run(site, user, "list", "clerk").output
    assert run(site, user, "grant", "clerk", "observer", "130100").exit_code == 0
    assert run(site, user, "revoke", "clerk", "county_officer", "130123").exit_code == 0
    assert "observer@130100" in run(site, user, "list", "clerk").output
    assert "停用" in run(site, user, "lock", "clerk").output
    assert "停用" in run(site, user, "list", "clerk").output
    run(site, user, "unlock", "clerk")
    word = run(site, user, "reset-password", "clerk").output.strip().rsplit("：", 1)[1]
    assert site.house.signin.enter("clerk", word)
    assert "安全管理员" in run(site, user, "roles").output


def test_the_console_imports_organisations(site, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "未变 179 个" in run(site, organisations, "import").output
    table = tmp_path / "单位.csv"
    table.write_text("编码,职工数\n130102,77\n", encoding="utf-8")
    assert "更改 1 个" in run(site, organisations, "import", str(table)).output
