"""Who acts, signing in, sessions and one's own password."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from engine.directory.delays import TooManyAttempts
from engine.directory.guessable import is_guessable
from engine.directory.passwords import PasswordTooWeak
from engine.directory.signin import SignIn, SignInRefused, WrongPassword
from engine.errors import NotFound
from storage import accounts as rows
from storage import handover, people
from tests.engine.directory.people_house import PASSWORD, House
from tests.house import CHEAP

pytestmark = pytest.mark.any_day

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(tmp_path):
    house = House(f"sqlite:///{tmp_path / 'test.db'}")
    yield house
    house.database.close()


# --- who acts ----------------------------------------------------------------------------------------------------


def test_an_actor_has_an_inbox_key_for_each_role_that_acts(house):
    user_id = house.add("many", ("county_officer", "130111"), ("county_officer", "130110"), ("observer", "130200"))
    actor = house.actor(user_id)
    assert actor.candidates == ("county_officer@130110", "county_officer@130111", f"user:{user_id}")
    assert actor.paths == ("/130000/130100/130110/", "/130000/130100/130111/", "/130000/130200/")
    assert actor.has("county_officer")
    assert actor.has("county_officer", "130110")
    assert not actor.has("county_officer", "130102")
    assert actor.sees("/130000/130200/130203/")
    assert not actor.sees("/130000/130100/")


def test_a_wider_subtree_swallows_the_narrower_one(house):
    user_id = house.add("both", ("observer", "130000"), ("county_officer", "130102"))
    assert house.actor(user_id).paths == ("/130000/",)


@pytest.mark.parametrize("role", ["designer", "operator", "administrator", "auditor"])
def test_those_who_keep_the_system_see_no_business(house, role):
    actor = house.actor(house.add("keeper", (role, "130000")))
    assert actor.paths == ()
    assert actor.candidates == ()


def test_a_role_counts_only_while_it_holds(house):
    house.people.revoke(house.admin, house.officer, "county_officer", "130102")
    assert house.actor(house.officer).memberships == ()
    house.people.grant(house.admin, house.officer, "county_officer", "130123")
    assert house.actor(house.officer).candidates == ("county_officer@130123", f"user:{house.officer}")
    house.clock.time -= timedelta(days=1)  # set back since: what was given at once still holds
    assert "county_officer@130123" in house.actor(house.officer).candidates


def test_a_role_that_was_ended_stays_ended_whatever_the_clock_says_since(house):
    house.people.revoke(house.admin, house.officer, "county_officer", "130102")
    house.clock.time -= timedelta(days=3)
    assert house.actor(house.officer).memberships == ()
    with house.database.read() as connection:
        assert house.officer not in {one["id"] for one in rows.members(connection, "130102")}
        assert house.officer not in people.holding(connection, "county_officer", "130102", 100)
        assert house.officer not in {one["user_id"] for one in handover.held_keys(connection)}
        assert "officer" not in {one["login"] for one in people.under(connection, "/", None)}
    house.people.grant(house.admin, house.officer, "county_officer", "130102")
    assert house.actor(house.officer).candidates


def test_a_request_asks_the_database_twice(house):
    session = house.signin.enter("officer", PASSWORD)
    asked = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    visitor = house.signin.visitor(session.session_id, house.clock.now())
    assert visitor.actor.candidates == ("county_officer@130102", f"user:{house.officer}")
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2


def test_a_role_that_the_file_no_longer_knows_counts_for_nothing(house):
    with house.database.write() as connection:
        rows.grant(connection, house.officer, "forgotten", "130000", house.clock.now())
    actor = house.actor(house.officer)
    assert not actor.has("forgotten")
    assert actor.paths == ("/130000/130100/130102/",)


# --- signing in --------------------------------------------------------------------------------------------------


def test_the_right_password_opens_a_session(house):
    visitor = house.signin.enter(" Officer ", PASSWORD, "127.0.0.1", "test")
    assert visitor.actor.user_id == house.officer
    assert not visitor.must_change_password
    assert house.signin.visitor(visitor.session_id, house.clock.now()).actor == visitor.actor
    assert house.events(house.officer)[-1] == "session_started"


def test_an_unknown_user_is_answered_like_a_wrong_password(house):
    def message(login):
        with pytest.raises(SignInRefused) as refused:
            house.signin.enter(login, "wrong password")
        return refused.value.message()

    assert message("nobody") == message("officer")


def test_an_unknown_user_costs_a_comparison_as_well(house, monkeypatch):
    compared = []
    hasher = house.signin.passwords._hasher
    verify = type(hasher).verify

    def counted(self, kept, password):
        compared.append(kept)
        return verify(self, kept, password)

    monkeypatch.setattr(type(hasher), "verify", counted)
    house.fail("nobody")
    house.fail("officer")
    assert len(compared) == 2
    assert compared[0].split("$")[:4] == compared[1].split("$")[:4]  # same kind, same cost


def test_a_success_forgets_the_failures_before_it(house):
    house.fail(times=4)
    house.signin.enter("officer", PASSWORD)
    house.fail(times=4)
    assert house.signin.enter("officer", PASSWORD)


def test_a_hash_with_older_parameters_is_renewed_at_the_next_sign_in(house):
    def kept():
        with house.database.read() as connection:
            row = rows.user(connection, house.officer)
        assert row is not None
        return row["password_hash"]

    old = kept()
    house.signin.enter("officer", PASSWORD)
    assert kept() == old
    stronger = SignIn(house.database, house.clock, replace(CHEAP, time_cost=2))
    assert "password_rehashed" not in house.events(house.officer)
    stronger.enter("officer", PASSWORD)
    assert "t=2" in kept() and "password_rehashed" in house.events(house.officer)
    assert stronger.enter("officer", PASSWORD)


def test_a_closed_account_gets_neither_in_nor_on(house):
    visitor = house.signin.enter("officer", PASSWORD)
    house.people.lock(house.admin, house.officer)
    assert house.signin.visitor(visitor.session_id, house.clock.now()) is None
    house.fail()
    with pytest.raises(SignInRefused):
        house.signin.enter("officer", PASSWORD)
    with pytest.raises(NotFound):
        house.actor(house.officer)
    house.people.unlock(house.admin, house.officer)
    assert house.signin.visitor(visitor.session_id, house.clock.now()) is None  # the old session stays ended
    assert house.signin.enter("officer", PASSWORD)


# --- sessions ----------------------------------------------------------------------------------------------------


def test_a_session_ends_after_half_an_hour_of_rest_and_after_twelve_hours_anyway(house):
    visitor = house.signin.enter("officer", PASSWORD)
    start = house.clock.now()
    house.clock.time += 30 * MINUTE
    assert house.signin.visitor(visitor.session_id, start)
    house.clock.time += MINUTE
    assert house.signin.visitor(visitor.session_id, start) is None
    house.clock.time = start + timedelta(hours=12, seconds=1)
    assert house.signin.visitor(visitor.session_id, house.clock.now()) is None


def test_signing_out_ends_this_session_only_and_the_others_when_asked(house):
    first, second, third = (house.signin.enter("officer", PASSWORD) for _ in range(3))

    def alive():
        return [house.signin.visitor(each.session_id, house.clock.now()) is not None for each in (first, second, third)]

    house.signin.leave(first)
    assert alive() == [False, True, True]
    assert house.signin.leave_others(third) == 1
    assert alive() == [False, False, True]
    assert [session.id for session in house.signin.sessions(third)] == [third.session_id]


def test_one_sees_ones_own_sign_ins_and_failures(house):
    house.fail(address="192.0.2.1")
    visitor = house.signin.enter("officer", PASSWORD, "192.0.2.2")
    assert [(each.succeeded, each.address) for each in house.signin.attempts(visitor)] == [
        (True, "192.0.2.2"),
        (False, "192.0.2.1"),
    ]


# --- passwords ---------------------------------------------------------------------------------------------------


def test_a_new_password_replaces_the_old_one_and_ends_other_sessions(house):
    other, mine = house.signin.enter("officer", PASSWORD), house.signin.enter("officer", PASSWORD)
    house.signin.change_password(mine, PASSWORD, "a longer new word")
    assert house.signin.visitor(mine.session_id, house.clock.now())
    assert house.signin.visitor(other.session_id, house.clock.now()) is None
    house.fail("officer")
    assert house.signin.enter("officer", "a longer new word")
    with pytest.raises(SignInRefused):
        house.signin.enter("officer", PASSWORD)


def test_guessing_the_current_password_on_the_change_page_waits_too_and_keeps_nobody_out(house):
    visitor = house.signin.enter("officer", PASSWORD)
    for _ in range(5):
        with pytest.raises(WrongPassword):
            house.signin.change_password(visitor, "wrong password", "a longer new word")
    with pytest.raises(TooManyAttempts):
        house.signin.change_password(visitor, PASSWORD, "a longer new word")
    assert house.signin.enter("officer", PASSWORD)


@pytest.mark.parametrize(
    "word", ["short", "officer1234", "aaaaaaaaaaaa", "Password123", "1234567890", "x" * 201, PASSWORD]
)
def test_a_weak_password_is_refused(house, word):
    visitor = house.signin.enter("officer", PASSWORD)
    with pytest.raises(PasswordTooWeak):
        house.signin.change_password(visitor, PASSWORD, word)
    assert house.signin.enter("officer", PASSWORD)


def test_a_password_typed_in_another_normal_form_is_the_same(house):
    visitor = house.signin.enter("officer", PASSWORD)
    house.signin.change_password(visitor, PASSWORD, "caf\u00e9 au lait 2026")
    assert house.signin.enter("officer", "cafe\u0301 au lait 2026")


@pytest.mark.parametrize(
    "word",
    [
        "woaini1314",
        "woaini13145",
        "5201314520",
        "P@ssw0rd2026",
        "1qaz2wsx3edc",
        "qwertyuiop[]",
        "q1w2e3r4t5y6",
        "Officer@2026!",
        "2026officer!!",
        "测试officer 2026",
        "长安区总工会2026",
        "gonghui2026",
        "sjzgonghui2026",
        "michelle1234",
    ],
)
def test_what_is_easily_guessed_is_refused_in_words(house, word):
    visitor = house.signin.enter("officer", PASSWORD)
    with pytest.raises(PasswordTooWeak) as refused:
        house.signin.change_password(visitor, PASSWORD, word)
    assert "不符合要求" in refused.value.message()
    assert house.signin.enter("officer", PASSWORD)


@pytest.mark.parametrize(
    "word", ["correct horse staple", "tianxia-gongyi-88", "hebei-2026-Worker", "84719305526647", "今天下雨我带伞了吗"]
)
def test_what_is_not_easily_guessed_is_taken(house, word):
    visitor = house.signin.enter("officer", PASSWORD)
    house.signin.change_password(visitor, PASSWORD, word + "!")
    assert house.signin.enter("officer", word + "!")


def test_more_than_three_thousand_common_passwords_are_known():
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    long_enough = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= CHEAP.shortest_password]
    assert len(FREQUENCY_LISTS["passwords"]) > 3000
    assert len(long_enough) > 500
    assert [word for word in long_enough if not is_guessable(word)] == []


def test_an_account_with_an_easily_guessed_password_is_asked_at_the_next_change(house):
    with house.database.write() as connection:
        rows.change_user(connection, house.officer, password_hash=house.signin.passwords.hash("woaini1314"))
    visitor = house.signin.enter("officer", "woaini1314")
    with pytest.raises(PasswordTooWeak):
        house.signin.change_password(visitor, "woaini1314", "woaini5201314")
