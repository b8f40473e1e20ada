"""A step runs when something changed, tells what it does, and fails in plain words."""

import sys

import pytest

from scripts import steps
from scripts.steps import Step, StepFailed, command, fingerprint, report, run_steps

FAILURE = (("出错了", "It broke"), ("再试", "Try again"))


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    monkeypatch.setattr(steps, "LOG", tmp_path / "var" / "setup.log")
    return tmp_path / "var" / "setup.log"


def counted(tmp_path, **more):
    done = []
    source = tmp_path / "in"
    source.mkdir(exist_ok=True)
    (source / "a.txt").write_text("1")
    step = Step(("甲", "A"), lambda: done.append(1), tmp_path / "out" / "stamp", (source,), **more)
    return step, done, source


def test_a_step_is_skipped_when_its_inputs_are_unchanged(tmp_path):
    step, done, _ = counted(tmp_path)
    said: list[str] = []
    run_steps([step], said.append)
    run_steps([step], said.append)
    assert len(done) == 1
    assert "unchanged" in said[-1] and "没有变化" in said[-1]


@pytest.mark.parametrize("change", ["content", "new file", "name", "stamp gone"])
def test_a_step_runs_again_after_a_change(tmp_path, change):
    step, done, source = counted(tmp_path)
    run_steps([step], lambda _: None)
    if change == "content":
        (source / "a.txt").write_text("2")
    if change == "new file":
        (source / "b.txt").write_text("1")
    if change == "name":
        (source / "a.txt").rename(source / "c.txt")
    if change == "stamp gone":
        (tmp_path / "out" / "stamp").unlink()
    run_steps([step], lambda _: None)
    assert len(done) == 2


def test_a_stamp_counts_for_nothing_when_the_result_is_gone(tmp_path):
    result = tmp_path / "result"
    result.touch()
    step, done, _ = counted(tmp_path, needs=(result,))
    run_steps([step], lambda _: None)
    result.unlink()
    run_steps([step], lambda _: None)
    assert len(done) == 2


def test_a_step_that_fails_leaves_no_stamp(tmp_path):
    def fail():
        raise StepFailed(*FAILURE)

    step = Step(("甲", "A"), fail, tmp_path / "stamp")
    with pytest.raises(StepFailed):
        run_steps([step], lambda _: None)
    assert not (tmp_path / "stamp").exists()


def test_caches_and_installed_packages_do_not_change_the_fingerprint(tmp_path):
    (tmp_path / "a").write_text("1")
    before = fingerprint([tmp_path])
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "x.js").write_text("1")
    (tmp_path / ".hidden").write_text("1")
    assert fingerprint([tmp_path]) == before


def test_a_program_that_fails_is_told_with_its_last_lines_in_both_languages(log):
    with pytest.raises(StepFailed) as caught:
        command([sys.executable, "-c", "print('the cause'); raise SystemExit(3)"], FAILURE)
    text = caught.value.text()
    assert all(word in text for word in ("出错了", "It broke", "the cause", "再试", "Try again", "var/setup.log"))
    assert "the cause" in log.read_text()


def test_a_program_that_is_missing_is_a_plain_failure_too(log):
    with pytest.raises(StepFailed, match="It broke"):
        command([log / "no-such-program"], FAILURE)


def test_what_a_program_prints_is_returned(log):
    assert command([sys.executable, "-c", "print('hello')"], FAILURE) == "hello\n"


@pytest.mark.parametrize("error", [StepFailed(*FAILURE), OSError("disk full"), KeyboardInterrupt()])
def test_a_failure_ends_with_a_code_and_without_a_traceback(error, capsys):
    def work():
        raise error

    assert report(work) != 0
    said = capsys.readouterr().err
    assert "Traceback" not in said and said.strip()


def test_a_path_that_is_gone_is_no_empty_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        fingerprint([tmp_path / "moved_elsewhere"])
