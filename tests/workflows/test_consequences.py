"""What follows from a yearly result: the table and the form against what was worked out by hand before them."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.dmn.decisions import load_decisions
from engine.feel import Environment, compile_expression
from tests.workflows.world import WORKFLOWS

HAND = tomllib.loads((WORKFLOWS.parent / "tests" / "data" / "consequences_by_hand.toml").read_text("utf-8"))
NAME = "evaluation_consequences"
FILE = WORKFLOWS / "_tables" / NAME / "2017-12-27.dmn"
TABLE = load_decisions(FILE.name, FILE.read_bytes())[NAME]
FORM = json.loads((WORKFLOWS / "consequences" / "forms" / "instruct.form.json").read_text("utf-8"))
NOW = Environment(now=datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


def answered(grade, year_before, months):
    return TABLE.evaluate({"grade": grade, "year_before": year_before, "months": months}, NOW)


@pytest.mark.parametrize("row", HAND["row"], ids=lambda row: row["rule"])
def test_each_row_answers_as_it_was_written_down_by_hand(row):
    found = answered(*row["asked"])
    assert found.rules == (f"{NAME}_{row['rule']}",)
    assert [found.value[name] for name in ("bonus_percent", "step_rise", "follow")] == row["answer"]


def test_every_row_of_the_table_was_written_down_by_hand():
    assert {f"{NAME}_{row['rule']}" for row in HAND["row"]} == set(
        re.findall(r'<rule id="(\w+)"', FILE.read_text("utf-8"))
    )


@pytest.mark.parametrize("case", HAND["bonus"], ids=lambda case: f"{case['grade']}-{case['months']}")
def test_a_bonus_is_what_was_worked_out_by_hand(case):
    due = compile_expression(FORM["gangwei"]["derive"]["due"])
    verdict = answered(case["grade"], "other", case["months"]).value
    known = {"wage": Decimal(case["wage"]), "months": case["months"], "verdict": verdict}
    assert due.evaluate(known, NOW) == Decimal(case["due"])
