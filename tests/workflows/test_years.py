"""Twenty people through five years keep every promise, and each promise would see its fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest

from tests.workflows.years.promises import Promises, Replaced, Staff
from tests.workflows.years.walk import Years, walked

SEED, PEOPLE, FIVE = 1, 20, 5
GROUNDS = {"unqualified", "retraining_failed", "breach", "left", "adjustment"}


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Years]:
    """One walk for the whole file."""
    made = walked(tmp_path_factory.mktemp("years"), SEED, PEOPLE, FIVE)
    yield made
    made.close()


@pytest.mark.slow
def test_twenty_people_through_five_years_keep_every_promise(walk: Years) -> None:
    assert walk.promises.broken == []
    assert walk.proved() == []
    staff = walk.staff()
    assert {one.ground for one in staff.replacements.values() if one.end == "replaced"} >= GROUNDS
    assert {one.get("appeal_state") for one in staff.evaluations.values()} >= {"upheld", "changed"}
    assert {one["evaluation_year"] for one in staff.evaluations.values()} == set(range(2026, 2026 + FIVE))
    assert {one["state"] for one in staff.contracts.values()} == {"ended", "active"}
    assert max(one.get("allowance_step") or 1 for one in staff.workers.values()) == 3


def on_one_post(staff: Staff) -> str:
    """Two hold one post."""
    one, other = [number for number, row in staff.workers.items() if row.get("post")][:2]
    staff.workers[other]["post"] = staff.workers[one]["post"]
    return "has 2 holders"


def without_contract(staff: Staff) -> str:
    """A contract has ended, and its people stay."""
    for row in staff.contracts.values():
        row["state"] = "ended"
    return "without a contract"


def beyond_three(staff: Staff) -> str:
    """A fourth step."""
    next(iter(staff.workers.values()))["allowance_step"] = 4
    return "is on step 4"


def fallen(staff: Staff) -> str:
    """A step falls without an appeal."""
    number = next(number for number, row in staff.workers.items() if row.get("allowance_step") == 3)
    staff.workers[number]["allowance_step"] = 2
    for row in staff.evaluations.values():
        row["appeal_state"] = None
    return f"{number} fell from step 3 to 2"


def too_many(staff: Staff) -> str:
    """More than three in ten are excellent, and no reason is written."""
    next(iter(staff.rounds.values())).update(excellent=9, evaluated=20, over_reason=None)
    return "9 of 20 without a reason"


def wrong_bonus(staff: Staff) -> str:
    """A bonus is a cent more than base, percent and months make."""
    row = next(row for row in staff.evaluations.values() if row.get("bonus"))
    row["bonus"] += 0.01
    return "bonus of"


def unpaid(staff: Staff) -> str:
    """A bonus is not paid in full."""
    row = next(row for row in staff.evaluations.values() if row.get("bonus"))
    row["bonus_paid"] = 0
    return "0 paid of"


def paid_twice(staff: Staff) -> str:
    """A bonus is paid twice."""
    row = next(row for row in staff.evaluations.values() if row.get("bonus"))
    row["bonus_paid"] = row["bonus"] * 2
    return "paid of"


def groundless(staff: Staff) -> str:
    """Somebody was replaced, and nothing says why."""
    staff.replacements["planted"] = Replaced("replaced", "SG00001", None)
    return "has the ground None"


def replaced_twice(staff: Staff) -> str:
    """Two replacements of one person run."""
    staff.replacements.update({name: Replaced("running", "SG00001", "left") for name in ("one", "two")})
    return "SG00001 has 2 replacements at once"


def while_appealing(staff: Staff) -> str:
    """Somebody is replaced for a result against which his appeal is open."""
    row = next(iter(staff.evaluations.values()))
    row["appeal_state"] = "open"
    staff.replacements["planted"] = Replaced("replaced", row["worker"], "unqualified")
    return "while an appeal is open"


FAULTS = (
    *(on_one_post, without_contract, beyond_three, fallen, too_many, wrong_bonus, unpaid, paid_twice, groundless),
    *(replaced_twice, while_appealing),
)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.__name__)
def test_each_promise_sees_its_fault(walk: Years, fault: Callable[[Staff], str]) -> None:
    sound = walk.staff()
    promises = Promises(before=sound)
    promises.ask(sound)
    promises.at_the_end(sound)
    assert promises.broken == []
    planted = deepcopy(sound)
    said = fault(planted)
    promises.ask(planted)
    promises.at_the_end(planted)
    assert any(said in one for one in promises.broken), promises.broken
