"""Children of a pristine process: quick to begin, each by itself, and begun again when the process has gone."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

import pytest

from engine.files import apart, children
from engine.files.apart import NotStarted, Withdrawn, ask
from engine.files.children import Withdrawal

MODULE = "engine.files.sheets"
SAID = """
import json, os, sys
print("ready", flush=True)
lines = sys.stdin.buffer.read().split(b"\\n")
own = sys.modules["engine.files.sheets"]
print(json.dumps([os.getpid(), os.getsid(0), len(lines), sum(map(len, lines)), getattr(own, "mark", 0)]))
own.mark = os.getpid()
"""


@pytest.fixture(autouse=True)
def own_program(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apart, "START", SAID)
    yield
    children._forget(MODULE)


def asked(orders: list[bytes] | None = None) -> list[int]:
    heard = ask(MODULE, orders or [b"x"], 30)
    assert heard.code == 0
    told: list[int] = json.loads(heard.lines[0])
    return told


def test_each_order_has_a_child_of_its_own_that_knows_nothing_of_the_one_before():
    first, second = asked(), asked()
    assert first[0] != second[0] and first[1] == second[1], "two children of one pristine process"
    assert (first[4], second[4]) == (0, 0), "what a child does to a module stays with it"


def test_orders_larger_than_any_pipe_are_heard_whole():
    orders = [bytes([65 + number]) * 700_000 for number in range(5)]
    assert asked(orders)[2:4] == [5, 3_500_000]


def test_a_pristine_process_that_was_killed_is_begun_again():
    _, session, *_ = asked()
    os.kill(session, signal.SIGKILL)  # it leads its session
    assert asked()[1] != session


def test_one_that_ended_because_nobody_asked_is_begun_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        children, "BEGIN", children.BEGIN.replace("pristine.serve", "pristine.IDLE = 0.2\npristine.serve")
    )
    _, session, *_ = asked()
    until = time.monotonic() + 30
    while children._pristine[MODULE]._process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert children._pristine[MODULE]._process.returncode == 0, "it ends by itself"
    assert asked()[1] != session


def test_one_that_was_stopped_makes_nobody_wait_for_its_end_and_another_takes_its_place(
    monkeypatch: pytest.MonkeyPatch,
):
    _, session, *_ = asked()
    os.kill(session, signal.SIGSTOP)
    with monkeypatch.context() as hasty:
        hasty.setattr(children, "TO_BEGIN", 0.1)
        hasty.setattr(children, "TO_END", 0.1)
        with pytest.raises(NotStarted):
            ask(MODULE, [b"x"], 1)
    assert asked()[1] != session


def test_one_that_another_thread_has_found_gone_is_begun_again_once():
    asked()
    gone = children._pristine[MODULE]
    gone.end()
    asked()
    fresh = children._pristine[MODULE]
    children._forget(MODULE, gone)
    assert children._pristine[MODULE] is fresh is not gone


def test_a_fork_of_whoever_asks_has_a_pristine_process_of_its_own():
    _, session, *_ = asked()
    fork = os.fork()
    if fork == 0:
        code = 1
        try:
            code = int(asked()[1] == session)
            children._forget(MODULE)
        finally:
            os._exit(code)
    assert os.waitpid(fork, 0)[1] == 0
    assert asked()[1] == session


def test_a_program_longer_than_what_comes_at_once_is_heard_whole(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apart, "START", "#" * 1_000_000 + SAID)
    assert asked()[1] == asked()[1]


def test_many_at_once_get_what_is_theirs():
    found: list[list[int]] = []
    threads = [threading.Thread(target=lambda n=n: found.append(asked([b"y" * n]))) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one[3] for one in found) == list(range(1, 9)) and len({one[0] for one in found}) == 8


def test_a_child_that_closes_its_ears_and_mouth_is_ended_by_its_warden(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        apart, "START", "import os, time\nprint('ready', flush=True)\nos.close(0), os.close(1)\ntime.sleep(600)"
    )
    heard = ask(MODULE, [b"x" * 1_000_000], 1)
    assert heard.out_of_time and heard.lines == []


def test_where_processes_cannot_fork_each_order_begins_a_fresh_interpreter(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apart, "FORKS", False)
    monkeypatch.setattr(apart, "START", "print('ready')\nprint(input())")
    assert ask(MODULE, [b"heard"], 30).lines == [b"heard"]
    monkeypatch.setattr(apart, "START", "print('ready', flush=True)\nwhile True: pass")
    assert ask(MODULE, [b"x"], 1).out_of_time


@pytest.mark.parametrize("forks", [True, False])
def test_what_this_process_has_compiled_elsewhere_is_found(monkeypatch: pytest.MonkeyPatch, forks: bool):
    monkeypatch.setattr(sys, "pycache_prefix", "/elsewhere")
    monkeypatch.setattr(apart, "FORKS", forks)
    monkeypatch.setattr(
        apart, "START", "import sys\nprint('ready')\nprint(sys.pycache_prefix, sys.dont_write_bytecode)"
    )
    children._forget(MODULE)
    assert ask(MODULE, [b"x"], 30).lines == [b"/elsewhere True"]


def test_a_module_that_is_not_there_is_a_fault_of_ours():
    with pytest.raises(NotStarted):
        ask("engine.no_such_module", [b"x"], 30)
    children._forget("engine.no_such_module")


ENDLESS = """
import os, sys, time
print("ready", os.getpid(), flush=True)
while True:
    time.sleep(60)
"""


def test_a_child_whose_answer_nobody_wants_any_longer_ends_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apart, "START", ENDLESS)
    withdrawal, ended = Withdrawal(), []

    def waiting() -> None:
        with pytest.raises(Withdrawn):
            ask(MODULE, [b"x"], 600, withdrawal)
        ended.append(True)

    asking = threading.Thread(target=waiting)
    asking.start()
    while withdrawal._talk is None:
        time.sleep(0.01)
    withdrawal.say()
    asking.join(60)
    assert ended == [True]


def test_what_was_called_off_before_it_began_is_not_done():
    withdrawal = Withdrawal()
    withdrawal.say()
    with pytest.raises(Withdrawn):
        ask(MODULE, [b"x"], 30, withdrawal)
