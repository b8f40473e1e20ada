"""What follows from a yearly result: the table and the form against what was worked out by hand before them."""

from __future__ import annotations

import io
import json
import re
import tomllib
from datetime import UTC, datetime
from decimal import Decimal

import docx
import pytest
from lxml import etree

from engine.dmn.decisions import load_decisions
from engine.documents.templates import fill
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


@pytest.mark.parametrize(
    ("due", "told"),
    [("0", "本次应发0.00元（零元整）。没有应发的奖金，不需要发放。"), ("2640", "本次应发2,640.00元（贰仟陆佰肆拾元整）。请一次性足额发放给本人")],
)  # fmt: skip
def test_the_instruction_asks_for_a_payment_where_something_is_due_and_only_there(due, told):
    tasks = etree.parse(WORKFLOWS / "consequences" / "process.bpmn").iter("{*}scriptTask")
    (script,) = (one.findtext("{*}script") for one in tasks if one.get("id") == "settle_instruction")
    known = {
        "case": {"number": "JGYY2026-00001", "organisation": {"name": "长安区总工会"}}, "worker": {"contractor_name": "甲机构"},
        "evaluation": {"worker_name": "社工甲"}, "subject": "SG00001", "grade_word": "不合格", "said": "按规定办理。",
        "wage_base": Decimal(2640), "months_counted": 12, "year": 2026, "due": Decimal(due), "paid_now": 0,
        "verdict": {"bonus_percent": 100, "step_rise": 0},
    }  # fmt: skip
    paper = (WORKFLOWS / "consequences" / "documents" / "instruction.docx").read_bytes()
    values = compile_expression(script or "").evaluate(known, NOW)["paper"]
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(fill(paper, values, NOW.now))).paragraphs)
    assert told in text and ("请一次性足额发放" in text) == (due != "0")
