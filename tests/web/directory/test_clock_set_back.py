"""A clock that is set back signs nobody out and keeps nobody out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from itsdangerous import TimestampSigner

from engine.directory.delays import TooManyAttempts
from engine.directory.signin import SignInRefused
from tests.web.people_site import PASSWORD, Site


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    yield site
    site.close()


@pytest.mark.parametrize("days", [-3, -0.2, 0.01])
def test_who_is_signed_in_stays_so_when_the_clock_is_set(site, monkeypatch, days):
    browser = site.browser()
    browser.sign_in("officer")
    real = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda signer: real(signer) + int(days * 86_400))
    site.house.clock.time += timedelta(days=days)
    assert browser.get("/profile").status_code == 200
    assert site.browser().sign_in("officer").location == "/"


def test_a_cookie_that_was_not_signed_here_is_no_session(site):
    browser = site.browser()
    browser.sign_in("officer")
    browser.client.set_cookie("gangwei", "eyJzZXNzaW9uIjoiMSJ9.forged.signature")
    assert browser.get("/profile").status_code == 303


def test_nobody_waits_for_days_because_the_clock_was_set_back(site):
    def guess():
        for _ in range(30):
            with pytest.raises((SignInRefused, TooManyAttempts)):
                site.house.signin.enter("officer", "wrong password", "192.0.2.1")

    guess()
    site.house.clock.time += timedelta(minutes=30)
    guess()
    with pytest.raises(TooManyAttempts):
        site.house.signin.enter("officer", PASSWORD, "192.0.2.1")
    site.house.clock.time -= timedelta(days=3)
    assert site.house.signin.enter("officer", PASSWORD, "192.0.2.1").actor.login == "officer"


def test_a_device_of_a_clock_set_back_since_may_be_from_before_the_password_and_is_not_known(site):
    signin = site.house.signin
    mine = signin.device(signin.enter("officer", PASSWORD, "192.0.2.1"))
    site.house.clock.time -= timedelta(days=1)
    for _ in range(30):
        with pytest.raises((SignInRefused, TooManyAttempts)):
            signin.enter("officer", "wrong password", "192.0.2.2")
    with pytest.raises(TooManyAttempts):
        signin.enter("officer", PASSWORD, "192.0.2.2", devices=[mine])
