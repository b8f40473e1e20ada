"""The ranking of a big tender, by its script alone: thirty-one bids before a committee of seven."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from engine.definition import assemble, definitions_in
from engine.feel import Environment, compile_expression
from engine.publishing.folder import FolderFiles
from tests.workflows.world import WORKFLOWS

BIDS, EXPERTS = 31, 7
LOWEST = 100_000


def test_a_committee_of_seven_ranks_thirty_one_bids_within_the_steps_of_an_expression():
    tendering = assemble("tendering", definitions_in(FolderFiles(WORKFLOWS))["tendering"], 0)
    script = tendering.process.elements["rank_bids"].script
    assert script is not None
    now = Environment(datetime(2026, 3, 2, 1, 0, tzinfo=UTC), tendering.functions(lambda _: None))
    ranked = compile_expression(script.text).evaluate(_tender(), now)["ranking"]
    assert [one["bid"] for one in ranked] == [f"B{at:02}" for at in reversed(range(BIDS))]
    best, worst = ranked[0], ranked[-1]
    # Bid 30: 30 for its service, 3 for its team, the mean of 3 to 9 for its record; every price is the lowest: 10 of 10.
    assert (best["quality"], best["price_points"], best["points"]) == (39, 10, 49)
    assert (worst["quality"], worst["points"]) == (9, 19)


def _tender():
    """Every price the lowest one; bid n has n points from each expert for its service, expert k gives it k for its record."""
    names = [f"B{at:02}" for at in range(BIDS)]
    rows = [
        [
            {
                "bid": name,
                "service_points": Decimal(at),
                "team_points": Decimal(3),
                "record_points": Decimal(3 + expert),
            }
            for at, name in enumerate(names)
        ]
        for expert in range(EXPERTS)
    ]
    bids = [{"bid": one, "bidder": f"C{one}", "bidder_name": one, "price": Decimal(LOWEST)} for one in names]
    lowest, plan = Decimal(LOWEST), {"price_weight": Decimal(10)}
    return {"bids": bids, "sheets": [{"rows": one} for one in rows], "lowest": lowest, "plan": plan}
