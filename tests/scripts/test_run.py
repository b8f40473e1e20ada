"""`make run`: what is refused before anything is done."""

import socket

import pytest

from scripts import run
from scripts.steps import StepFailed, run_steps


def test_a_port_in_use_is_named_with_a_way_out(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(run, "PORT", str(port))
        with pytest.raises(StepFailed) as caught:
            run.check_port()
    assert f"make run PORT={port + 1}" in caught.value.text()


@pytest.mark.parametrize("port", ["", "http", "0", "99999"])
def test_a_port_that_is_none_is_refused(monkeypatch, port):
    monkeypatch.setattr(run, "PORT", port)
    with pytest.raises(StepFailed, match="not a port"):
        run.check_port()


def test_the_steps_of_a_deleted_database_run_again(monkeypatch, tmp_path):
    monkeypatch.delenv("GANGWEI_DATABASE_URL", raising=False)
    monkeypatch.setattr(run, "DATA", tmp_path)
    (tmp_path / "stamps").mkdir()
    (tmp_path / "stamps" / "demo").write_text("old")
    run.application_steps()
    assert not (tmp_path / "stamps").exists()


def test_deadlines_are_computed_again_when_the_calendar_is_newer_and_only_then(monkeypatch, tmp_path, capsys):
    asked = []

    def command(words, _failure, **_):
        asked.append(words[1:])
        return "GW2026-00001: moved\nopen deadlines are computed; 1 moved\n"

    monkeypatch.delenv("GANGWEI_DATABASE_URL", raising=False)
    monkeypatch.setattr(run, "command", command)
    monkeypatch.setattr(run, "DATA", tmp_path)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    (tmp_path / "gangwei.db").touch()
    locked = tmp_path / "requirements" / "run.txt"
    locked.parent.mkdir()
    (tmp_path / "engine" / "calendar").mkdir(parents=True)

    def start(packages):
        asked.clear()
        locked.write_text(packages)
        run_steps([step for step in run.application_steps() if "calendar" in step.name[1]])
        return asked.count(["calendar", "recount"])

    assert [start("days==1"), start("days==1"), start("days==2"), start("days==2")] == [1, 0, 1, 0]
    said = capsys.readouterr().out
    assert "unchanged" in said and "1 moved" in said and "GW2026" not in said


def test_every_input_that_a_step_names_is_there(monkeypatch, tmp_path):
    monkeypatch.delenv("GANGWEI_DATABASE_URL", raising=False)
    monkeypatch.setattr(run, "DATA", tmp_path)
    assert [path for step in run.application_steps() for path in step.inputs if not path.exists()] == []
