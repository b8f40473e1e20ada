"""A little of every soak, and that each would see what it looks for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.files import apart as own_process
from engine.publishing import quarantine
from tests.console import ROOT
from tests.soak.definitions import apart
from tests.soak.watch import Score

LITTLE = {"feel": 2_000, "definitions": 250, "payloads": 150, "walks": 20}
PLANTED = """
import socket, subprocess, sys, time
from engine.errors import BadInput
from tests.soak.watch import MEGABYTE, Score, Watch, attempt
watch, score = Watch(), Score("planted", limit=0.2, growth=50 * MEGABYTE)
def act(number):
    {act}
    return "fine"
attempt(score, watch, "the input", act)
sys.exit(0 if score.judge() else 1)
"""


def python(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("part", LITTLE)
def test_hostile_input_gives_a_value_or_a_named_refusal_soon_and_touches_nothing(part: str) -> None:
    done = python("-m", "tests.soak", part, "--count", str(LITTLE[part]))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{part}: {LITTLE[part]:,} tried" in done.stdout


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("open('README.md').close()", "open"),
        ("import wave", "import ('wave',"),
        ("eval('1 + 1')", "compile"),
        ("exec(compile('1', 'x', 'exec'))", "exec"),
        ("socket.socket().close()", "socket.__new__"),
        ("subprocess.run(['true'])", "subprocess.Popen"),
        ("raise ValueError('strange')", "ValueError: strange from 'the input'"),
        ("1 / 0", "ZeroDivisionError"),
        ("if number == 0: b'x' * 800 * MEGABYTE", "memory grew"),
        ("end = time.thread_time() + 0.3\n    while time.thread_time() < end: pass", "took 0.3"),
    ],
)
def test_a_planted_fault_is_seen(act: str, said: str) -> None:
    done = python("-c", PLANTED.format(act=act))
    assert done.returncode == 1 and said in done.stdout and "FAILED" in done.stdout, done.stdout + done.stderr


def test_another_finding_in_a_process_of_its_own_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    score, empty = Score("part", limit=1), {"mutant1": {"process.bpmn": b""}}
    apart(score, empty)
    assert score.broken == []
    monkeypatch.setattr(quarantine, "_known", {})
    monkeypatch.setattr(own_process, "START", "print('ready', flush=True)")
    apart(score, empty)
    assert "mutant1" in score.broken[0]


@pytest.mark.parametrize("act", ["pass", "raise BadInput(field='a', reason='b')", "if number == 0: time.sleep(0.4)"])
def test_a_value_a_refusal_and_a_wait_for_others_are_no_faults(act: str) -> None:
    done = python("-c", PLANTED.format(act=act))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_slowest_input_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    score = Score("part", limit=1)
    score.took(0.1, "quick")
    score.took(2.0, "slow")
    assert not score.judge()
    assert "took 2.00 s: 'slow'" in capsys.readouterr().out
