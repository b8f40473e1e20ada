"""Who waits after failed sign-ins, and who does not because of another's."""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from engine.directory.delays import Device, Limits, TooManyAttempts, of_address
from engine.directory.queue import Busy, Queue
from engine.directory.signin import SignIn, SignInRefused
from storage import account_events
from storage.database import Database
from tests.engine.directory.people_house import PASSWORD, House
from tests.house import CHEAP

HERE, THERE = "192.0.2.1", "198.51.100.2"
SECOND = timedelta(seconds=1)


@pytest.fixture
def house(tmp_path):
    house = House(f"sqlite:///{tmp_path / 'test.db'}")
    house.add("neighbour", ("county_officer", "130102"))
    yield house
    house.database.close()


def guess(house, login="officer", address=HERE, times=1, devices=()):
    """How many of so many wrong passwords were compared, the others having been refused unread."""
    compared = 0
    for _ in range(times):
        try:
            house.signin.enter(login, "wrong password", address, devices=devices)
        except SignInRefused:
            compared += 1
        except TooManyAttempts:
            pass
    return compared


def failing(house):
    return house.events().count("sign_in_failed")


# --- the delay ---------------------------------------------------------------------------------------------------


def test_five_failures_are_free_then_each_one_doubles_the_wait(house):
    assert guess(house, times=9) == 5
    assert house.events(house.officer)[-1] == "sign_in_delayed"
    waits = []
    for _ in range(12):
        with pytest.raises(TooManyAttempts) as refused:
            house.signin.enter("officer", PASSWORD, HERE)
        waits.append(refused.value.seconds)
        house.clock.time += waits[-1] * SECOND
        assert guess(house) == 1
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    house.clock.time += 900 * SECOND
    assert house.signin.enter("officer", PASSWORD, HERE)
    assert guess(house, times=9) == 5


def test_what_one_has_to_wait_is_said_in_words(house):
    guess(house, times=5)
    with pytest.raises(TooManyAttempts, match="Wait 1 s"):
        house.signin.enter("officer", PASSWORD, HERE)
    assert "请 5 分钟后再试" in TooManyAttempts(256).message("zh")


def test_failures_are_forgotten_an_hour_after_the_last(house):
    guess(house, times=4)
    house.clock.time += timedelta(hours=1, seconds=1)
    assert guess(house, times=9) == 5
    with house.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sign_in_failures").scalar() == 3


def test_an_unknown_account_waits_like_a_known_one(house):
    said = []
    for login in ("officer", "nobody"):
        assert guess(house, login, times=9) == 5
        with pytest.raises(TooManyAttempts) as refused:
            house.signin.enter(login, PASSWORD, HERE)
        said.append(refused.value.message())
    assert said[0] == said[1]


def test_a_restart_and_another_server_know_of_the_failures(house):
    guess(house, times=5)
    other = Database(house.database.engine.url.render_as_string(hide_password=False))
    with pytest.raises(TooManyAttempts):
        SignIn(other, house.clock, CHEAP).enter("officer", PASSWORD, HERE)
    other.close()


def test_a_network_of_ipv6_is_one_source(house):
    assert of_address("2001:db8:1:2::1") == of_address("2001:db8:1:2:ffff::9") != of_address("2001:db8:1:3::1")
    compared = sum(guess(house, address=f"2001:db8:1:2::{number}") for number in range(9))
    assert compared == 5


# --- nobody waits for another's failures ---------------------------------------------------------------------------


def test_a_thousand_failures_from_an_address_keep_nobody_else_behind_it_out(house):
    assert guess(house, times=1000) == 5
    assert house.signin.enter("neighbour", PASSWORD, HERE)
    assert house.signin.enter("officer", PASSWORD, THERE)


def test_a_flood_over_many_accounts_keeps_nobody_out_and_fills_no_log(house):
    house.signin = SignIn(house.database, house.clock, replace(CHEAP, limits=Limits(address_failures=10)))
    assert sum(guess(house, f"nobody{number}") for number in range(140)) == 140
    assert failing(house) == 10 + len((16, 32, 64, 128))
    assert house.signin.enter("neighbour", PASSWORD, HERE)
    with house.database.read() as connection:
        assert list(account_events.broken(connection)) == []


def test_guesses_from_everywhere_slow_an_account_down_and_leave_its_devices_alone(house):
    house.signin = SignIn(house.database, house.clock, replace(CHEAP, limits=Limits(account_failures=20)))
    mine = house.signin.device(house.signin.enter("officer", PASSWORD, HERE))
    assert sum(guess(house, address=f"192.0.2.{number}") for number in range(40)) == 20
    with pytest.raises(TooManyAttempts):
        house.signin.enter("officer", PASSWORD, THERE)
    assert house.signin.enter("officer", PASSWORD, THERE, devices=[mine])


def test_a_device_that_signed_in_before_waits_for_its_own_failures_alone(house):
    mine = house.signin.device(house.signin.enter("officer", PASSWORD, HERE))
    assert guess(house, times=9) == 5
    assert house.signin.enter("officer", PASSWORD, HERE, devices=[mine])
    assert guess(house, times=9, devices=[mine]) == 5
    with pytest.raises(TooManyAttempts):
        house.signin.enter("officer", PASSWORD, HERE, devices=[mine])


def test_a_device_is_known_for_its_own_account_alone(house):
    neighbours = house.signin.device(house.signin.enter("neighbour", PASSWORD, HERE))
    guess(house, times=5)
    with pytest.raises(TooManyAttempts):
        house.signin.enter("officer", PASSWORD, HERE, devices=[neighbours])


@pytest.mark.parametrize("how", ["reset", "changed", "closed"])
def test_a_new_password_makes_devices_unknown(house, how):
    visitor = house.signin.enter("officer", PASSWORD, HERE)
    mine, word = house.signin.device(visitor), PASSWORD
    house.clock.time += SECOND
    if how == "reset":
        word = house.people.reset_password(house.admin, house.officer)
    elif how == "changed":
        word = "a longer new word"
        house.signin.change_password(visitor, PASSWORD, word)
    else:
        house.people.lock(house.admin, house.officer)
        house.people.unlock(house.admin, house.officer)
    guess(house, times=5)
    with pytest.raises(TooManyAttempts):
        house.signin.enter("officer", word, HERE, devices=[mine])
    assert house.signin.enter("officer", word, HERE, devices=[Device(house.officer, "new", house.clock.now())])


# --- many at once --------------------------------------------------------------------------------------------------


def test_sixteen_wrong_logins_at_once_get_five_guesses_and_others_are_served(house):
    compared: list[int] = []
    together = threading.Barrier(17)

    def attack():
        together.wait()
        try:
            compared.append(guess(house))
        except Busy:
            compared.append(0)

    threads = [threading.Thread(target=attack) for _ in range(16)]
    for thread in threads:
        thread.start()
    together.wait()
    assert house.signin.enter("neighbour", PASSWORD, HERE)
    for thread in threads:
        thread.join()
    assert len(compared) == 16
    assert 1 <= sum(compared) <= 5
    assert failing(house) == sum(compared)


def test_no_transaction_is_open_while_a_password_is_hashed(house, monkeypatch):
    began: list[object] = []
    hashing = []
    for name in ("matches", "hash"):
        real = getattr(type(house.signin.passwords), name)

        def watched(self, *words, real=real):
            hashing.append(house.database.engine.pool.checkedout())
            return real(self, *words)

        monkeypatch.setattr(type(house.signin.passwords), name, watched)
    event.listen(house.database.engine, "begin", began.append)
    visitor = house.signin.enter("officer", PASSWORD)
    house.signin.change_password(visitor, PASSWORD, "a longer new word")
    house.people.create(house.admin, "newcomer", "新来的")
    house.people.reset_password(house.admin, house.officer)
    guess(house)
    assert began
    assert hashing == [0] * 6


def test_a_megabyte_is_cut_before_it_is_read(house, monkeypatch):
    read, real = [], unicodedata.normalize

    def watched(form, text):
        read.append(len(text))
        return real(form, text)

    monkeypatch.setattr(unicodedata, "normalize", watched)
    for login in ("ﷺ" * 1_000_000, "officer" + " " * 100 + "x", "officer"):
        with pytest.raises(SignInRefused):
            house.signin.enter(login, "ﷺ" * 1_000_000)
    assert max(read) <= 2000  # one letter may become eighteen
    assert house.signin.enter(" ＯＦＦＩＣＥＲ　", PASSWORD)


# --- the queue -----------------------------------------------------------------------------------------------------


def wait_in(queue, order, *keys, first=False):
    def go():
        try:
            with queue.turn(*keys, first=first):
                order.append(keys)
        except Busy:
            order.append("busy")

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def wait_until(true):
    for _ in range(2000):
        if true():
            return
        threading.Event().wait(0.002)
    raise AssertionError("it did not happen")


def test_few_wait_and_the_others_are_told_at_once():
    queue = Queue(1, 4, 30)
    order: list[object] = []
    with queue.turn("a"):
        threads = [wait_in(queue, order, name) for name in "bcde"]
        wait_until(lambda: len(queue._waiting) == 4)
        with pytest.raises(Busy) as refused, queue.turn("f"):
            raise AssertionError("there was no place")
        assert refused.value.seconds == 1
        threads.append(wait_in(queue, order, "own", first=True))  # a place of its own, and before all
        wait_until(lambda: len(queue._waiting) == 5)
    for thread in threads:
        thread.join()
    assert order == [("own",), ("b",), ("c",), ("d",), ("e",)]


def test_one_key_holds_one_place_at_work_and_half_of_the_queue():
    queue = Queue(2, 4, 30)
    order: list[object] = []
    with queue.turn("flood"):
        threads = [wait_in(queue, order, "flood") for _ in range(2)]
        wait_until(lambda: len(queue._waiting) == 2)
        with pytest.raises(Busy), queue.turn("flood"):
            raise AssertionError("there was no place")
        with queue.turn("other"):
            order.append(("other",))
    for thread in threads:
        thread.join()
    assert order == [("other",), ("flood",), ("flood",)]


def test_nobody_waits_longer_than_the_queue_says():
    queue = Queue(1, 4, 0.01)
    order: list[object] = []
    with queue.turn():
        wait_in(queue, order).join()
    assert order == ["busy"]
    with queue.turn():
        order.append("free")
    assert order == ["busy", "free"]
