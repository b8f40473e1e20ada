"""A definition is tried in a process of its own first; one that is too much for it is refused by its folder's name."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.definition import assemble, check, definitions_in
from engine.errors import DefinitionInvalid, Problem
from engine.files import apart, children
from engine.files.apart import Limits
from engine.publishing import quarantine
from engine.publishing.catalog import problems_in, surroundings
from engine.publishing.folder import FolderFiles
from engine.publishing.quarantine import QuarantineFailed, first_run, inspect
from engine.runtime import run
from tests.directory import OURS, SHIPPED
from tests.house import build_house

ROOT = Path(__file__).resolve().parents[3]
FOREIGN = ROOT / "tests" / "data" / "foreign"
APPROVAL = ROOT / "tests" / "benchmarks" / "workflows"
GOOD = definitions_in(FolderFiles(FOREIGN))["room_booking"]
PLANTED = """
import os, signal, sys, time
sys.path.insert(0, sys.argv[1])
from engine.publishing import quarantine
honest = quarantine.check
def check(key, files, around):
    if key.startswith("bad"):
        {act}
    return honest(key, files, around)
quarantine.check = check
quarantine.main()
"""
unix = pytest.mark.skipif(sys.platform != "linux", reason="other systems know other limits of a process")


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "_known", {})


def problems(definitions: Mapping[str, Mapping[str, bytes]], limits: Limits = quarantine.LIMITS) -> list[Problem]:
    found = inspect(definitions, surroundings(OURS), limits)
    assert list(found) == list(definitions)
    return [problem for finding in found.values() for problem in finding.problems]


def told(problem: Problem) -> tuple[str, str, str]:
    return problem.severity, problem.text("zh"), problem.text("en")


def test_the_other_process_finds_what_the_checks_find_and_the_name(tmp_path: Path) -> None:
    assert problems_in(FolderFiles(FOREIGN), beside=SHIPPED) == ()
    assert inspect({"room_booking": GOOD}, surroundings(OURS))["room_booking"].name[0] == "会议室借用"
    broken = {"process.bpmn": GOOD["process.bpmn"].replace(b"</bpmn:process>", b""), **dict(list(GOOD.items())[1:])}
    wrong = {"broken": broken, "empty": {}, "_registers": {"book.schema.json": b"{}"}, "a b": GOOD}
    alone = [problem for key, files in wrong.items() for problem in check(key, files, surroundings(OURS))]
    assert list(map(told, problems(wrong))) == list(map(told, alone))
    assert {str(problem.file).split("/")[0] for problem in alone} == set(wrong)


@unix
@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("while True: pass", "more than 0 seconds"),
        ("x = [0] * 10**9", "more than 512 MB"),
        ("open('written', 'wb', buffering=0).write(b'x')", "ended unexpectedly"),
    ],
)
def test_what_passes_a_limit_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, act: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)  # where one of them tries to write
    monkeypatch.setattr(apart, "START", PLANTED.format(act=act))
    (problem,) = problems({"bad": GOOD}, replace(quarantine.LIMITS, seconds=0 if "seconds" in said else 20))
    assert problem.file == "bad" and said in problem.text("en") and problem.severity == "error"
    assert problem.text("zh") and problem.text("zh") and problem.text("en")


@pytest.mark.parametrize(
    "act",
    [
        "raise KeyError",
        "raise SystemExit",
        "os.abort()",
        "print('[1, 2')",
        "print('[]')",
        """print('{"name": 1, "problems": []}')""",
        """print('{"name": ["a", "b"], "problems": [{"x": 1}]}')""",
        "os.write(1, b'\\xff')",
    ],
)
def test_a_process_that_dies_or_writes_nonsense_refuses_what_it_was_busy_with(
    monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    monkeypatch.setattr(apart, "START", f"import os\nprint('ready', flush=True)\n{act}")
    (problem,) = problems({"bad": GOOD})
    assert (
        problem.file == "bad" and "ended unexpectedly" in problem.text("en") and "Traceback" not in problem.text("en")
    )


def test_beside_one_that_kills_the_process_the_others_are_still_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "START", PLANTED.format(act="os.abort()"))
    found = problems({"first": GOOD, "bad": GOOD, "broken": {}})
    assert [problem.file for problem in found] == ["bad", "broken/process.bpmn"]


def test_what_waits_forever_is_stopped_where_no_limit_of_the_system_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "START", "print('ready', flush=True)\nimport time\ntime.sleep(600)")
    assert [problem.file for problem in problems({"bad": GOOD}, replace(quarantine.LIMITS, patience=1))] == ["bad"]


def test_a_process_that_never_starts_is_no_fault_of_the_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    for start in ("import no_such_module", "", "print('hello')"):
        monkeypatch.setattr(apart, "START", start)
        with pytest.raises(QuarantineFailed):
            problems({"room_booking": GOOD})
    monkeypatch.setattr(sys, "executable", str(ROOT / "no_such_python"))
    with pytest.raises(QuarantineFailed):
        problems({"room_booking": GOOD})


def test_a_definition_that_ends_the_process_publishes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = build_house(tmp_path / "house", FOREIGN)
    monkeypatch.setattr(apart, "START", "print('ready', flush=True)")
    with pytest.raises(DefinitionInvalid) as refused:
        house.application.catalog.publish(FolderFiles(APPROVAL), house.clock.now())
    assert refused.value.problems[0].file == "approval"
    designer = house.actor("designer")
    assert [one.key for one in house.application.definitions.current(designer)] == ["room_booking"]
    house.application.database.close()


def test_the_other_process_has_no_settings_no_database_no_network_code_and_no_open_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GANGWEI_SECRET_KEY_FILE", "a secret")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "json.py").write_text("raise SystemExit('this is not ours')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    tell = (
        "said = [n for n in os.environ if 'GANGWEI' in n or 'PYTHON' in n]"
        " + [m for m in ('storage.database', 'sqlalchemy', 'flask', 'web') if m in sys.modules]"
        " + [n for n in os.listdir('/proc/self/fd') if int(n) > 3]; os._exit(100 + len(said))"
    )
    monkeypatch.setattr(apart, "START", PLANTED.format(act=tell if sys.platform == "linux" else "os._exit(100)"))
    with (tmp_path / "held").open("wb") as held:
        os.set_inheritable(held.fileno(), True)
        assert "(100)" in problems({"bad": GOOD})[0].text("en")


def test_what_was_found_is_remembered_but_not_what_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    work = children.work

    def counted(*words: Any) -> Any:
        calls.append(words)
        return work(*words)

    monkeypatch.setattr(children, "work", counted)
    for _ in range(2):
        assert problems({"room_booking": GOOD}) == []
    assert len(calls) == 1
    assert problems({"another": GOOD}) == [] and len(calls) == 2
    monkeypatch.setattr(apart, "START", "print('ready', flush=True)")
    for number in (3, 4):
        assert [problem.file for problem in problems({"stopped": GOOD})] == ["stopped"]
        assert len(calls) == number


def test_a_first_run_that_reaches_nobody_is_worth_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = assemble("room_booking", GOOD, 0)
    assert first_run(definition) == ()
    monkeypatch.setattr(run, "MAX_STEPS", 0)
    (found,) = first_run(definition)
    assert (found.file, found.place) == ("room_booking/process.bpmn", definition.process.id)
    assert "reached no person" in found.text("en") and found.text("zh") and found.severity == "warning"
