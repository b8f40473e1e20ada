"""Effective tables: resolved by name and day, recorded with their version, never pinned; what nobody fits is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.checks.around import Surroundings
from engine.definition import check, definitions_in
from engine.dmn.effective import Promised, decide
from engine.errors import DefinitionInvalid, InvalidForm, NoTableInForce, OperationFailed, Problem
from engine.feel import Environment
from engine.publishing.folder import FolderFiles
from engine.words import worded
from storage import events, jobs
from tests.house import ROOT, House, build_house

FOLDER = ROOT / "tests" / "data" / "effective"
OLD, NEW = "_tables/allowance/2026-01-01.dmn", "_tables/allowance/2026-12-01_2027-11-30.dmn"
TEXTS = {name: data.decode() for name, data in FolderFiles(FOLDER).items()}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def _begin(house: House, step: int = 1) -> str:
    return house.start("changan", "grant", "130102", {"step": step}).case_id


def _decisions(house: House, case_id: str) -> list[list[Any]]:
    with house.application.database.read() as connection:
        log = events.of_case(connection, int(case_id))
    return [one for event in log for one in [*event["data"].get("consulted", []), *event["data"].get("decisions", [])]]


def test_a_case_that_spans_a_change_asks_the_version_of_each_day_and_says_which(house: House) -> None:
    case_id = _begin(house)
    house.at(12, 2)
    house.complete("changan", case_id, "done", day="2026-06-01")
    told = [(one[3], one[4]["since"], one[4]["on"], one[4]["version"]) for one in _decisions(house, case_id)]
    day = house.clock.now().astimezone(LEGAL_ZONE).date().isoformat()
    assert [(str(value), since) for value, since, _, _ in told] == [
        ("100.1", "2026-01-01"), ("100.1", "2026-01-01"), ("100.1", "2026-01-01"), ("110.1", "2026-12-01"),
        ("100.1", "2026-01-01"),
    ]  # fmt: skip
    assert [on for _, _, on, _ in told][2:] == ["2026-06-01", day, "2026-06-01"]
    assert house.proof(case_id) == []
    lines = house.application.cases.reading.case(house.actor("changan"), case_id).history
    assert [(use.name[0], use.rows, use.version) for use in lines[1].tables] == [("津贴标准", (1,), 1)] * 2


def test_a_newer_publication_changes_no_case_that_has_asked_before_and_the_old_one_proves_it(house: House) -> None:
    before = _begin(house)
    house.publish(TEXTS | {OLD: TEXTS[OLD].replace("100.10", "105.00")})
    after = _begin(house)
    assert [str(one[3]) for one in _decisions(house, before)] == ["100.1"] * 2
    assert [(str(one[3]), one[4]["version"]) for one in _decisions(house, after)] == [("105", 2)] * 2
    house.application.catalog.tables._made.clear()  # as after a restart
    house.application.catalog._definitions.clear()
    assert house.proof(before) == house.proof(after) == []


def test_a_day_without_a_version_is_refused_and_named(house: House) -> None:
    case_id = _begin(house)
    for year in (2025, 2027):
        with pytest.raises(NoTableInForce, match=f"allowance.*{year}-12-31"):
            house.complete("changan", case_id, "done", day=f"{year}-12-31")
    with house.application.database.read() as connection:  # only who publishes can help
        assert {one["code"] for one in jobs.incident_list().every(connection)} == {"NoTableInForce"}
    house.clock.at = datetime(2027, 12, 1, 9, tzinfo=LEGAL_ZONE)
    with pytest.raises(InvalidForm) as refused:
        _begin(house)
    assert "2027" in str(worded(refused.value.errors["shown"], "en"))


def test_no_day_is_not_today(house: House) -> None:
    house.publish(TEXTS | {"grant/process.bpmn": TEXTS["grant/process.bpmn"].replace("date(again.day)", "again.none")})
    case_id = _begin(house)
    with pytest.raises(OperationFailed, match="empty"):
        house.complete("changan", case_id, "done", day="2026-06-01")


def test_who_leaves_the_day_out_asks_for_the_legal_day_of_his_step() -> None:
    asked = []
    environment = Environment(
        datetime(2026, 11, 30, 23, 30, tzinfo=LEGAL_ZONE), ask=lambda name, said: asked.append((name, dict(said)))
    )
    assert decide(Promised(["allowance"]), "allowance", {"step": 1}, environment).value is None
    assert decide(Promised(["allowance"]), "allowance", {"step": 1, "on": None}, environment).value is None
    assert [said["on"] for _, said in asked] == ["2026-11-30", ""]


def _refused(house: House, files: dict[str, str]) -> str:
    with pytest.raises(DefinitionInvalid) as refused:
        house.publish(files)
    return "\n".join(problem.text("en") for problem in refused.value.problems)


def test_a_version_to_come_that_callers_do_not_fit_is_refused_also_for_cases_of_an_older_definition(
    house: House,
) -> None:
    _begin(house)
    asked = TEXTS[NEW].replace("step", "level")
    tables = {name: text for name, text in TEXTS.items() if name.startswith("_tables")}
    assert "grant version 1" in _refused(house, tables | {NEW: asked})
    fitting = TEXTS["grant/process.bpmn"].replace("allowance(step: begin.step", "allowance(step: begin.step, level: 1")
    fitting = fitting.replace(
        '<gw:parameter name="step"', '<gw:parameter name="level" value="=1"/><gw:parameter name="step"'
    )
    form = TEXTS["grant/forms/begin.form.json"].replace("allowance(step: step)", "allowance(step: step, level: 1)")
    fit = {"grant/process.bpmn": fitting, "grant/forms/begin.form.json": form}
    assert "grant version 1" in _refused(house, TEXTS | {NEW: asked} | fit)  # it is of a running case
    house.clock.at = datetime(2027, 12, 1, 9, tzinfo=LEGAL_ZONE)
    house.publish(tables | {NEW: asked})  # a version that is over needs nobody to fit it


def test_answers_keep_their_entries(house: House) -> None:
    two = '<output id="out_2" name="why" label="理由" typeRef="string"/><rule'
    cell = '<outputEntry id="z"><text>"x"</text></outputEntry></rule>'
    both = TEXTS[NEW].replace("<rule", two, 1).replace("</rule>", cell)
    tables = {name: text for name, text in TEXTS.items() if name.startswith("_tables")}
    assert "2026-01-01.dmn" in _refused(house, tables | {NEW: both})
    all_two = {name: text.replace("<rule", two, 1).replace("</rule>", cell) for name, text in tables.items()}
    assert "grant version 1" in _refused(house, all_two)


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("2026-12-15.dmn", TEXTS[OLD], "overlap"),
        ("2026-01-01_2026-06-30.dmn", TEXTS[OLD], "overlap"),
        ("2028-02-30.dmn", TEXTS[OLD], "does not say"),
        ("2029-02-01_2029-01-01.dmn", TEXTS[OLD], "before"),
        ("2029-02-01.dmn", TEXTS[OLD].replace('id="allowance"', 'id="other"'), "no decision"),
        ("2029-02-01.dmn", TEXTS[OLD].replace(">step<", ">on<"), "“on”"),
        ("2029-02-01.dmn", TEXTS[OLD].replace("100.10", "other(a: 1)"), "other"),
        ("2029-02-01.dmn", "<definitions", "XML"),
    ],
)
def test_what_makes_no_table_is_named(file: str, text: str, told: str) -> None:
    errors = [problem.text("en") for problem in _checked({file: text}) if problem.severity == "error"]
    assert errors
    assert all(told in one for one in errors), errors


def _checked(more: dict[str, str]) -> tuple[Problem, ...]:
    own = {name.rpartition("/")[2]: text for name, text in TEXTS.items() if name.startswith("_tables/")}
    files = {name: text.encode() for name, text in (own | more).items()}
    return check("_tables/allowance", files, Surroundings((), (), {}))


def test_days_without_a_version_between_two_are_told() -> None:
    assert [(one.severity, "2027" in one.text("en")) for one in _checked({"2028-01-01.dmn": TEXTS[OLD]})] == [
        ("warning", True)
    ]


def test_a_decision_of_a_process_is_not_called_like_a_table() -> None:
    files = {name.removeprefix("grant/"): text.encode() for name, text in TEXTS.items() if name.startswith("grant/")}
    around = Surroundings((), (), {}, tables={"allowance": ("step",)})
    found = check("grant", files | {"own.dmn": TEXTS[OLD].encode()}, around)
    assert any("same name" in problem.text("en") for problem in found)


def test_a_table_lies_in_a_folder_of_its_own() -> None:
    with pytest.raises(DefinitionInvalid, match="_tables"):
        definitions_in({"_tables/allowance.dmn": TEXTS[OLD]})
