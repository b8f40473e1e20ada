"""The tables of the yearly evaluation against the figures that were worked out by hand before there was a process."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime

import pytest

from engine.definition import assemble, definitions_in
from engine.dmn.decisions import decision_functions
from engine.feel import Environment
from engine.publishing.folder import FolderFiles
from tests.workflows.world import WORKFLOWS

HAND = tomllib.loads((WORKFLOWS.parent / "tests" / "data" / "evaluation_by_hand.toml").read_text("utf-8"))
FOLDERS = definitions_in(FolderFiles(WORKFLOWS))
DECISIONS = {
    name: decision
    for key in ("annual_evaluation", "daily_evaluation")
    for name, decision in assemble(key, FOLDERS[key], 0).decisions.items()
}
NOW = Environment(now=datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
GRADES = ("basic", "qualified", "excellent")


@pytest.mark.parametrize("figures", HAND["quotas"], ids=lambda one: f"{one['excellent']} of {one['evaluated']}")
def test_the_best_grade_is_for_thirty_per_cent_of_all_and_for_more_with_a_reason(figures):
    found = DECISIONS["evaluation_quota"].evaluate(
        {"evaluated": figures["evaluated"], "excellent": figures["excellent"]}, NOW
    )
    asked = {name: found.value[name] for name in ("limit", "needs_reason", "possible")}
    assert asked == {name: figures[name] for name in asked}


@pytest.mark.parametrize("given", HAND["limits"], ids=lambda one: "+".join(one["facts"]) or "nothing")
def test_what_happened_in_the_year_says_how_high_a_worker_may_be_graded(given):
    nothing = {"unreported": 0, "undone": 0, "satisfaction": None, "serious": 0, "unfit": 0}
    found = DECISIONS["evaluation_limits"].evaluate(nothing | given["facts"], NOW)
    assert list(found.rules) == ["evaluation_limits_" + row for row in given["rows"]]
    assert min((row["ceiling"] for row in found.value), key=GRADES.index, default="excellent") == given["ceiling"]


@pytest.mark.parametrize("given", HAND["services"], ids=lambda one: str(one.get("months", "unknown")))
def test_less_than_six_months_of_service_have_no_result(given):
    found = DECISIONS["evaluation_service"].evaluate({"months": given.get("months")}, NOW).value
    assert (found["evaluated"], found["months_counted"]) == (given["evaluated"], given["months_counted"])


def test_a_quarter_is_named_by_its_last_month():
    named = [
        DECISIONS["evaluation_quarter"].evaluate({"month": month}, NOW).value["quarter"] for month in (2, 5, 8, 11)
    ]
    assert named == [1, 2, 3, 4]


def test_every_row_of_the_limits_is_asked_for_by_hand():
    asked = {row for one in HAND["limits"] for row in one["rows"]}
    assert len(asked) == 6


@pytest.mark.parametrize("given", HAND["limits"], ids=lambda one: "+".join(one["facts"]) or "nothing")
def test_records_of_the_year_bar_one_worker_from_grades_and_are_named(given):
    facts, day = (
        {"unreported": 0, "undone": 0, "satisfaction": None, "serious": 0, "unfit": 0} | given["facts"],
        "2025-06-02",
    )
    kinds = {"unreported": "collective_petition", "serious": "serious_fault", "unfit": "unfit"}
    incidents = [
        {"number": f"{fact}{one}", "incident_kind": kind, "happened_on": day, "reported_in_time": False}
        for fact, kind in kinds.items()
        for one in range(facts[fact])
    ]
    earlier = [one | {"number": "earlier", "happened_on": "2024-11-30"} for one in incidents]
    tasks = [{"number": f"undone{one}", "fulfilled": False} for one in range(facts["undone"])]
    rate = facts["satisfaction"]
    reviews = [] if rate is None else [{"valid_ballots": 1000, "satisfied_ballots": int(rate * 10)}]
    period = {"begins": date(2024, 12, 1), "ends": date(2025, 11, 30)}
    known = {"period": period, "incidents": incidents + earlier, "key_tasks": tasks, "reviews": reviews}
    asking = Environment(now=NOW.now, functions=decision_functions(DECISIONS, lambda _: None))
    found = DECISIONS["grade_limit"].evaluate(known, asking).value
    assert found["ceiling"] == given["ceiling"]
    assert found["barred"] == list(reversed(GRADES[GRADES.index(given["ceiling"]) + 1 :]))
    assert found["text"].count("第二十七条") == len(given["rows"])
    assert "earlier" not in found["text"]
