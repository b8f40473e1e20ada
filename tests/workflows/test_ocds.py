"""What our public pages say in JSON fits the release package of the Open Contracting Data Standard 1.1.

The fields are written down here from the field list of the standard, as far as our pages use it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest
from lxml import etree

from tests.workflows.world import WORKFLOWS

GW = {"gw": "urn:gangwei:bpmn:1"}
TEXT, MOMENT, NUMBER = "text", "moment", "number"
VALUE = {"amount": NUMBER, "currency": {"CNY"}}
PERIOD = {"startDate": MOMENT, "endDate": MOMENT}
PARTY = {"id": TEXT, "name": TEXT}
RELEASE = {
    "ocid": TEXT, "id": TEXT, "date": MOMENT, "language": {"zh"}, "initiationType": {"tender"}, "buyer": PARTY,
    "tag": {"planning", "tender", "tenderUpdate", "tenderCancellation", "award", "contract", "contractTermination"},
    "tender": {
        "id": TEXT, "title": TEXT, "description": TEXT, "value": VALUE, "tenderPeriod": PERIOD,
        "awardCriteriaDetails": TEXT,
        "status": {"planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"},
        "procurementMethod": {"open", "selective", "limited", "direct"},
    },
    "awards": [{
        "id": TEXT, "title": TEXT, "status": {"pending", "active", "cancelled", "unsuccessful"}, "date": MOMENT,
        "value": VALUE, "suppliers": [PARTY],
    }],
    "contracts": [{
        "id": TEXT, "awardID": TEXT, "title": TEXT, "period": PERIOD, "value": VALUE, "dateSigned": MOMENT,
        "status": {"pending", "active", "cancelled", "terminated"},
    }],
}  # fmt: skip
PACKAGE = {"uri": TEXT, "version": {"1.1"}, "publishedDate": MOMENT, "publisher": {"name": TEXT}, "releases": [RELEASE]}
NEEDED = {"uri", "version", "publishedDate", "publisher/name"} | {
    f"releases/0/{name}" for name in ("ocid", "id", "date", "tag", "initiationType", "language")
}
WITH_AN_ID = (("releases/0/tender", "id"), ("releases/0/awards/0", "id"), ("releases/0/contracts/0", "awardID"))


def pages():
    """Every public page of ours that is laid out as a release package, by its diagram and id."""
    for path in sorted(WORKFLOWS.glob("*/*.bpmn")):
        for page in etree.parse(path).iterfind(".//gw:public", GW):
            shown = [one for one in page.iter(f"{{{GW['gw']}}}show") if one.get("json")]
            if any(one.get("json", "").startswith("releases/") for one in shown):
                yield pytest.param(page, shown, id=f"{path.parent.name}-{page.get('id')}")


def at(path):
    """What the standard says of a place."""
    found: Any = PACKAGE
    for part in path.split("/"):
        found = found[0] if isinstance(found, list) and part.isdigit() else found[part]
    return found


each_page = pytest.mark.parametrize(("page", "shown"), list(pages()))


def test_tender_result_and_contract_are_pages_of_the_standard():
    assert len(list(pages())) >= 3


@each_page
def test_every_place_is_a_field_of_the_standard_that_holds_such_a_value(page, shown):
    for one in shown:
        kind, value = at(one.get("json")), one.get("value")
        if isinstance(kind, set):  # a code: every text that the value may be is in the list
            said = re.findall(
                r'"(\w[\w.]*)"', (value.partition(" then ")[1] and value[value.index(" then ") :]) or value
            )
            assert said and set(said) <= kind, one.get("json")
        elif kind == MOMENT:
            assert "now()" in value or "T" in value or one.get("kind") == "moment", one.get("json")
        elif kind == NUMBER:
            assert one.get("kind") in {"money", "number"}, one.get("json")
        else:
            assert kind == TEXT, one.get("json")


@each_page
def test_what_the_standard_needs_is_there(page, shown):
    places = {one.get("json") for one in shown} | {page.get("address")}
    assert places >= NEEDED
    for above, name in WITH_AN_ID:
        if any(place.startswith(f"{above}/") for place in places):
            assert f"{above}/{name}" in places
    inside = defaultdict(set)
    for place in places:
        inside[place.rpartition("/")[0]].add(place.rpartition("/")[2])
    assert all({"amount", "currency"} <= names for above, names in inside.items() if above.endswith("/value"))
