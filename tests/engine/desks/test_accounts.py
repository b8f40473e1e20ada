"""Accounts and roles as the security administrator keeps them, and the chain of evidence behind them."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy.exc import IntegrityError

from engine.demo import people as demo_people
from engine.desks.accounts import LoginTaken
from engine.desks.invitations import InvitationDesk
from engine.directory.delays import TooManyAttempts
from engine.directory.duties import DUTIES
from engine.directory.signin import SignInRefused
from engine.errors import BadInput, NotAllowed, NotFound
from storage import account_events
from tests.directory import OURS
from tests.engine.directory.people_house import PASSWORD, House
from tests.house import CHEAP

pytestmark = pytest.mark.any_day


@pytest.fixture
def house(tmp_path):
    house = House(f"sqlite:///{tmp_path / 'test.db'}")
    yield house
    house.database.close()


# --- accounts ----------------------------------------------------------------------------------------------------


def test_a_new_account_has_no_role_and_must_change_its_password(house):
    account, word = house.people.create(house.admin, "New.Person", " 测试  新人 ")
    assert (account.login, account.name, account.memberships) == ("new.person", "测试 新人", ())
    visitor = house.signin.enter("new.person", word)
    assert visitor.must_change_password
    house.signin.change_password(visitor, word, "a longer new word")
    assert not house.signin.enter("new.person", "a longer new word").must_change_password


@pytest.mark.parametrize("login", ["", "ab", "1abc", "a b c", "a/b/c", "x" * 33, "张三李四", "abc\n"])
def test_a_login_that_would_confuse_is_refused(house, login):
    if login == "abc\n":
        assert house.people.create(house.admin, login, "测试")[0].login == "abc"
    else:
        with pytest.raises(BadInput):
            house.people.create(house.admin, login, "测试")


def test_a_login_is_given_once(house):
    with pytest.raises(LoginTaken):
        house.people.create(house.admin, "OFFICER", "测试")


def test_accounts_are_found_by_name_login_and_organisation_page_by_page(house):
    assert [each.login for each in house.people.find(house.admin, "officer").rows] == ["officer"]
    assert [each.login for each in house.people.find(house.admin, "长安 测试").rows] == ["officer"]
    first = house.people.find(house.admin, limit=2)
    assert ([each.login for each in first.rows], first.total) == (["admin", "admin2"], 3) and first.next
    second = house.people.find(house.admin, after=first.next, limit=2)
    assert ([each.login for each in second.rows], second.next) == (["officer"], "")


def test_a_reset_password_ends_all_sessions_and_must_be_changed(house):
    visitor = house.signin.enter("officer", PASSWORD)
    word = house.people.reset_password(house.admin, house.officer)
    assert house.signin.visitor(visitor.session_id, house.clock.now()) is None
    with pytest.raises(SignInRefused):
        house.signin.enter("officer", PASSWORD)
    assert house.signin.enter("officer", word).must_change_password


def test_an_administrator_can_let_nobody_wait_after_failures(house):
    house.fail(times=5)
    assert house.people.get(house.admin, house.officer).waits_until
    with pytest.raises(TooManyAttempts):
        house.signin.enter("officer", PASSWORD)
    house.people.unlock(house.admin, house.officer)
    assert house.people.get(house.admin, house.officer).waits_until is None
    assert house.signin.enter("officer", PASSWORD)


# --- who may change what -----------------------------------------------------------------------------------------


def test_only_an_administrator_may_look_at_or_change_accounts(house):
    officer = house.actor(house.officer)
    people, other = house.people, house.admin.user_id
    for act in (
        lambda: people.find(officer),
        lambda: people.get(officer, other),
        lambda: people.history(officer, other),
        lambda: people.create(officer, "newcomer", "测试"),
        lambda: people.grant(officer, other, "observer", "130000"),
        lambda: people.revoke(officer, other, "administrator", "130000"),
        lambda: people.lock(officer, other),
        lambda: people.unlock(officer, other),
        lambda: people.reset_password(officer, other),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_nobody_changes_his_own_account_or_roles(house):
    people, me = house.people, house.admin.user_id
    for act in (
        lambda: people.grant(house.admin, me, "province_approver", "130000"),
        lambda: people.revoke(house.admin, me, "administrator", "130000"),
        lambda: people.lock(house.admin, me),
        lambda: people.unlock(house.admin, me),
        lambda: people.reset_password(house.admin, me),
    ):
        with pytest.raises(NotAllowed, match="own account"):
            act()
    people.revoke(house.other_admin, me, "administrator", "130000")
    assert house.actor(me).memberships == ()


# --- roles -------------------------------------------------------------------------------------------------------


def test_the_three_administrators_exclude_each_other_and_all_business():
    duties = [each for each in OURS.roles.values() if each.duty]
    assert {each.duty for each in duties} == set(DUTIES)
    for keeper, other in itertools.product(duties, OURS.roles.values()):
        assert (OURS.excluded_by(keeper, [other.id]) is None) == (keeper.id == other.id)
        assert (OURS.excluded_by(other, [keeper.id]) is None) == (keeper.id == other.id)
    assert OURS.excluded_by(OURS.role("county_officer"), ["observer", "designer"]) is None


@pytest.mark.parametrize(
    ("held", "wanted"),
    [(["administrator"], "auditor"), (["operator"], "administrator"), (["auditor"], "operator"),
     (["auditor"], "observer"), (["province_approver"], "administrator"), (["designer"], "auditor")],
)  # fmt: skip
def test_a_role_that_excludes_a_held_one_is_not_granted(house, held, wanted):
    user_id = house.add("person", *((each, "130000") for each in held))
    with pytest.raises(NotAllowed) as refused:
        house.people.grant(house.admin, user_id, wanted, "130000")
    assert "不能由同一人担任" in refused.value.message()
    assert [one.role for one in house.actor(user_id).memberships] == held
    for each in held:
        house.people.revoke(house.admin, user_id, each, "130000")
    house.people.grant(house.admin, user_id, wanted, "130000")
    assert house.actor(user_id).has(wanted)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [("county_officer", "130100"), ("city_reviewer", "130102"), ("province_approver", "130682"), ("auditor", "130100")],
)
def test_a_role_is_only_granted_where_it_belongs(house, wanted, code):
    with pytest.raises(NotAllowed, match="has no such role"):
        house.people.grant(house.admin, house.officer, wanted, code)


def test_an_unknown_role_person_or_place_is_refused(house):
    with pytest.raises(BadInput):
        house.people.grant(house.admin, house.officer, "king", "130000")
    with pytest.raises(NotFound):
        house.people.grant(house.admin, house.officer, "observer", "999999")
    with pytest.raises(NotFound):
        house.people.grant(house.admin, 999, "observer", "130000")
    with pytest.raises(NotFound):
        house.people.revoke(house.admin, house.officer, "observer", "130000")


def test_granting_twice_is_granting_once(house):
    for _ in range(2):
        house.people.grant(house.admin, house.officer, "county_officer", "130123")
    assert house.actor(house.officer).candidates == ("county_officer@130102", "county_officer@130123", "user:1")
    assert house.events(house.officer).count("role_granted") == 2  # one for each organisation


# --- the demo ----------------------------------------------------------------------------------------------------


def test_the_demo_can_be_loaded_again_and_holds_every_role_those_from_outside_by_invitation(house):
    demo_people.load_places(house.database, house.clock)
    desk = InvitationDesk(house.database, house.clock, house.people, house.signin.delays)
    assert demo_people.load_invited(house.database, house.clock, desk) == 0  # nobody is there who may invite
    first = demo_people.load_users(house.database, house.clock, CHEAP)
    invited = demo_people.load_invited(house.database, house.clock, desk)
    assert first + invited == len(demo_people.demo_accounts(OURS))
    assert [one.standing for one in desk.page(house.admin).invitations] == ["used"] * invited
    house.people.lock(house.admin, house.people.by_login(house.admin, "changan").user_id)
    assert demo_people.load_users(house.database, house.clock, CHEAP) == 0
    assert demo_people.load_invited(house.database, house.clock, desk) == 0
    assert not house.people.by_login(house.admin, "changan").active
    found = house.people.find(house.admin, limit=100).rows
    assert {one.role for account in found for one in account.memberships} == set(OURS.roles)
    for account in demo_people.demo_accounts(OURS):
        if account.login != "changan":
            assert not house.signin.enter(account.login, account.password).must_change_password


# --- evidence ----------------------------------------------------------------------------------------------------


def test_every_change_of_an_account_is_recorded_with_who_did_it(house):
    house.people.grant(house.admin, house.officer, "observer", "130200")
    house.people.revoke(house.admin, house.officer, "observer", "130200")
    house.people.lock(house.admin, house.officer)
    house.people.unlock(house.admin, house.officer)
    house.people.reset_password(house.admin, house.officer)
    assert house.events(house.officer)[-5:] == [
        "role_granted",
        "role_revoked",
        "account_closed",
        "account_opened",
        "password_reset",
    ]
    newest = house.people.history(house.admin, house.officer)
    assert newest[-1].kind == "account_created"
    assert newest[3].facts == {"role": "observer", "organisation": "130200", "organisation_name": "唐山市总工会"}


def test_a_refused_change_leaves_no_trace(house):
    before = house.events()
    with pytest.raises(NotAllowed):
        house.people.grant(house.admin, house.officer, "auditor", "130000")
    assert house.events() == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account_events SET kind = 'session_started'",
        "DELETE FROM account_events",
        "INSERT OR REPLACE INTO account_events SELECT sequence, at, 'x', user_id, actor_id, address, facts,"
        " previous_hash, hash FROM account_events",
    ],
)
def test_evidence_cannot_be_changed(house, change):
    with pytest.raises(IntegrityError, match="evidence"), house.database.write() as connection:
        connection.exec_driver_sql(change)


def test_a_change_behind_the_triggers_breaks_the_chain(house):
    def broken():
        with house.database.read() as connection:
            return list(account_events.broken(connection))

    assert broken() == []
    with house.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER account_events_no_update")
        connection.exec_driver_sql("UPDATE account_events SET kind = 'role_revoked' WHERE sequence = 3")
    assert broken() == [3]
    with house.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER account_events_no_delete")
        connection.exec_driver_sql("DELETE FROM account_events WHERE sequence = 3")
    assert broken() == [4]
