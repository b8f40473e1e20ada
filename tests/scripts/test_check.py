"""`make test`: what is missing is named, and one failing check hides no other."""

import sys
from pathlib import Path

import pytest

from scripts import check
from scripts.steps import StepFailed


def python(code):
    return [sys.executable, "-c", code]


def test_a_machine_without_chromium_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr("scripts.check.shutil.which", lambda name: None)
    monkeypatch.setattr("scripts.check.os.geteuid", lambda: 1000)
    with pytest.raises(StepFailed) as caught:
        check.require_chromium()
    assert "apt-get install -y chromium fonts-noto-cjk" in caught.value.text()


def test_root_on_debian_installs_it(monkeypatch):
    ran = []
    monkeypatch.setattr("scripts.check.shutil.which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr("scripts.check.os.geteuid", lambda: 0)
    monkeypatch.setattr(check, "command", lambda words, failure, **more: ran.append(words))
    check.require_chromium()
    assert ran[-1] == ["apt-get", "install", "-y", "chromium", "fonts-noto-cjk"]


def test_all_checks_run_and_every_failed_one_is_named(capfd):
    checks = {"a": python("raise SystemExit(1)"), "b": python("print('b ran')"), "c": python("raise SystemExit(2)")}
    with pytest.raises(StepFailed, match="Failed: a, c"):
        check.run_checks(checks)
    assert "b ran" in capfd.readouterr().out


def test_passing_checks_pass():
    check.run_checks({"a": python("pass")})


@pytest.mark.parametrize(("free", "in_memory"), [(check.ROOM, True), (check.ROOM - 1, False), (0, False)])
def test_temporary_files_are_kept_in_memory_where_there_is_room(tmp_path, monkeypatch, free, in_memory):
    memory, disk = tmp_path / "memory", tmp_path / "disk"
    memory.mkdir()
    disk.mkdir()
    monkeypatch.setattr(check, "MEMORY", memory)
    monkeypatch.setattr("tempfile.tempdir", str(disk))
    monkeypatch.setattr(check, "free_memory", lambda: free)
    with check.temporary_folder() as environment:
        assert Path(environment["TMPDIR"]).parent == (memory if in_memory else disk)
    assert not [*memory.iterdir(), *disk.iterdir()]


def test_what_one_check_has_compiled_the_next_finds_although_nothing_is_written_beside_the_sources(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "once.py").write_text("x = 1")
    imports = [sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv[1]); import once", str(tmp_path)]
    with check.temporary_folder() as environment:
        assert check.failing({"it": imports}, environment) == []
        made = list(Path(environment["PYTHONPYCACHEPREFIX"]).rglob("once.*.pyc"))
    assert len(made) == 1 and not (tmp_path / "__pycache__").exists()
