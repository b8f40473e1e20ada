"""People, deadlines, standing aside and forms of parallel instances, each by what its own instance sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine import semantics
from engine.cases.acting.fills import RECUSALS
from engine.cases.recusal import reaches
from engine.errors import NotAllowed
from storage import cases as rows
from storage import deadlines, events, fills, recusals
from tests.house import ROOT, House, build_house

FOLDER = ROOT / "tests" / "data" / "instances"
OFFICER, PLACE = "changan", "130102"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def earlier(house: House) -> str:
    """The number of a case in which ``shijiazhuang`` has acted."""
    begun = house.start(OFFICER, "earlier", PLACE, {})
    house.complete("shijiazhuang", begun.case_id, "done")
    return begun.number


def person(name: str, level: str, days: int, number: str, place: str = PLACE) -> dict[str, Any]:
    return {"name": name, "level": level, "days": days, "place": place, "earlier": number}


def tasks(house: House, case_id: str) -> list[Any]:
    with house.application.database.read() as connection:
        return [one for one in rows.tasks_of(connection, int(case_id)) if one["status"] == "open"]


def visits(house: House) -> str:
    people = [
        person("甲", "city", 1, earlier(house)),
        person("乙", "city", 2, "none"),
        person("丙", "county", 3, "none", "130100"),
    ]
    return house.start(OFFICER, "visits", PLACE, {"people": people}).case_id


def test_each_instance_has_its_own_people_and_its_own_deadline(house: House) -> None:
    case_id = visits(house)
    found = tasks(house, case_id)
    assert [one["candidate"] for one in found] == ["city_reviewer@130100"] * 2 + ["county_officer@130102"]
    with house.application.database.read() as connection:
        assert [row["days"] for row in deadlines.of_case(connection, int(case_id))] == [1, 2, 3]
    assert house.proof(case_id) == []


def test_who_took_part_in_one_instances_case_stands_aside_there_alone(house: House) -> None:
    case_id = visits(house)
    first, second, _ = (f"{case_id}-{one['number']}" for one in tasks(house, case_id))
    cases, reviewer, colleague = house.application.cases, house.actor("shijiazhuang"), house.actor("shijiazhuang2")
    shown = {one.id: (one.mine, one.aside) for one in cases.reading.case(reviewer, case_id).tasks}
    assert (shown[first], shown[second]) == ((False, True), (True, False))
    assert [bool(cases.reading.task(reviewer, one).may) for one in (first, second)] == [False, True]
    with pytest.raises(NotAllowed):
        cases.acting.complete(reviewer, first, {"found": "x"}, "done")
    cases.acting.complete(colleague, first, {"found": "x"}, "done")
    cases.acting.complete(reviewer, second, {"found": "x"}, "done")
    assert house.proof(case_id) == []


def test_a_form_shows_what_its_instance_sees(house: House) -> None:
    case_id = visits(house)
    cases, city = house.application.cases, house.actor("shijiazhuang2")
    (_, second, third) = (f"{case_id}-{one['number']}" for one in tasks(house, case_id))
    form = cases.reading.task(city, second).form
    assert form is not None and form.values["who"] == "乙"
    other = cases.reading.task(house.actor(OFFICER), third).form
    assert other is not None and (other.values["who"], other.values["where"]) == ("丙", other.data["unit"]["name"])
    assert other.data["unit"]["code"] == "130100"
    checked = cases.reading.check(city, second, {"found": "x"})
    assert checked.data["who"] == "乙"
    cases.acting.complete(city, second, {"found": "x"}, "done")
    with house.application.database.read() as connection:
        assert events.of_case(connection, int(case_id))[-1]["data"]["submission"]["who"] == "乙"


def test_the_first_page_names_of_a_case_that_waits_for_others_only_the_others(house: House) -> None:
    case_id = visits(house)
    own = house.application.cases.overviews.of(house.actor(OFFICER)).own
    assert own is not None and [(one.id, [task.mine for task in one.waiting]) for one in own.longest] == [
        (case_id, [False, False])
    ]


def test_lateness_is_told_upwards_where_the_instance_says_so(house: House) -> None:
    case_id = visits(house)
    house.at(12, 20)
    with house.application.database.read() as connection:
        late = [one["data"] for one in events.of_case(connection, int(case_id)) if one["name"] == "deadline_passed"]
    city = {house.actor(login).user_id for login in ("shijiazhuang", "shijiazhuang2")}
    assert [city <= set(one["told"]) for one in sorted(late, key=lambda one: one["task"])] == [True, True, True]
    officer = house.actor(OFFICER).user_id
    assert [officer in one["told"] for one in sorted(late, key=lambda one: one["task"])] == [False, False, True]


def test_a_case_of_before_is_rebuilt_with_the_people_that_it_got(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantics, "CURRENT", semantics.UNNAMED)
    case_id = visits(house)
    monkeypatch.undo()
    assert [one["candidate"] for one in tasks(house, case_id)] == ["city_reviewer@130100"] * 3
    with house.application.database.write() as connection:  # who stands aside, a program of before did not keep
        fills.begin(connection, RECUSALS, house.clock.now())
    assert house.proof(case_id) == []
    house.application.worker.run_due()
    with house.application.database.read() as connection:
        assert fills.after(connection, RECUSALS) is None
        aside = {(row["number"], row["user_id"]) for row in recusals.of_case(connection, int(case_id))}
    first = tasks(house, case_id)[0]["number"]
    assert aside == {(first, house.actor(login).user_id) for login in (OFFICER, "shijiazhuang")}
    assert house.proof(case_id) == []


def scored(house: House) -> tuple[str, list[str]]:
    """A case with two panels, in each of which another reviewer has scored; the ids of its open tasks."""
    case_id = house.start(OFFICER, "panels", PLACE, {}).case_id
    for login, one in zip(("shijiazhuang", "shijiazhuang2"), tasks(house, case_id), strict=True):
        house.application.cases.acting.complete(house.actor(login), f"{case_id}-{one['number']}", {}, "done")
    return case_id, [f"{case_id}-{one['number']}" for one in tasks(house, case_id)]


def test_who_acted_in_one_instance_may_act_in_another_one(house: House) -> None:
    case_id, (first, second) = scored(house)
    cases, reviewer, colleague = house.application.cases, house.actor("shijiazhuang"), house.actor("shijiazhuang2")
    shown = {one.id: (one.mine, one.aside) for one in cases.reading.case(reviewer, case_id).tasks}
    assert (shown[first], shown[second]) == ((False, True), (True, False))
    for actor, own in ((reviewer, first), (colleague, second)):
        with pytest.raises(NotAllowed):
            cases.acting.complete(actor, own, {}, "done")
    (opened,) = cases.acting.complete(colleague, first, {}, "done").opened
    assert opened.aside and not opened.mine  # who has checked does not confirm there
    (opened,) = cases.acting.complete(reviewer, second, {}, "done").opened
    assert opened.aside and not opened.mine
    for actor, one in zip((reviewer, colleague), tasks(house, case_id), strict=True):
        cases.acting.complete(actor, f"{case_id}-{one['number']}", {}, "done")
    (final,) = tasks(house, case_id)  # outside of the instances, whoever scored in any of them stands aside
    assert final["candidate"] == "province_approver@130000"
    assert house.proof(case_id) == []


def test_before_all_instances_counted_as_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantics, "CURRENT", 2)
    case_id, found = scored(house)
    assert [one["candidate"] for one in tasks(house, case_id)][1] == "province_approver@130000"
    monkeypatch.undo()
    assert house.proof(case_id) == []
    assert [one["instances"] for one in tasks(house, case_id)] == [None, None]
    may = [bool(house.application.cases.reading.task(house.actor("province"), one).may) for one in found]
    assert may == [False, True]


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [
        (None, None, True),
        (None, "panel:3", True),
        ("panel:3", None, True),
        ("panel:3", "panel:3", True),
        ("panel:3", "panel:4", False),
        ("panel:3", "talk:4", True),
        ("panel:3/talk:5", "panel:3", True),
        ("panel:3/talk:5", "panel:3/talk:6", False),
        ("panel:3/talk:5", "panel:4/talk:6", False),
        ("panel:3", "panel:4/talk:6", False),
        ("panel:3/talk:5", "panel:3/vote:6", True),
    ],
)
def test_what_was_done_in_one_place_counts_in_the_other(one: str | None, other: str | None, counts: bool) -> None:
    assert reaches(one, other) is counts
    assert reaches(other, one) is counts
