"""The moved clock: it moves for a program and all that it starts, and what measures time goes on."""

import sys
import time
from datetime import UTC, datetime, timedelta
from subprocess import check_output

import pytest

from scripts import any_day
from scripts.steps import StepFailed

MOMENT = "2028-02-29T07:30+08:00"
TOLD = "import datetime, time; print(datetime.datetime.now(datetime.UTC).isoformat(), time.monotonic())"
CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TOLD!r}], check=True)"


@pytest.mark.parametrize("program", [TOLD, CHILD], ids=["itself", "what it starts"])
def test_a_program_is_at_the_moment_and_measures_time_as_ever(program):
    moment, before = datetime.fromisoformat(MOMENT), time.monotonic()
    words = [sys.executable, "-c", program]
    at, measured = check_output(words, env=any_day.environment_at(moment), text=True).split()
    assert moment <= datetime.fromisoformat(at) < moment + timedelta(minutes=5)
    assert before < float(measured) < time.monotonic()


def test_the_moments_begin_with_a_leap_day_in_china_that_is_still_the_day_before_in_utc():
    days = [datetime.fromisoformat(moment) for moment in any_day.MOMENTS]
    assert [day.date().isoformat() for day in days] == ["2028-02-29", "2028-12-31", "2036-11-29"]
    assert days[0].astimezone(UTC).date() < days[0].date()


def test_a_moment_at_which_something_fails_is_named_and_hides_no_other(monkeypatch, capsys):
    fails_in_2028 = "import datetime, sys; sys.exit(datetime.date.today().year == 2028)"
    moments = [MOMENT, "2036-11-29T10:00+08:00"]
    monkeypatch.setattr(any_day, "MOMENTS", moments)
    monkeypatch.setattr(any_day, "tests", lambda: [sys.executable, "-c", fails_in_2028])
    monkeypatch.setattr(sys, "argv", ["any_day"])
    with pytest.raises(StepFailed) as caught:
        any_day.main()
    assert MOMENT in caught.value.text() and moments[1] not in caught.value.text()
    assert f"== {moments[1]}" in capsys.readouterr().out


def test_only_files_that_bear_the_mark_are_looked_into():
    files = {word.rpartition("tests/scripts/")[2] for word in any_day.tests()}
    assert "test_start.py" in files and "test_run.py" not in files
