"""A month's pay, and what of it is late or short: the process's own script and tables against what was worked out by hand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from lxml import etree

from engine.dmn.decisions import Decision, load_decisions
from engine.feel import Date, Environment, FeelFunction, compile_expression
from tests.workflows.world import WORKFLOWS

HAND = tomllib.loads((WORKFLOWS.parent / "tests" / "data" / "payroll_by_hand.toml").read_text("utf-8"))
NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
FOLDER = WORKFLOWS / "payroll_report"
FILES = {path.parent.name: path for path in WORKFLOWS.glob("_tables/*/*.dmn")} | {"pay_check": FOLDER / "pay_check.dmn"}
SCRIPT = etree.parse(FOLDER / "process.bpmn").findtext(".//{*}scriptTask[@id='work_out']/{*}script") or ""
WRITTEN = {"pay_check": HAND["check"], "wage_area": HAND["area"], "pay_dates": HAND["day"]}


def table(name: str) -> Decision:
    return load_decisions(FILES[name].name, FILES[name].read_bytes())[name]


def answer(name: str, inputs: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
    found = table(name).evaluate({key: value for key, value in inputs.items() if key != "on"}, Environment(now=NOW))
    return found.value, found.rules


@pytest.mark.parametrize("row", HAND["check"], ids=lambda row: row["rule"])
def test_each_row_finds_what_is_late_or_short_as_it_was_written_down(row):
    kind, on_leave, missing, days_late = row["asked"]
    asked = {"kind": kind, "on_leave": on_leave, "missing": Decimal(missing), "days_late": days_late}
    value, rules = answer("pay_check", asked)
    assert rules == (f"pay_check_{row['rule']}",)
    assert [value["finding"], value["fault"]] == row["answer"]


@pytest.mark.parametrize("row", HAND["area"], ids=lambda row: row["rule"])
def test_each_union_has_the_class_of_its_minimum_wage(row):
    asked = dict(zip(("kind", "buyer"), row["asked"], strict=True))
    assert answer("wage_area", asked) == (row["answer"], (f"wage_area_{row['rule']}",))


@pytest.mark.parametrize("row", HAND["day"], ids=lambda row: row["rule"])
def test_pay_and_insurance_have_their_last_day(row):
    assert answer("pay_dates", {"kind": row["asked"]}) == (row["answer"], (f"pay_dates_{row['rule']}",))


@pytest.mark.parametrize("name", WRITTEN)
def test_every_row_of_the_tables_was_written_down_by_hand(name):
    rules = re.findall(r'<rule id="(\w+)"', FILES[name].read_text("utf-8"))
    assert {f"{name}_{row['rule']}" for row in WRITTEN[name]} == set(rules)


def asking(case: Mapping[str, Any]) -> dict[str, FeelFunction | Callable[..., Any]]:
    """The tables as functions; the minimum wage rises on the day that the case says."""

    def ask(name: str, _: Environment, given: Mapping[str, Any]) -> Any:
        if name == "minimum_wage" and given["on"].day >= case.get("rises_on", 32):
            return Decimal(case["rises_to"])
        return answer(name, given)[0]

    return {name: FeelFunction(name, (), partial(ask, name), named=True) for name in FILES}


@pytest.mark.parametrize("case", HAND["month"], ids=lambda case: case["name"])
def test_a_month_comes_to_what_was_worked_out_by_hand(case):
    year, month = map(int, case["month"].split("-"))
    first, after = Date.make(year, month, 1), Date.make(year, month + 1, 1)
    assert first is not None and after is not None
    post = {"number": "P1", "grade": case["grade"], "grade_since": case.get("grade_since"), "contract": "K1"}
    served = {
        "post": "P1",
        "grade": case["grade"],
        "served_from": case.get("from", "2025-01-01"),
        "served_to": case.get("to"),
    }
    worker = {
        "number": "W1", "worker_name": "甲", "post": None if "to" in case else "P1", "contract": "K1", "career": [served],
        "worker_state": "serving", "allowance_step": case["step"],
    }  # fmt: skip
    known = {
        "case": {"organisation": {"kind": case["kind"], "name": case["buyer"]}},
        "contract": {"number": "K1", "begins_on": "2025-01-01", "ends_on": "2027-12-31", "ended_on": None},
        "first_day": first,
        "last_day": Date.from_days(after.days - 1),
        "workers_now": [worker, {**worker, "number": "W2", "contract": "K2", "post": None}],
        "workers_then": [worker],
        "posts_then": [post],
        "posts_before": [post | {"grade": case.get("grade_before", case["grade"])}],
        "bonuses": [],
    }
    (row,) = compile_expression(SCRIPT).evaluate(known, Environment(now=NOW, functions=asking(case)))["rows"]
    assert (row["worker"], row["days"]) == ("W1", case["days"])
    assert (row["wage_due"], row["allowance_due"]) == (Decimal(case["wage"]), Decimal(case["allowance"]))
    assert row["insurance_due"] == Decimal(case["insurance"])
    assert row["due"] == Decimal(case["wage"]) + Decimal(case["allowance"])
