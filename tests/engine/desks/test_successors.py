"""Who leaves has a successor, or it is said that nobody follows: no task waits for nobody in silence."""

from __future__ import annotations

from typing import Any

import pytest

from engine.desks.successors import LeavesNobody, Successor
from engine.errors import BadInput, NotAllowed
from engine.words import worded
from tests.applications import filled_application
from tests.house import ROOT, House, build_house

PLACE = "130102"


@pytest.fixture
def house(tmp_path: Any, server: Any) -> Any:
    made = build_house(tmp_path, server=server)
    yield made
    made.application.database.close()


def waiting_at_the_city(house: House) -> str:
    return house.start("changan", "post_approval", PLACE, filled_application()).case_id


def alone(house: House, login: str) -> None:
    """Leave this person as the only one in his roles."""
    for held in house.actor(login).memberships:
        for other in ("shijiazhuang.leader", "shijiazhuang2"):
            try:
                person = house.actor(other)
            except AssertionError:
                continue
            if person.has(held.role, held.organisation.code):
                house.application.accounts.revoke(None, person.user_id, held.role, held.organisation.code)


def test_the_only_reviewer_does_not_leave_unnoticed(house: House) -> None:
    case, people = waiting_at_the_city(house), house.application.accounts
    alone(house, "shijiazhuang")
    reviewer = house.actor("shijiazhuang").user_id
    role = next(one for one in house.actor("shijiazhuang").memberships if one.role == "city_reviewer")
    for act in (
        lambda: people.lock(None, reviewer),
        lambda: people.revoke(None, reviewer, role.role, role.organisation.code),
    ):
        with pytest.raises(LeavesNobody) as refused:
            act()
        assert [worded(step, "zh") for _, step, _ in refused.value.tasks] == ["市总工会初审"]
    assert house.actor("shijiazhuang").has("city_reviewer")  # nothing has happened
    people.lock(None, reviewer, Successor("tangshan"))
    assert house.actor("tangshan").has("city_reviewer", role.organisation.code)
    house.complete("tangshan", case, "pass", opinion="同意")
    assert house.proof(case) == []


def test_who_says_so_leaves_tasks_with_nobody_and_they_are_listed(house: House) -> None:
    case, cases = waiting_at_the_city(house), house.application.cases
    alone(house, "shijiazhuang")
    reviewer = house.actor("shijiazhuang").user_id
    assert cases.stranding.page(house.actor("operator")).total == 0
    house.application.accounts.lock(None, reviewer, Successor(nobody=True))
    for login, sees_title in (("operator", False), ("province", True), ("changan", True)):
        page = cases.stranding.page(house.actor(login))
        assert [str(row.case_id) for row in page.rows] == [case] and bool(page.rows[0].title) == sees_title
    assert cases.stranding.page(house.actor("tangshan")).total == 0  # another part of the tree
    with pytest.raises(NotAllowed):
        cases.stranding.page(house.actor("auditor"))
    house.application.accounts.unlock(None, reviewer)
    assert cases.stranding.page(house.actor("operator")).total == 0


def test_a_successor_must_be_able_to_take_over(house: House) -> None:
    waiting_at_the_city(house)
    alone(house, "shijiazhuang")
    people, reviewer = house.application.accounts, house.actor("shijiazhuang").user_id
    for login, refusal in (("nobody.here", BadInput), ("auditor", NotAllowed)):
        with pytest.raises(refusal):
            people.lock(None, reviewer, Successor(login))
    assert house.actor("shijiazhuang").has("city_reviewer")


def test_who_is_one_of_several_leaves_without_a_question(house: House) -> None:
    waiting_at_the_city(house)
    people, second = house.application.accounts, house.actor("tangshan").user_id
    people.grant(None, second, "city_reviewer", "130100")
    people.revoke(None, second, "city_reviewer", "130100")
    people.grant(None, second, "city_reviewer", "130100")
    people.lock(None, house.actor("shijiazhuang").user_id)


def test_what_a_person_has_started_and_must_do_himself_goes_to_his_successor(house: House) -> None:
    before, after = house.actor("changan.worker1"), house.actor("changan")
    case = house.start("changan", "post_approval", PLACE, filled_application()).case_id
    handing, database = house.application.cases.handing_over, house.application.database
    with database.read() as connection:
        assert handing.waiting_for(connection, before.user_id) == []
    house.application.accounts.lock(None, after.user_id, Successor("zhengding"))
    line = house.application.cases.reading.case(house.actor("province"), case).history[-1]
    assert (line.event, line.facts["predecessor"], line.facts["successor"]) == (
        "case_handed_over", after.name, house.actor("zhengding").name,
    )  # fmt: skip
    assert house.application.cases.inbox.page(house.actor("zhengding"), "mine", _filters()).rows
    assert house.proof(case) == []


def test_who_leaves_only_people_who_must_stand_aside_is_asked_too(tmp_path: Any, server: Any) -> None:
    house = build_house(tmp_path, ROOT / "tests" / "data" / "recusal", server=server)
    case = house.start("changan", "stand_aside", PLACE, {}).case_id
    house.complete("shijiazhuang", case, "recuse")
    people, last = house.application.accounts, house.actor("shijiazhuang2").user_id
    page = house.application.cases.stranding.page
    with pytest.raises(LeavesNobody) as refused:
        people.lock(None, last)
    assert len(refused.value.tasks) == 1 and page(house.actor("operator")).aside == ()
    people.lock(None, last, Successor(nobody=True))
    found = page(house.actor("province"))
    assert found.total == 0 and [str(row.case_id) for row in found.aside] == [case]
    assert page(house.actor("tangshan")).aside == ()
    people.grant(None, house.actor("tangshan").user_id, "city_reviewer", "130100")
    assert page(house.actor("operator")).aside == ()
    house.complete("tangshan", case, "done")
    assert house.proof(case) == []
    house.application.database.close()


def _filters() -> Any:
    from engine.views import InboxFilters

    return InboxFilters()
