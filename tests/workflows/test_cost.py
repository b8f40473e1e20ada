"""What a service costs: the scenario asks for every figure that was worked out by hand before there was a process."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal

from tests.workflows.world import WORKFLOWS

SCENARIO = WORKFLOWS / "cost_filing" / "scenarios" / "county_files_with_city.toml"
BY_HAND = WORKFLOWS.parent / "tests" / "data" / "cost_by_hand.toml"


def test_the_figures_that_the_scenario_asks_for_are_those_worked_out_by_hand():
    hand = tomllib.loads(BY_HAND.read_text("utf-8"))
    years = (cost for costs in hand["each_year"].values() for cost in costs)
    worked_out = {*hand["amounts"], *hand["fees"], hand["total"], hand["total_above"], *years}
    asked = {Decimal(text) for text in re.findall(r"\d+\.\d\d", SCENARIO.read_text("utf-8"))}
    assert len(worked_out) == 14
    assert {Decimal(text) for text in worked_out} <= asked
    assert sum(map(Decimal, hand["amounts"])) == Decimal(hand["total"])
