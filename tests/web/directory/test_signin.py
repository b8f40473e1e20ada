"""The door: who gets in, who stays in, and what a page does with somebody who is not in."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.routes import filled
from tests.web.people_site import PASSWORD, Site

pytestmark = pytest.mark.any_day


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    yield site
    site.close()


def cookie_of(answer):
    return next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("gangwei="))


# --- getting in --------------------------------------------------------------------------------------------------


def test_the_right_password_leads_to_the_inbox(site):
    answer = site.browser().sign_in("officer")
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_wrong_password_is_said_on_the_page_and_keeps_the_name(site):
    browser = site.browser()
    browser.get("/login")
    answer = browser.post("/login", login="officer", password="wrong")
    assert answer.status_code == 422
    assert "用户名或密码不正确" in answer.text
    assert 'value="officer"' in answer.text
    assert "wrong" not in answer.text.replace("sign-in-error", "")
    assert browser.client.get("/profile").status_code == 303


def test_who_has_no_business_starts_where_his_work_is(site):
    site.house.add("keeper", ("operator", "130000"))
    assert site.browser().sign_in("admin").location == "/admin/users"
    assert site.browser().sign_in("keeper").location == "/operations"


def test_a_session_of_before_is_no_use_after_signing_in(site):
    browser = site.browser()
    browser.get("/login")
    planted = browser.client.get_cookie("gangwei").value
    browser.sign_in("officer")
    other = site.browser()
    other.client.set_cookie("gangwei", planted)
    assert other.client.get("/profile").status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(site, tmp_path):
    cookie = cookie_of(site.browser().sign_in("officer"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_in_production_the_cookie_only_travels_encrypted(tmp_path):
    site = Site(tmp_path, GANGWEI_ENV="production")
    browser = site.browser()
    answer = browser.client.get("/login", base_url="https://localhost")
    assert "Secure" in cookie_of(answer)
    site.close()


def test_no_post_goes_without_its_token(site):
    browser = site.browser()
    browser.sign_in("officer")
    for address in ("/login", "/logout", "/password", "/profile/sessions/end", "/admin/users/new", "/language"):
        assert browser.post(address, token="").status_code == 400
        assert browser.post(address, token="forged").status_code == 400
    assert browser.client.get("/profile").status_code == 200


# --- not being in ------------------------------------------------------------------------------------------------


def test_a_stranger_is_asked_to_sign_in_and_then_gets_the_page_that_he_asked_for(site):
    browser = site.browser()
    answer = browser.get("/organisations?q=长安")
    assert answer.status_code == 303
    asked_for = parse_qs(urlsplit(answer.location).query)["next"][0]
    answer = browser.sign_in("officer", next=asked_for)
    assert 'value="长安"' in browser.get(answer.location).text


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:1", "a", "/\n"],
)
def test_the_way_back_never_leads_to_another_site(site, target):
    assert site.browser().sign_in("officer", next=target).location == "/"


def test_every_page_but_the_door_asks_for_a_session(site):
    open_to_all = {"/login", "/healthz", "/readyz", "/language", "/logout", "/static/<path:filename>"}
    open_to_all |= {"/invited/<string(maxlength=64):token>"}  # an invited person is nobody yet
    open_to_all |= {
        "/metrics"
    }  # to programs of this machine, as this visitor is one: tests/web/operator/test_metrics.py
    asked = 0
    for rule in site.app.url_map.iter_rules():
        if rule.rule in open_to_all or rule.rule.startswith("/public"):  # what everybody may read
            continue
        address = filled(rule, {})
        client = site.app.test_client()
        if "GET" in (rule.methods or ()):
            answer = client.get(address)
            assert (answer.status_code, answer.location.split("?")[0]) == (303, "/login"), address
            asked += 1
    assert asked > 10


def test_a_program_is_told_in_json_and_htmx_by_a_header(site):
    browser = site.browser()
    answer = browser.get("/profile", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    answer = browser.get("/profile", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


def test_an_unknown_address_is_not_found_for_everybody(site):
    browser = site.browser()
    assert browser.get("/nowhere").status_code == 404
    browser.sign_in("officer")
    assert browser.get("/nowhere").status_code == 404


def test_health_needs_nobody(site):
    assert site.browser().get("/healthz").status_code == 200


# --- staying in --------------------------------------------------------------------------------------------------


def test_half_an_hour_of_rest_ends_the_session_and_work_keeps_it(site):
    browser = site.browser()
    browser.sign_in("officer")
    for _ in range(3):
        site.house.clock.time += timedelta(minutes=25)
        assert browser.get("/profile").status_code == 200
    site.house.clock.time += timedelta(minutes=32)
    assert browser.get("/profile").status_code == 303


def test_after_twelve_hours_one_signs_in_again(site):
    browser = site.browser()
    browser.sign_in("officer")
    for _ in range(28):
        site.house.clock.time += timedelta(minutes=25)
        browser.get("/profile")
    assert browser.get("/profile").status_code == 200
    site.house.clock.time += timedelta(minutes=25)
    assert browser.get("/profile").status_code == 303


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(site):
    browser = site.browser()
    browser.sign_in("officer")
    thief = site.browser()
    thief.client.set_cookie("gangwei", browser.client.get_cookie("gangwei").value)
    assert thief.client.get("/profile").status_code == 200
    assert browser.post("/logout").location == "/login"
    assert thief.client.get("/profile").status_code == 303
    assert browser.client.get("/profile").status_code == 303


def test_a_forged_cookie_is_a_stranger(site):
    browser = site.browser()
    browser.client.set_cookie("gangwei", "eyJzZXNzaW9uIjoiMSIsInNlZW4iOjF9.aaaaaa.bbbbbbbbbbbb")
    assert browser.get("/profile").status_code == 303


def test_a_closed_account_is_out_at_once(site):
    browser = site.browser()
    browser.sign_in("officer")
    site.house.people.lock(site.house.admin, site.house.officer)
    assert browser.client.get("/profile").status_code == 303


def test_a_second_person_at_the_same_browser_ends_the_session_of_the_first(site):
    browser = site.browser()
    browser.sign_in("officer")
    visitor = site.house.signin.enter("officer", PASSWORD)
    browser.sign_in("admin")
    assert [each.id for each in site.house.signin.sessions(visitor)] == [visitor.session_id]
    assert "测试admin" in browser.get("/profile").text


# --- the language ------------------------------------------------------------------------------------------------


def test_the_language_chosen_before_signing_in_stays(site):
    browser = site.browser()
    page = browser.get("/login")
    assert '<html lang="zh-CN">' in page.text
    assert browser.post("/language", language="en", next="/login").location == "/login"
    assert '<html lang="en">' in browser.get("/login").text
    browser.post("/login", login="officer", password=PASSWORD)
    assert '<html lang="en"' in browser.get("/profile").text


# --- failing -----------------------------------------------------------------------------------------------------


def fail(browser, times, login="officer"):
    browser.get("/login")
    return [browser.post("/login", login=login, password="wrong").status_code for _ in range(times)]


def test_after_five_failures_one_is_told_how_long_to_wait(site):
    stranger = site.browser()
    assert fail(stranger, 7) == [422] * 5 + [429] * 2
    answer = stranger.post("/login", login="officer", password=PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "请 1 秒后再试" in answer.text
    answer = stranger.post("/login", headers={"Accept": "application/json"}, login="officer", password=PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json["code"]) == (429, "1", "TooManyAttempts")


def test_a_browser_in_which_one_signed_in_before_waits_for_nobody(site):
    mine = site.browser()
    mine.sign_in("officer")
    mine.post("/logout")
    fail(site.browser(), 7)
    assert site.browser().sign_in("officer").status_code == 429
    assert site.browser().sign_in("admin").status_code == 303
    assert mine.sign_in("officer").status_code == 303


def test_the_cookie_of_a_device_goes_to_the_door_alone_and_out_of_date_with_the_password(site):
    mine = site.browser()
    cookie = next(one for one in mine.sign_in("officer").headers.getlist("Set-Cookie") if "gangwei_device=" in one)
    assert all(word in cookie for word in ("Path=/login", "HttpOnly", "SameSite=Lax"))
    site.house.clock.time += timedelta(seconds=1)
    word = site.house.people.reset_password(site.house.admin, site.house.officer)
    fail(site.browser(), 7)
    assert mine.sign_in("officer", word).status_code == 429


@pytest.mark.parametrize("value", ["", "x", "W10.x.y", "session"])
def test_a_forged_cookie_of_a_device_is_none(site, value):
    mine, stranger = site.browser(), site.browser()
    mine.sign_in("officer")
    if value == "session":  # signed by the same secret, for another use
        value = mine.client.get_cookie("gangwei").value
    stranger.client.set_cookie("gangwei_device", value, path="/login")
    fail(stranger, 5)
    assert stranger.sign_in("officer").status_code == 429


def test_many_accounts_of_one_browser_are_known_in_a_short_cookie(site):
    mine = site.browser()
    for number in range(12):
        site.house.add(f"person{number}")
        mine.sign_in(f"person{number}")
    assert len(mine.client.get_cookie("gangwei_device", path="/login").value) < 1500
    fail(site.browser(), 5, "person11")
    fail(site.browser(), 5, "person0")
    assert mine.sign_in("person11").status_code == 303
    assert mine.sign_in("person0").status_code == 429


def test_too_many_at_once_are_told_at_once(site):
    browser = site.browser()
    browser.get("/login")
    queue = site.house.signin.passwords.queue
    with queue.turn("a"), queue.turn("b"):  # both that may compare at once
        queue._patience = 0.01
        answer = browser.post("/login", login="officer", password=PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert "请 1 秒后再试" in answer.text
    assert browser.sign_in("officer").status_code == 303
