"""What handing over makes of the row of a case: the same for who writes and for who proves it. Pure."""

from __future__ import annotations

from engine import spiff
from engine.cases.handover_types import HandedOver
from storage.rows import CaseRow


def handed_over(case: CaseRow, said: HandedOver) -> CaseRow:
    """The row of a case after the event, but for its place in the tree; the same for who proves it."""
    fresh: CaseRow = {**case}
    told: dict[str, object] = {}
    if "organisation" in said:
        told["organisation"] = said["organisation"]
        fresh["organisation_code"] = said["organisation"]["code"]
        fresh["organisation_name"] = said["organisation"]["name"]
    if "starter" in said:
        new = said["starter"]
        told["started_by"] = new["name"]
        told["starter"] = {
            "login": new["login"],
            "name": new["name"],
            "role": case["starter_candidate"].partition("@")[0],
        }
        fresh["starter_id"], fresh["starter_name"] = new["id"], new["name"]
    if told:
        fresh["state"] = spiff.retold(case["state"], told)
    return fresh
