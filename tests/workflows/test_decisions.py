"""The decision tables of posts against the articles that they put into numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition import assemble, definitions_in
from engine.feel import Environment
from engine.publishing.folder import FolderFiles
from tests.workflows.world import WORKFLOWS

FOLDERS = definitions_in(FolderFiles(WORKFLOWS))
DECISIONS = {
    name: decision
    for key in ("post_approval", "evaluation_appeal")
    for name, decision in assemble(key, FOLDERS[key], 0).decisions.items()
}
NOW = Environment(now=datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


def decide(name, **inputs):
    return DECISIONS[name].evaluate(inputs, NOW)


def quota(kind, **more):
    answer = decide("post_quota", kind=kind, **({"purpose": "general", "organisation_kind": "county"} | more)).value
    return answer["min"], answer["max"]


@pytest.mark.parametrize("kind", ["township", "zone"])
@pytest.mark.parametrize(
    ("workers", "most"),
    [(None, 1), (0, 1), (1999, 1), (2000, 1), (2999, 1), (3000, 1), (5999, 1), (6000, 2), (9000, 3), (15001, 5)],
)
def test_a_township_or_zone_has_one_post_and_from_two_thousand_workers_one_per_whole_three_thousand(
    kind, workers, most
):
    assert quota(kind, workers=workers) == (1, most)


@pytest.mark.parametrize("owner", ["county", "city", "direct_city"])
def test_a_union_office_has_two_to_three_posts_for_collective_bargaining(owner):
    assert quota("office", purpose="collective_bargaining", organisation_kind=owner) == (2, 3)


def test_other_posts_at_an_office_have_no_limit_while_the_establishment_is_short():
    assert quota("office", staff_short=1) == (0, None)


@pytest.mark.parametrize("short", [0, None])
def test_other_posts_at_a_fully_staffed_office_are_beyond_the_quota(short):
    assert quota("office", staff_short=short) == (0, 0)


@pytest.mark.parametrize("owner", ["county", "direct_city"])
@pytest.mark.parametrize(("level", "range_"), [("standard", (1, 2)), ("model", (2, 3)), (None, (0, 0))])
def test_a_county_service_centre_has_posts_by_its_level(owner, level, range_):
    assert quota("service_centre", centre_level=level, organisation_kind=owner) == range_


def test_a_city_service_centre_has_one_to_two_posts():
    assert quota("service_centre", organisation_kind="city") == (1, 2)


@given(
    kind=st.sampled_from(["office", "township", "zone", "service_centre"]),
    purpose=st.sampled_from(["collective_bargaining", "general"]),
    workers=st.none() | st.integers(0, 10**7),
    level=st.sampled_from([None, "standard", "model"]),
    owner=st.sampled_from(["county", "city", "direct_city"]),
    short=st.none() | st.integers(-100, 100),
)
def test_every_place_has_a_quota_with_an_explanation(kind, purpose, workers, level, owner, short):
    found = decide(
        "post_quota",
        kind=kind,
        purpose=purpose,
        workers=workers,
        centre_level=level,
        organisation_kind=owner,
        staff_short=short,
    )
    assert len(found.rules) == 1
    assert found.value["explanation"]
    assert found.value["max"] is None or 0 <= found.value["min"] <= found.value["max"]


@pytest.mark.parametrize(
    ("kind", "first"), [("county", "city_review"), ("city", "province_decision"), ("direct_city", "province_decision")]
)
def test_only_counties_go_through_a_city(kind, first):
    assert decide("approval_route", organisation_kind=kind).value["first_step"] == first


def test_a_city_opens_posts_at_its_own_office_and_centre_only():
    assert decide("approval_route", organisation_kind="city").value["place_kinds"] == ["city", "service_centre"]


@pytest.mark.parametrize(
    ("step", "days"), [("city_review", 10), ("province_decision", 15), ("correct_application", 10), ("another", 10)]
)
def test_each_step_has_its_working_days(step, days):
    day = datetime(2026, 3, 2, tzinfo=UTC).date()
    assert decide("service_level", step=step, on=day).value["working_days"] == days


@pytest.mark.parametrize(("kind", "level"), [("county", "city"), ("city", "province"), ("direct_city", "province")])
def test_an_appeal_goes_to_the_union_above_the_one_that_evaluated(kind, level):
    assert decide("appeal_route", organisation_kind=kind).value["level"] == level


@pytest.mark.parametrize(
    ("step", "days"), [("answer_appeal", 10), ("supply_material", 3), ("evaluate_again", 10), ("sign_paper", 5)]
)
def test_an_appeal_is_answered_within_ten_working_days(step, days):
    day = datetime(2026, 3, 2, tzinfo=UTC).date()
    assert decide("service_level", step=step, on=day).value["working_days"] == days
    assert decide("appeal_filing", on=day).value["working_days"] == 10


@pytest.mark.parametrize("year", [2018, 2026, 2040])
def test_the_preset_shares_of_the_grades_make_a_whole(year):
    shares = [
        decide("grade_ratio", year=year, grade=grade).value["share"]
        for grade in ("primary", "third", "second", "first")
    ]
    assert sum(shares) == 100
