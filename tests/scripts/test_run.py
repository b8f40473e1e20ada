"""`make run`: what is refused before anything is done."""

import socket

import pytest

from scripts import run
from scripts.steps import StepFailed


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
